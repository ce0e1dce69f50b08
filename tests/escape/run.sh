#!/bin/bash
# Runs every attempt of expected.tsv bare (it must escape there), in each tier, and once more in the kernel tier
# where user namespaces are taken away; compares with the table. What is listed as open and holds is a failure
# too: the table has to be true in both directions. A scene outside (scene.c) judges besides the attempt itself.
#
#   run.sh [-v] [PATTERN]      only attempts whose "program:way" matches the shell pattern
set -u

TOP=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=$(realpath "${BUILD:-$TOP/build}")
TURF=${TURF:-$BUILD/bin/turf}
HERE=$TOP/tests/escape
CC=${CC:-gcc}
verbose=
[ "${1-}" != -v ] || { verbose=1; shift; }
pattern=${1:-*}
# shellcheck source=tests/lib.sh
. "$TOP/tests/lib.sh"
pick_user || exit 1
home=$(getent passwd "$TURF_TEST_USER" | cut -d: -f6)

as_victim() { as_user env -i HOME="$home" PATH=/usr/bin:/bin LANG=C.UTF-8 TURF_WORKDIR="$base/turf" "$@"; }

base=$(as_user mktemp -d "$home/turf-escape.XXXXXX") || exit 1
# The attempts themselves, at the same path inside and outside.
bin=$(as_user mktemp -d "$home/turf-attempts.XXXXXX") || exit 1
victim=
end_victim() {
	local n=0
	[ -z "$victim" ] || kill -9 "$victim" 2>/dev/null
	# Gone for good: its last word must not be taken for the next one's.
	while [ -n "$victim" ] && [ -e "/proc/$victim" ] && [ $n -lt 200 ]; do
		sleep 0.005
		n=$((n + 1))
	done
	victim=
}
cleanup() {
	end_victim
	rm -rf "$base" "$bin"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# ---- building ----

build_one() { # COMPILER... SOURCE OUT
	local out=${*: -1} flags=(-std=gnu11 -O1 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wno-unused-parameter)
	set -- "${@:1:$#-1}"
	"$1" "${flags[@]}" "${@:2}" -o "$bin/$out" || { echo "escape: cannot build $out" >&2; exit 1; }
}

build_all() {
	local program build source
	as_user mkdir -p "$base"/{state,outside,scratch,turf}
	for program in scene victim refuse outside_program id_probe; do
		build_one "$CC" -no-pie "$HERE/$program.c" "$program"
	done
	build_one "$CC" "$TOP/tests/cli/ptydrive.c" ptydrive
	have_i386=
	if "$CC" -m32 -nostdlib -static -ffreestanding -fno-pie -no-pie -fno-stack-protector -O1 \
		-o "$bin/i386_reader" "$HERE/i386_reader.c" 2>/dev/null; then
		[ "$("$bin/i386_reader" /etc/passwd; echo $?)" = 101 ] && have_i386=1
	fi
	cut -f1,3 "$HERE/expected.tsv" | grep -v '^#' | sort -u >"$base/state/builds"
	while read -r program build; do
		source=$HERE/$program.c
		case $build in
		dynamic) build_one "$CC" "$source" "$program.$build" ;;
		static) build_one "$CC" -static "$source" "$program.$build" ;;
		musl) build_one musl-gcc "$source" "$program.$build" ;;
		musl-static) build_one musl-gcc -static "$source" "$program.$build" ;;
		*) echo "escape: $program: no build $build" >&2; exit 1 ;;
		esac
	done <"$base/state/builds"
	cp "$TURF" "$bin/turf"
	# The user's own, as after an installation into the home: nothing but turf protects it.
	[ "$(id -u)" != 0 ] || chown "$TURF_TEST_USER" "$bin/turf"
	have_root=
	if [ "$(id -u)" = 0 ]; then
		have_root=1
		local id
		for id in setuid setgid filecap; do cp "$bin/id_probe" "$bin/id_probe.$id"; done
		chown root:root "$bin"/id_probe.*
		chmod 4755 "$bin/id_probe.setuid"
		chmod 2755 "$bin/id_probe.setgid"
		"$bin/scene" filecap "$bin/id_probe.filecap" || rm -f "$bin/id_probe.filecap"
	fi
	chmod 755 "$bin"
}

# ---- the scene ----

