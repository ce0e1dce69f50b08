#!/bin/bash
# Every source file begins with a comment that says what it is for; every module has its unit test.
# tests/lint/untested.txt lists the modules that are tested otherwise, with where.
. "$(dirname "$0")/lib.sh"

for file in $(c_files) $(h_files) $(c_files tests) $(h_files tests); do
	head -n 1 "$file" | grep -qE '^/\*' || complain "$file: does not begin with a comment"
done
for file in $(c_files preload/core monitor launcher); do
	module=$(basename "$file" .c)
	grep -qE "^${file}[[:blank:]]" tests/lint/untested.txt && continue
	[ -e "tests/unit/test_$module.c" ] || complain "$file: no tests/unit/test_$module.c, and not in tests/lint/untested.txt"
done
while read -r file reason; do
	case $file in '#'* | '') continue ;; esac
	[ -e "$file" ] || complain "tests/lint/untested.txt: $file does not exist"
	[ -n "$reason" ] || complain "tests/lint/untested.txt: $file without a reason"
done <tests/lint/untested.txt
finish
