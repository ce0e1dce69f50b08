#!/bin/bash
# `make demo`: one python3 program, run bare and under `turf run` as a plain user. Shows what it could do each time,
# and fails when something that must be refused was not, or work that must go on did not.
set -u

TOP=$(cd "$(dirname "$0")/.." && pwd)
BUILD=$(realpath "${BUILD:-$TOP/build}")
# shellcheck source=tests/lib.sh
. "$TOP/tests/lib.sh"
pick_user || exit 1

# In /var/tmp: the sandbox has a /tmp of its own, and what it may see is named on its command line.
scene=$(mktemp -d /var/tmp/turf-demo.XXXXXX) || exit 1
marker=turf-demo-$$
home=$scene/home
wrong=0
helpers=()

cleanup() {
	local pid
	for pid in "${helpers[@]}" $(pgrep -f "^/bin/sh -c : $marker; " || true); do
		kill "$pid" 2>/dev/null
	done
	rm -rf "$scene" "/tmp/$marker"
}
trap cleanup EXIT

mkdir -p "$home/.ssh" "$scene/project" "$scene/bin" "$scene/turf"
echo "the key that nobody may read" >"$home/.ssh/id_demo"
echo "# run at every login" >"$home/.profile"
cp "$BUILD/bin/turf" "$BUILD/bin/turf-compile" "$scene/bin/"
cp "$TOP/tests/demo_program.py" "$scene/project/program.py"
"${CC:-gcc}" -O2 -static -o "$scene/project/static-cat" "$TOP/tests/demo_static.c" || exit 1
[ "$(id -u)" != 0 ] || chown -R "$TURF_TEST_USER" "$scene"
chmod 755 "$scene"
chmod 700 "$scene/turf" "$home"

# The world outside: a service on loopback, an abstract socket, a process of the same user.
# It says its port once both sockets listen, and goes away by itself.
mkfifo "$scene/port"
as_user env SECRET_OF_OUTSIDER=1 /usr/bin/python3 -c '
import socket, sys, time
tcp = socket.socket(); tcp.bind(("127.0.0.1", 0)); tcp.listen(9)
unix = socket.socket(socket.AF_UNIX); unix.bind("\0" + sys.argv[1]); unix.listen(9)
print(tcp.getsockname()[1], flush=True)
time.sleep(120)' "$marker" >"$scene/port" </dev/null &
helpers+=($!)
read -r port <"$scene/port"
outsider=$(pgrep -f "^/usr/bin/python3 -c .*$marker" | head -n 1)
if [ -z "$port" ] || [ -z "$outsider" ]; then
	echo "demo: the service outside did not start" >&2
	exit 1
fi
helpers+=("$outsider")

program=(/usr/bin/python3 program.py "$home" "$port" "$outsider" "$marker")
in_project() {
	(cd "$scene/project" && as_user env HOME="$home" TURF_WORKDIR="$scene/turf" "$@")
}
daemons() {
	pgrep -u "$TURF_TEST_USER" -f "^(/bin/sh -c : $marker; |sleep 301)" | wc -l
}

in_project "${program[@]}" >"$scene/bare.out"
[ "$(daemons)" -gt 0 ] && echo "a daemon is still there afterwards	yes	alive" >>"$scene/bare.out"
for pid in $(pgrep -u "$TURF_TEST_USER" -f "^(/bin/sh -c : $marker; |sleep 301)"); do
	kill "$pid"
done
sed -i /planted/d "$home/.profile"
rm -f "$scene/project/result.txt" "/tmp/$marker" "$home/$marker"*

echo "\$ turf run --rw . -- python3 program.py"
in_project "$scene/bin/turf" run --rw . -- "${program[@]}" >"$scene/turf.out" || {
	echo "demo: turf run ended with status $?" >&2
	exit 1
}
if [ "$(daemons)" -gt 0 ]; then state=yes; else state=no; fi
echo "a daemon is still there afterwards	$state	" >>"$scene/turf.out"

printf '\n%-44s %-5s %-5s %s\n' "attempt (as user $TURF_TEST_USER)" bare turf "answer under turf"
while IFS=$'\t' read -r name sandboxed detail; do
	bare=$(awk -F'\t' -v name="$name" '$1 == name { print $2 }' "$scene/bare.out")
	case $name in
	work:* | "leave a daemon behind") wanted=yes ;;
	*) wanted=no ;;
	esac
	flag=
	if [ "$sandboxed" != "$wanted" ]; then
		flag="  <-- WRONG, should be $wanted"
		wrong=$((wrong + 1))
	fi
	printf '%-44s %-5s %-5s %.60s%s\n' "$name" "${bare:-?}" "$sandboxed" "$detail" "$flag"
done <"$scene/turf.out"
lines=$(wc -l <"$scene/turf.out")
if [ "$lines" != 20 ]; then
	echo "demo: $lines answers instead of 20"
	wrong=$((wrong + 1))
fi

# What it did has to be seen where it was allowed, and nowhere else.
expect() {
	if [ "$2" = "$3" ]; then
		printf '%-60s ok\n' "$1"
	else
		printf '%-60s WRONG: %s, not %s\n' "$1" "$2" "$3"
		wrong=$((wrong + 1))
	fi
}
planted() { grep -c planted "$home/.profile"; }
exists() { if [ -e "$1" ]; then echo there; else echo none; fi; }
echo
expect "its result in the project directory" "$(exists "$scene/project/result.txt")" there
expect "its file of /tmp in the host's /tmp" "$(exists "/tmp/$marker")" none
expect "lines added to the real .profile" "$(planted)" 0
expect "its files in the real home" "$(find "$home" -name "$marker*" | wc -l)" 0
in_project "$scene/bin/turf" run -q --timeout 500ms -- sleep 60 2>/dev/null
expect "turf run --timeout 500ms -- sleep 60: exit code" $? 124
# Shared memory, which no limit of a single process counts.
in_project "$scene/bin/turf" run -q -m 64m -- /usr/bin/python3 -c 'import mmap
m = mmap.mmap(-1, 1 << 29)
for i in range(0, 1 << 29, 4096): m[i] = 1' 2>/dev/null
expect "turf run -m 64m -- python3 (takes 512 MiB): exit code" $? 137
in_project "$scene/bin/turf" run -q -- sh -c 'exit 7'
expect "turf run -- sh -c 'exit 7': exit code" $? 7
in_project "$scene/bin/turf" run -q -- no-such-program 2>/dev/null
expect "turf run -- no-such-program: exit code" $? 127
expect "files of these programs left in turf's work directory" "$(find "$scene/turf" -name "$marker*" | wc -l)" 0

echo
if [ $wrong = 0 ]; then
	echo "demo: all as it should be"
else
	echo "demo: $wrong things are wrong" >&2
	exit 1
fi
