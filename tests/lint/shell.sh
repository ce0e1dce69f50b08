#!/bin/bash
# Every script and bats file, by shellcheck.
. "$(dirname "$0")/lib.sh"

mapfile -t scripts < <({ find tests preload conf docs launcher -name '*.sh'; echo .ci/run; } | sort)
mapfile -t bats < <(find tests -name '*.bats' -o -name '*.bash' | sort)
# SC1091: sourced files are checked by themselves. SC2154, SC2034: set or used by the file that sources.
out=$(shellcheck -f gcc -e SC1091,SC2154,SC2034 "${scripts[@]}" 2>&1)
[ -z "$out" ] || complain "$out"
# SC2030, SC2031: every bats test is a subshell. SC2016: programs for other interpreters stand in single quotes.
[ ${#bats[@]} = 0 ] || out=$(shellcheck -f gcc -s bash -e SC1091,SC2154,SC2034,SC2030,SC2031,SC2016,SC2317 "${bats[@]}" 2>&1)
[ -z "$out" ] || complain "$out"
finish
