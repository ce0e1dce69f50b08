#!/bin/bash
# libturf.so exports exactly the hooked rows of preload/hooks/hooks.def, and no path-like function of the two C
# libraries is without a row.
. "$(dirname "$0")/lib.sh"

so=$BUILD/libturf.so
[ -e "$so" ] || { complain "$so is not built"; finish; }
out=$(preload/hooks/table.sh --check "$so" 2>&1) || complain "$out"

mapfile -t libcs < <(ls /lib/x86_64-linux-gnu/libc.so.6 /usr/lib/x86_64-linux-musl/libc.so 2>/dev/null)
[ ${#libcs[@]} -gt 0 ] || complain "no libc found to compare hooks.def with"
while read -r symbol; do
	complain "hooks.def: no row for $symbol"
done < <(preload/hooks/table.sh --libc "${libcs[@]}")
finish