set_scene() {
	end_victim
	rm -f "$base"/state/{info,hits,victim}
	as_user "$bin/scene" make "$base" "$bin/outside_program" || exit 1
	as_victim "$bin/victim" "$base" </dev/null >"$base/state/victim.log" 2>&1 &
	disown
	local n=0
	until [ -s "$base/state/info" ]; do
		sleep 0.01
		n=$((n + 1))
		[ $n -lt 500 ] || { echo "escape: the victim does not start" >&2; exit 1; }
	done
	info=$(cat "$base/state/info")
	victim=${info#victim=}
	victim=${victim%% *}
}

# ---- one attempt ----

# attempt HOW PROGRAM WAY BUILD SETUP: sets outcome to escaped, contained, cannot or "broken: ...".
attempt() {
	local how=$1 program=$2 way=$3 build=$4 setup=$5 status report
	local cwd=$base/scratch cmd=() args=("base=$base") turf=("$bin/turf" run -q)

	case $how in
	bare) cmd=("$bin/scene" stand) ;;
	kernel) cmd=("${turf[@]}" --tier kernel) ;;
	cooperative) cmd=("${turf[@]}" --tier cooperative) ;;
	no-userns) cmd=("$bin/refuse" userns "${turf[@]}" --tier kernel) ;;
	esac
	[ "$how" = bare ] || cmd+=(--ro "$bin" --)
	# shellcheck disable=SC2206 # words on purpose
	args+=("bin=$bin" $info)
	case $setup in *tty*) args+=(tty=@TTY@) ;; esac
	case $setup in *cwd*) cwd=$base/outside ;; esac
	cmd+=("$bin/$program.$build" "$way" "${args[@]}")
	# The process that stands between caller and attempt tells its number: turf's supervisor, or "stand".
	# shellcheck disable=SC2016 # the inner shell expands it
	cmd=(sh -c 'exec "$0" "$@" "monitor=$$"' "${cmd[@]}")
	case $setup in *tty*) cmd=("$bin/ptydrive" -- "${cmd[@]}") ;; esac

	rm -rf "${base:?}"/scratch/*
	case $setup in
	*fds*) (cd "$cwd" && as_victim timeout -k 5 25 "${cmd[@]}") </dev/null >"$base/state/log" 2>&1 \
		8<"$base/outside" 9<"$base/outside/secret" ;;
	*) (cd "$cwd" && as_victim timeout -k 5 25 "${cmd[@]}") </dev/null >"$base/state/log" 2>&1 ;;
	esac
	status=$?
	report=$(as_judge check "$base" "$bin/outside_program")
	[[ $setup != *beat* ]] || report+=$(still_beats)
	if [ -n "$report" ]; then
		echo "scene: $report" >>"$base/state/log"
		set_scene
	fi
	case $status in
	1) outcome=escaped ;;
	0) outcome=contained ;;
	77) outcome=cannot ;;
	*) outcome="broken: exit $status" ;;
	esac
	[ -z "$report" ] || outcome=escaped
}

# Whether something still writes to the log; waits for its end then, so that the next attempt has a log of its own.
still_beats() {
	local before now n=-1
	now=$(stat -c %s "$base/state/log")
	until [ "$now" = "${before-}" ] || [ $n = 200 ]; do
		before=$now
		sleep 0.1
		now=$(stat -c %s "$base/state/log")
		n=$((n + 1))
	done
	[ $n = 0 ] || echo "something still runs"
}

as_judge() { as_user "$bin/scene" "$@"; }

ok() {
	passed=$((passed + 1))
	[ -z "$verbose" ] || echo "ok $1"
}
bad() {
	failed=$((failed + 1))
	echo "not ok $1"
	sed 's/^/    /' "$base/state/log" | head -n 12
}
skip() {
	skipped=$((skipped + 1))
	echo "skip: $1: $2"
}

# expect NAME HOW WANT-WHO ROW...: one run in turf against the table's word.
expect() {
	local name=$1 how=$2 who=$3
	shift 3
	attempt "$how" "$@"
	case $who/$outcome in
	refused/"broken: exit 126") ok "$name: turf refuses to start it, as listed" ;;
	refused/*) bad "$name: listed as refused, but it ran ($outcome)" ;;
	open/escaped) ok "$name: open, as listed" ;;
	open/contained) bad "$name: listed as open, but it is contained: the table is out of date" ;;
	*/escaped) bad "$name: ESCAPED (listed as blocked by $who)" ;;
	*/contained) ok "$name: blocked by $who" ;;
	*) bad "$name: the attempt did not run ($outcome)" ;;
	esac
}

row() {
	local program=$1 way=$2 build=$3 kernel=$4 cooperative=$5 control=$6 setup=$7
	local name="$program:$way ($build)"

	case $setup in
	*i386*) [ -n "$have_i386" ] || { skip "$name" "this host runs no 32-bit programs"; return; } ;;
	*root*) [ -n "$have_root" ] || { skip "$name" "only root can make such files"; return; } ;;
	esac
	if [ "$control" = yes ] && ! { [ -z "$have_userns" ] && [[ $setup = *userns* ]]; }; then
		attempt bare "$program" "$way" "$build" "$setup"
		if [ "$outcome" = cannot ] || { [ "$outcome" = contained ] && [[ $setup = *maybe* ]]; }; then
			skip "$name" "this host cannot show it"
			return
		elif [ "$outcome" != escaped ]; then
			bad "$name: bare it is $outcome: the attempt shows nothing"
			return
		fi
	fi
	expect "$name kernel" kernel "$kernel" "$program" "$way" "$build" "$setup"
	expect "$name cooperative" cooperative "$cooperative" "$program" "$way" "$build" "$setup"
	expect "$name kernel, no user namespaces" no-userns "$kernel" "$program" "$way" "$build" "$setup"
}

build_all
set_scene
as_judge check "$base" "$bin/outside_program" || { echo "escape: the scene is not as it was made" >&2; exit 1; }
have_userns=
as_user unshare -U true 2>/dev/null && have_userns=1
ulimit -c unlimited 2>/dev/null

while IFS=$'\t' read -r program way build kernel cooperative control setup _; do
	case $program in '' | '#'*) continue ;; esac
	# shellcheck disable=SC2053 # it is meant as a pattern
	[[ $program:$way = $pattern ]] || continue
	row "$program" "$way" "$build" "$kernel" "$cooperative" "$control" "$setup"
done <"$HERE/expected.tsv"

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
