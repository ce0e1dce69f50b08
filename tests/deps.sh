#!/bin/bash
# What turf needs from Debian, and why. One row a package: name, group, how to see that it is there, purpose.
#   deps.sh --check GROUP...   exit 1 when something is missing (quiet)
#   deps.sh GROUP...           installs what is missing as root or by sudo; else prints the command and exits 1
# Presence is judged by the file or command itself, so node from elsewhere counts, and so does another distribution.
set -u

multi=$(gcc -print-multiarch 2>/dev/null || echo x86_64-linux-gnu)
table() {
	cat <<END
gcc|build|cmd gcc|compiler
make|build|cmd make|this Makefile
libc6-dev|build|file /usr/include/stdio.h|C library for turf-compile and the tests
linux-libc-dev|build|file /usr/include/linux/landlock.h|kernel headers
binutils|build|cmd readelf|linker, and the lints that read what it made
musl-tools|build|file /usr/lib/${multi%-gnu}-musl/libc.a|turf is one static musl program
libinih-dev|build|file /usr/include/ini.h|INI reader of turf-compile
python3|demo|file /usr/bin/python3|the program that make demo confines
util-linux|demo|cmd setpriv|plain user for demo and tests
pkg-config|test|cmd pkg-config|finds libcheck
check|test|file /usr/include/check.h|unit tests
bats|test|cmd bats|command line tests
bubblewrap|test|cmd bwrap|the peer that make bench compares with
bsdutils|test|cmd script|a terminal for the tests
busybox-static|test|file /bin/busybox|a static program to confine
git|test|cmd git|a program to confine
nodejs|test|cmd node|a program to confine
g++|test|cmd g++|C++ programs under the preloaded library
python3-venv|test|run /usr/bin/python3 -c 'import venv,ensurepip'|a program to confine
perl|test|cmd perl|a program to confine
sqlite3|test|cmd sqlite3|a program to confine
tar|test|cmd tar|a program to confine
man-db|test|cmd man|the manual pages are read
procps|test|cmd pgrep|the tests look for processes
clang|lint|cmd clang|second compiler, sanitizers, fuzzing
libclang-rt-14-dev|lint|glob /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.asan-x86_64.a|sanitizers of clang
clang-format|lint|cmd clang-format|layout
clang-tidy|lint|cmd clang-tidy|bugprone checks
cppcheck|lint|cmd cppcheck|static analysis
shellcheck|lint|cmd shellcheck|scripts
END
}

is_there() {
	local kind=${1%% *} what=${1#* }

	case $kind in
	cmd) command -v "$what" >/dev/null 2>&1 ;;
	file) [ -e "$what" ] ;;
	glob) compgen -G "$what" >/dev/null ;;
	run) sh -c "$what" >/dev/null 2>&1 ;;
	*) echo "deps: unknown test $kind" >&2; exit 2 ;;
	esac
}

is_check=0
if [ "${1-}" = --check ]; then
	is_check=1
	shift
fi
[ $# -gt 0 ] || set -- build demo test lint

missing=()
while IFS='|' read -r package group test purpose; do
	for wanted in "$@"; do
		[ "$group" = "$wanted" ] || continue
		is_there "$test" && continue
		missing+=("$package")
		[ $is_check = 1 ] || printf 'deps: missing %-20s %s\n' "$package" "$purpose"
	done
done < <(table)

[ ${#missing[@]} -gt 0 ] || exit 0
[ $is_check = 0 ] || exit 1

as_root=()
if [ "$(id -u)" != 0 ]; then
	if sudo -n true 2>/dev/null; then
		as_root=(sudo -n)
	else
		as_root=(none)
	fi
fi
if [ "${as_root[*]-}" = none ] || ! command -v apt-get >/dev/null; then
	printf 'deps: these packages have to be installed first (Debian names):\n\n    sudo apt-get install %s\n\n' \
		"${missing[*]}" >&2
	exit 1
fi
export DEBIAN_FRONTEND=noninteractive
# A list that is out of date, or none at all, is the usual reason for a failure: fetch it once and try again.
install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}")
"${install[@]}" </dev/null >/dev/null 2>&1 || {
	"${as_root[@]}" apt-get update -q </dev/null >/dev/null && "${install[@]}" </dev/null
} || {
	echo "deps: apt-get could not install: ${missing[*]}" >&2
	exit 1
}
exec "$0" --check "$@"
