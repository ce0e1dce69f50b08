#!/bin/bash
# libturf.so exports exactly the hooked rows of preload/hooks/hooks.def.
. "$(dirname "$0")/lib.sh"

so=$BUILD/libturf.so
[ -e "$so" ] || { complain "$so is not built"; finish; }
diff=$(diff <(preload/hooks/table.sh --exports | sort -u) \
	<(nm -D --defined-only "$so" | awk '{ sub(/@.*/, "", $3); print $3 }' | sort -u))
while read -r side name; do
	case $side in
	'<') complain "hooks.def: $name is a row, but not exported" ;;
	'>') complain "$so: exports $name, which is no row of hooks.def" ;;
	esac
done <<<"$diff"
finish
