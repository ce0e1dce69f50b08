#!/bin/bash
# Runs the test steps named on the command line (all without names) on what BUILD holds, and adds up.
# What a step is: docs/testing.md. It must not build: `make check` has done that.
set -u

TOP=$(cd "$(dirname "$0")/.." && pwd)
BUILD=$(realpath "${BUILD:-$TOP/build}")
# shellcheck source=tests/lib.sh
. "$TOP/tests/lib.sh"
LOG_DIR=$BUILD/log
mkdir -p "$LOG_DIR"
pick_user || exit 1

# A checkout below a closed directory (/root, a mode 0700 mktemp) is not there for the plain user: use a copy.
if ! as_user test -r "$TOP/Makefile" -a -x "$BUILD/bin/turf"; then
	stage=$(mktemp -d /tmp/turf-check.XXXXXX) && chmod 755 "$stage" || exit 1
	trap 'rm -rf "$stage"' EXIT
	tar -C "$TOP" --exclude=.git --exclude='./build*' -cf - . | tar -C "$stage" -xf - || exit 1
	mkdir -p "$stage/build" && cp -a "$BUILD"/bin "$BUILD"/libturf.so "$BUILD"/gen "$stage/build/" || exit 1
	chmod -R go+rX "$stage"
	TOP=$stage BUILD=$stage/build
fi
export TOP BUILD
export TURF=$BUILD/bin/turf TURF_COMPILE=$BUILD/bin/turf-compile LIBTURF=$BUILD/libturf.so CC=${CC:-gcc}
cd "$TOP" || exit 1
# Messages are compared with what the C locale says; nothing of the caller's turf may leak in.
export LC_ALL=C.UTF-8
unset TURF_WORKDIR TURF_DEBUG LD_PRELOAD

# What only root can show: that turf drops what root has.
unit_as_root() {
	if [ "$(id -u)" = 0 ]; then
		step unit-root "$BUILD/bin/unit" caps
	fi
}

run() {
	case $1 in
	unit) step unit as_user "$BUILD/bin/unit" && unit_as_root ;;
	fuzz-replay) step fuzz-replay as_user tests/fuzz/replay.sh ;;
	hooks) step hooks as_user tests/hooks/hooks_test.sh ;;
	cli) step cli tests/run_bats.sh tests/cli ;;
	programs) step programs tests/run_bats.sh tests/programs ;;
	escape) step escape tests/escape/run.sh ;;
	*)
		echo "check: no step $1" >&2
		return 2
		;;
	esac
}

[ $# -gt 0 ] || set -- unit fuzz-replay hooks cli programs escape
for name in "$@"; do
	run "$name" || exit
done
summary
