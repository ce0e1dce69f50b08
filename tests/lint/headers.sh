#!/bin/bash
# A header compiles alone, and its guard is TURF_..._H.
. "$(dirname "$0")/lib.sh"

for file in $(h_files); do
	out=$($CC -std=gnu11 -D_GNU_SOURCE -DTURF_VERSION='""' -DTURF_PREFIX='""' -I"$BUILD/gen" -Wall -Wextra -Wundef -Werror \
		-Wno-unused-function -fsyntax-only -x c "$file" 2>&1 | grep -v 'pragma once in main file') || true
	[ -z "$out" ] || complain "$file: does not compile alone: $(head -n 3 <<<"$out")"
	grep -qE '^#ifndef TURF_[A-Z0-9_]+_H$' "$file" || complain "$file: no guard TURF_..._H"
done
finish
