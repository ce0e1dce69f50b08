#!/bin/bash
# clang-tidy with the checks of .clang-tidy over the product.
. "$(dirname "$0")/lib.sh"

out=$(c_files | xargs -P "$(nproc)" -n 4 sh -c '
	clang-tidy --quiet --warnings-as-errors="*" "$@" -- -std=gnu11 -D_GNU_SOURCE -DTURF_VERSION="\"\"" \
		-DTURF_PREFIX="\"\"" -I'"$BUILD"'/gen 2>/dev/null' tidy | grep -E 'warning:|error:' | sed "s,^$PWD/,," | sort -u)
[ -z "$out" ] || complain "$out"
finish
