#!/bin/bash
# Replays the corpus of every fuzz target (BUILD/bin/replay-TARGET). A target is one test: it fails when it
# crashes, breaks a claim, or has no input.
set -u
TOP=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$TOP/build}
passed=0 failed=0
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT

for source in "$TOP"/tests/fuzz/fuzz_*.c; do
	target=${source##*/fuzz_}
	target=${target%.c}
	if "$BUILD/bin/replay-$target" "$TOP/tests/fuzz/corpus/$target" >"$out" 2>&1; then
		echo "ok $target: $(tail -n 1 "$out") inputs"
		passed=$((passed + 1))
	else
		echo "not ok $target"
		tail -n 20 "$out" | sed 's/^/  /'
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
