#!/bin/bash
# make bench: the table of docs/performance.md, measured here and now as a plain user. Built by make before.
# It reports and never fails: a target that is missed is a line that says "no". Best on a quiet machine.
set -u

TOP=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=$(realpath "${BUILD:-$TOP/build}")
# shellcheck source=tests/lib.sh
. "$TOP/tests/lib.sh"
pick_user || exit 0

# A place of the user's own with everything in it: the checkout may lie where a plain user cannot look. Not below /tmp, which
# is private inside: a home or a program there needs a mapping point made and taken away with every run.
USER_HOME=$(getent passwd "$TURF_TEST_USER" | cut -d: -f6)
STAGE=$(as_user mktemp -d "$USER_HOME/turf-bench.XXXXXX") || exit 0
trap 'rm -rf "$STAGE"' EXIT
as_user mkdir "$STAGE/bin" "$STAGE/work"
for program in turf bench/raw bench/probe bench/table; do
	install -m 755 "$BUILD/bin/$program" "$STAGE/bin/" || exit 0
done

version=$("$STAGE/bin/turf" --version 2>/dev/null | sed -n '1s/^turf version //p')
commit=$(git -C "$TOP" rev-parse --short HEAD 2>/dev/null)
echo "machine  $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, Linux $(uname -r)"
echo "date     $(date -u +%Y-%m-%dT%H:%MZ), load $(cut -d' ' -f1-3 /proc/loadavg), turf $version${commit:+ ($commit)}"
echo "command  make bench (as $TURF_TEST_USER)"
echo
cd / || exit 0
as_user env -i HOME="$USER_HOME" TURF_WORKDIR="$STAGE/work" PATH=/usr/bin:/bin LC_ALL=C.UTF-8 \
	"$STAGE/bin/table" "$STAGE/bin/turf" "$STAGE/bin" "$(command -v bwrap)" ||
	echo "bench: not complete"
exit 0
