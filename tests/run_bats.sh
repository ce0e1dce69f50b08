#!/bin/bash
# Runs the bats files of the directories (or the files) named, and prints the closing line that tests/check.sh reads.
set -u
# What the make that runs us tells its own children is nothing to the makes inside.
unset MAKEFLAGS MFLAGS MAKELEVEL
TOP=$(cd "$(dirname "$0")/.." && pwd)
export TOP
BUILD=$(realpath "${BUILD:-$TOP/build}")
export BUILD
export TURF=${TURF:-$BUILD/bin/turf} TURF_COMPILE=${TURF_COMPILE:-$BUILD/bin/turf-compile}
export LIBTURF=${LIBTURF:-$BUILD/libturf.so} CC=${CC:-gcc} LC_ALL=C.UTF-8
# shellcheck source=tests/lib.sh
. "$TOP/tests/lib.sh"
pick_user || exit 1

# The helpers that the tests call, built once.
HELPERS=$(mktemp -d /tmp/turf-bats.XXXXXX) || exit 1
export HELPERS
log=$HELPERS/tap
trap 'rm -rf "$HELPERS"' EXIT
chmod 755 "$HELPERS"
for source in "$TOP/tests/cli/ptydrive.c" "$TOP/tests/escape/refuse.c"; do
	name=${source##*/}
	"$CC" -std=gnu11 -O1 -D_GNU_SOURCE -o "$HELPERS/${name%.c}" "$source" || exit 1
done

bats --tap "$@" </dev/null 2>&1 | tee "$log"
passed=$(grep -cE '^ok [0-9]+ ' "$log")
failed=$(grep -cE '^not ok [0-9]+ ' "$log")
skipped=$(grep -cE '^ok [0-9]+ .*# skip' "$log")
planned=$(sed -n 's/^1\.\.\([0-9]*\)$/\1/p' "$log" | head -n 1)
# A file that ends early leaves planned tests without a result: each is a failure.
[ "$((passed + failed))" -ge "${planned:-1}" ] || failed=$((failed + ${planned:-1} - passed - failed))
sed -nE 's/^ok [0-9]+ (.*) # skip ?(.*)$/skip: \1: \2/p' "$log"
echo "$((passed - skipped)) passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
