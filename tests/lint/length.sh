#!/bin/bash
# Files of 400 lines, functions of 60 at most: above is said, 500 and 100 is refused (tests: 800).
. "$(dirname "$0")/lib.sh"

for file in $(c_files) $(c_files tests); do
	lines=$(wc -l <"$file")
	most=500
	case $file in tests/*) most=800 ;; esac
	if [ "$lines" -gt $most ]; then
		complain "$file: $lines lines"
	elif [ "$lines" -gt 400 ]; then
		echo "note: $file: $lines lines"
	fi
	# Kernel layout: a function's braces stand alone in column one.
	while IFS=: read -r line length; do
		if [ "$length" -gt 100 ]; then
			complain "$file:$line: a function of $length lines"
		elif [ "$length" -gt 60 ]; then
			echo "note: $file:$line: a function of $length lines"
		fi
	done < <(awk '/^\{/ { start = NR } /^\}/ { if (start) print start ":" NR - start + 1; start = 0 }' "$file")
done
finish
