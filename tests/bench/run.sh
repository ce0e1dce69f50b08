#!/bin/bash
# Builds the benchmark programs and runs them as the plain user (make bench). Figures, never a verdict: see bench.c.
set -eu
TOP=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=$(realpath "${BUILD:-$TOP/build}")
TURF=${TURF:-$BUILD/bin/turf}
CC=${CC:-gcc}
HERE=$TOP/tests/bench
# shellcheck source=tests/lib.sh
. "$TOP/tests/lib.sh"
pick_user

# Both at the same depth; outside of the home and of /tmp, which the sandbox has its own of.
dir=$(mktemp -d /var/turf-bench.XXXXXX 2>/dev/null || mktemp -d "$HOME/turf-bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/bin" "$dir/data" "$dir/work"
flags=(-std=gnu11 -O2 -D_GNU_SOURCE -Wall -Wextra)
"$CC" "${flags[@]}" -o "$dir/bin/bench" "$HERE/bench.c"
"$CC" "${flags[@]}" -o "$dir/bin/calls" "$HERE/calls.c"
"$CC" "${flags[@]}" -static -o "$dir/bin/without" "$HERE/without.c"
"$CC" "${flags[@]}" -static -nostdlib -ffreestanding -fno-stack-protector -fcf-protection=none -o "$dir/bin/stamp" "$HERE/stamp.c"
cp "$TURF" "$dir/bin/turf"
echo data >"$dir/data/file"
ln -s file "$dir/data/link"
chmod -R go+rX "$dir"
[ "$(id -u)" != 0 ] || chown "$TURF_TEST_USER" "$dir/work" "$dir/data"
cd /
as_user env TURF_WORKDIR="$dir/work" "$dir/bin/bench" "$dir/bin/turf" "$dir/bin" "$dir/data"
