#!/bin/bash
# Runs every lint of this directory (or those named) and counts. One file is one rule; see each one's head.
set -u
cd "$(dirname "$0")/../.." || exit 2
passed=0
failed=0
skipped=0
if [ $# = 0 ]; then
	for file in tests/lint/*.sh; do
		name=$(basename "$file" .sh)
		[ "$name" = run ] || [ "$name" = lib ] || set -- "$@" "$name"
	done
fi
for name in "$@"; do
	start=$SECONDS
	out=$(bash "tests/lint/$name.sh" 2>&1)
	case $? in
	0)
		passed=$((passed + 1))
		[ -z "$out" ] || printf '%s\n' "$out"
		echo "ok lint $name ($((SECONDS - start)) s)"
		;;
	77)
		skipped=$((skipped + 1))
		echo "skip: lint-$name: ${out##*$'\n'}"
		;;
	*)
		failed=$((failed + 1))
		printf '%s\n' "$out" | head -n 60
		echo "FAILED lint $name"
		;;
	esac
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
