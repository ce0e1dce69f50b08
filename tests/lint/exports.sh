#!/bin/bash
# libturf.so exports exactly the hooked rows of preload/hooks/hooks.def, and no path-like function of the two C
# libraries is without a row or a line in tests/lint/libc.txt.
. "$(dirname "$0")/lib.sh"

so=$BUILD/libturf.so
[ -e "$so" ] || { complain "$so is not built"; finish; }
out=$(preload/hooks/table.sh --check "$so" 2>&1) || complain "$out"

mapfile -t libcs < <(ls /lib/x86_64-linux-gnu/libc.so.6 /usr/lib/x86_64-linux-musl/libc.so 2>/dev/null)
[ ${#libcs[@]} -gt 0 ] || complain "no libc found to compare hooks.def with"

is_pathless() {
	local pattern reason

	while read -r pattern reason; do
		# shellcheck disable=SC2254 # it is meant as a pattern
		case $1 in $pattern) [ -n "$reason" ] && return 0 ;; esac
	done < <(grep -v '^#' tests/lint/libc.txt)
	return 1
}
private=$(nm -D --defined-only "${libcs[@]}" | sed -nE 's/.* ([^ @]+)@+GLIBC_PRIVATE$/\1/p')
while read -r symbol; do
	is_pathless "$symbol" || complain "hooks.def: no row for $symbol (nor a line in tests/lint/libc.txt)"
done < <(preload/hooks/table.sh --libc "${libcs[@]}" | grep -vxF -f <(printf '%s\n' "$private"))
finish
