# Loaded by every bats file: a scene in the plain user's home, and turf as that user.
# shellcheck shell=bash

# shellcheck source=tests/lib.sh
. "$TOP/tests/lib.sh"

# SCENE is a directory of the plain user's with what most tests need: a secret beside, a project, a place to start.
scene_make() {
	USER_HOME=$(getent passwd "$TURF_TEST_USER" | cut -d: -f6)
	SCENE=$(as_user mktemp -d "$USER_HOME/turf-test.XXXXXX")
	export USER_HOME SCENE TURF_WORKDIR=$SCENE/turf
	RUN_IN=/
	as_user mkdir "$SCENE/secret" "$SCENE/project" "$SCENE/turf"
	as_user sh -c 'echo "nobody inside may read this" >"$0/secret/key"; echo "project file" >"$0/project/file"' "$SCENE"
}

scene_remove() {
	[ -z "${SCENE-}" ] || rm -rf "$SCENE"
}

# turf ARGS...: as the plain user, in RUN_IN, with a work dir of its own.
turf() {
	cd "$RUN_IN" && as_user env TURF_WORKDIR="$TURF_WORKDIR" "${TURF_ENV[@]}" "$TURF" "$@"
}
TURF_ENV=()

# inside SCRIPT [OPTIONS...]: a shell script under turf run.
inside() {
	local script=$1
	shift
	turf run -q "$@" -- /bin/sh -c "$script"
}

# What a run left in the work dir. A clean slot (run-N, mode 0500, empty directories, the last view) is no remains:
# the next run takes it. See launcher/mode/box.h.
left_behind() {
	local all=$TURF_WORKDIR/fallback slot
	[ -d "$all" ] || return 0
	find "$all" -mindepth 1 -maxdepth 1 ! -name 'run-[0-9]*'
	for slot in "$all"/run-[0-9]*; do
		[ -d "$slot" ] || continue
		find "$slot" -maxdepth 0 ! -perm 0500
		find "$slot" -mindepth 1 -maxdepth 1 ! -type d ! -name view ! -name shared
		find "$slot" -mindepth 2
	done
}

# is WANT...: the last `run` ended with this status; and shows what it printed when not.
is_status() {
	[ "$status" = "$1" ] || {
		echo "status $status, expected $1; output:"
		echo "$output"
		return 1
	}
}

# is_output TEXT: the whole output.
is_output() {
	[ "$output" = "$1" ] || {
		echo "output:"
		echo "$output"
		echo "expected:"
		echo "$1"
		return 1
	}
}

# has TEXT...: each is somewhere in the output.
has() {
	local text
	for text in "$@"; do
		[[ $output == *"$text"* ]] || {
			echo "not in the output: $text"
			echo "$output"
			return 1
		}
	done
}

has_not() {
	[[ $output != *"$1"* ]] || {
		echo "in the output: $1"
		echo "$output"
		return 1
	}
}

# An error of turf's own: status, its name, one line, words that name the cause.
is_error() {
	local want=$1 name=$2
	shift 2
	is_status "$want" && has "turf: $name: " "$@" || return
	[ "${#lines[@]}" = 1 ] || {
		echo "more than one line:"
		echo "$output"
		return 1
	}
}
