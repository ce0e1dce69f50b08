#!/bin/bash
# Every listed skip has a reason.
. "$(dirname "$0")/lib.sh"

while IFS=: read -r line text; do
	read -r name reason <<<"$text"
	[ -n "$reason" ] || complain "tests/skips.txt:$line: $name without a reason"
done < <(grep -nvE '^(#|$)' tests/skips.txt)
finish
