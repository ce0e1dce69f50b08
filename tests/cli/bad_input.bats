#!/usr/bin/env bats
# What turf run is given and cannot use: 125, one line that names it, nothing started, nothing left.

load helper

setup() {
	scene_make
}
teardown() {
	if mountpoint -q "$SCENE/small" 2>/dev/null; then umount "$SCENE/small"; fi
	scene_remove
}

# refused NAME WORD -- ARGS: turf run ARGS -- a program that would leave a trace.
refused() {
	local name=$1 word=$2
	shift 3
	run turf run "$@" --rw "$SCENE/project" -- /bin/sh -c "echo x >'$SCENE/project/started'"
	is_error 125 "$name" "$word" || return
	[ ! -e "$SCENE/project/started" ] || { echo "the program was started"; return 1; }
	[ -z "$(left_behind)" ] || { left_behind; return 1; }
}

@test "an unknown option is named, with the one that was meant" {
	refused E_OPTION --timeout -- --timeuot 5s
	refused E_OPTION --network -- --netwrok none
	refused E_OPTION -Z -- -Z
}

@test "no program, no --, nothing: said in one line" {
	run turf run
	is_error 125 E_USAGE "turf run"
	run turf run --
	is_error 125 E_USAGE "turf run"
	run turf run -q
	is_error 125 E_USAGE "turf run"
	run turf run NAME
	is_error 125 E_NOTYET NAME
}

@test "an unknown command is named, with the one that was meant" {
	run turf rnu -- /bin/true
	is_error 125 E_COMMAND rnu
	has run
}

@test "bad sizes" {
	for size in lots 12x -5m 1e9 99999999999999999999g "" 5mm "1 m"; do
		refused E_VALUE --memory -- --memory "$size"
	done
}

@test "bad durations" {
	for time in soon 1x -1s "" 1.2.3s 99999999999999999999h; do
		refused E_VALUE --timeout -- --timeout "$time"
	done
}

@test "bad ports" {
	for ports in 65536 0 http 80-70 bind: :80 80,,81 -1 "" 80:81; do
		refused E_VALUE --network -- --network "$ports"
	done
}

@test "bad paths" {
	refused E_PATH /nothing/here -- --ro /nothing/here
	refused E_PATH relative -- --ro "$SCENE/project:relative"
	refused E_PATH "" -- --tmpfs relative
	refused E_VALUE --ro -- --ro ""
	run turf run -w relative -- /bin/true
	[ "$status" = 125 ]
	long=/$(printf 'a%.0s' {1..5000})
	run turf run --ro "$long" -- /bin/true
	[ "$status" = 125 ]
	[ "${#lines[@]}" = 1 ]
}

@test "a mapping over itself" {
	refused E_PATH "$SCENE/secret" -- --ro "$SCENE/secret" --rw "$SCENE/secret"
	refused E_PATH /data -- --ro "$SCENE/secret:/data" --tmpfs /data
}

@test "bad names, before anything is touched" {
	for name in "" . .. a/b ../x -x "a b" $'a\nb' "$(printf 'n%.0s' {1..300})" "ä"; do
		run turf run --name "$name" --rw "$SCENE/project" -- /bin/sh -c "echo x >'$SCENE/project/started'"
		[ "$status" = 125 ] || { echo "name '$name': $status $output"; return 1; }
		[ ! -e "$SCENE/project/started" ]
		[ -z "$(left_behind)" ]
	done
}

@test "bad environment, ulimit, numbers" {
	refused E_VALUE --env -- -e =x
	refused E_VALUE --env -- -e "A B=x"
	refused E_VALUE --ulimit -- --ulimit nofile
	refused E_VALUE --ulimit -- --ulimit nothing=5
	refused E_VALUE --ulimit -- --ulimit nofile=10:5
	refused E_VALUE --pids-limit -- --pids-limit many
	refused E_VALUE --pids-limit -- --pids-limit -3
	refused E_VALUE --preserve-fds -- --preserve-fds x
	refused E_VALUE --tier -- --tier best
	refused E_VALUE --mode -- --mode best
	refused E_VALUE --log-format -- --log-format xml
}

@test "an option given twice, one without its value" {
	refused E_USAGE --timeout -- --timeout 1s --timeout 2s
	run turf run --timeout
	[ "$status" = 125 ]
	has --timeout
}

@test "control characters of a name do not reach the terminal" {
	run turf run --ro $'/nothing/\e[31mred\a' -- /bin/true
	[ "$status" = 125 ]
	[[ $output != *$'\e'* ]]
	[[ $output != *$'\a'* ]]
}

@test "the texts about what exists outside and what does not are the same" {
	as_user cp /bin/true "$SCENE/secret/prog"
	run turf run -- "$SCENE/secret/prog"
	there=${output//prog/NAME} code=$status
	run turf run -- "$SCENE/secret/none"
	[ "$status" = "$code" ]
	[ "${output//none/NAME}" = "$there" ] || { echo "$there"; echo "$output"; return 1; }
	run inside "cat '$SCENE/secret/key'"
	there=${output//key/NAME}
	run inside "cat '$SCENE/secret/none'"
	[ "${output//none/NAME}" = "$there" ]
}

# ---- the work dir ----

@test "a work dir that is missing is made; closed to others" {
	TURF_WORKDIR=$SCENE/new/deep
	run turf run -q -- /bin/echo hi
	is_status 0
	[ "$(stat -c %a "$SCENE/new/deep")" = 700 ]
}

@test "a relative work dir is refused" {
	TURF_WORKDIR=turf
	run turf run -- /bin/true
	is_error 125 E_WORKDIR turf
}

@test "a work dir that cannot be made or written is refused" {
	TURF_WORKDIR=/proc/turf
	run turf run -- /bin/true
	is_error 125 E_WORKDIR /proc/turf
	as_user touch "$SCENE/file"
	TURF_WORKDIR=$SCENE/file
	run turf run -- /bin/true
	is_error 125 E_WORKDIR "$SCENE/file"
	as_user sh -c 'mkdir "$0/ro"; chmod 500 "$0/ro"' "$SCENE"
	TURF_WORKDIR=$SCENE/ro
	run turf run -- /bin/true
	is_error 125 E_WORKDIR "$SCENE/ro"
}

@test "a work dir of another user is refused" {
	[ "$(id -u)" = 0 ] || skip "needs root to make one"
	mkdir "$SCENE/foreign"
	chmod 777 "$SCENE/foreign"
	TURF_WORKDIR=$SCENE/foreign
	run turf run -- /bin/true
	is_error 125 E_WORKDIR "$SCENE/foreign"
	[ -z "$(ls -A "$SCENE/foreign")" ]
}

@test "a work dir that is a symlink to another user's is refused" {
	[ "$(id -u)" = 0 ] || skip "needs root to make one"
	mkdir "$SCENE/foreign"
	chmod 777 "$SCENE/foreign"
	as_user ln -s foreign "$SCENE/link"
	TURF_WORKDIR=$SCENE/link
	run turf run -- /bin/true
	is_status 125
	[ -z "$(ls -A "$SCENE/foreign")" ]
}

@test "a full disk is an error before the program starts" {
	[ "$(id -u)" = 0 ] || skip "needs root to mount a small disk"
	as_user mkdir "$SCENE/small"
	mount -t tmpfs -o "size=64k,uid=$(id -u "$TURF_TEST_USER"),mode=700" tmpfs "$SCENE/small" || skip "no tmpfs here"
	TURF_WORKDIR=$SCENE/small
	run turf run --rw "$SCENE/project" -- /bin/sh -c "echo x >'$SCENE/project/started'"
	umount "$SCENE/small"
	is_error 125 E_WORKDIR "$SCENE/small" "No space"
	[ ! -e "$SCENE/project/started" ]
}

@test "no room for a copy is an error before the program starts" {
	[ "$(id -u)" = 0 ] || skip "needs root to mount a small disk"
	as_user mkdir "$SCENE/small"
	mount -t tmpfs -o "size=3m,uid=$(id -u "$TURF_TEST_USER"),mode=700" tmpfs "$SCENE/small" || skip "no tmpfs here"
	TURF_WORKDIR=$SCENE/small
	as_user sh -c 'head -c 5000000 /dev/zero >"$0/project/large"' "$SCENE"
	run turf run -q -- /bin/true
	is_status 0
	run turf run --copy "$SCENE/project" --rw "$SCENE/secret" -- /bin/sh -c "echo x >'$SCENE/secret/started'"
	left=$(left_behind)
	umount "$SCENE/small"
	is_status 125
	has "No space"
	[ ! -e "$SCENE/secret/started" ]
	[ -z "$left" ] || { echo "$left"; return 1; }
}

@test "a copy of what holds the work dir is refused: it would copy itself" {
	refused E_PATH "work dir" -- --copy "$SCENE:/copy"
	refused E_PATH "work dir" -- --copy "$TURF_WORKDIR:/copy"
}

@test "a name that turf itself gives to runs is refused" {
	turf run -- /bin/true
	for n in 0 7 12345678901234567890; do
		refused E_NAME "run-$n" -- --name "run-$n"
	done
	run inside 'echo ok' --name run-x --rm
	is_output ok
	run inside 'echo ok' --name run- --rm
	is_output ok
}

@test "no descriptors left is an error before the program starts" {
	for n in 3 4 5 6 7 8 10; do
		# prlimit starts with the limit of its own, so that only turf and what comes after it has to do with it.
		run as_user env TURF_WORKDIR="$TURF_WORKDIR" prlimit --nofile="$n:$n" \
			"$TURF" run --rw "$SCENE/project" -- /bin/sh -c "echo x >'$SCENE/project/started'"
		if [ -e "$SCENE/project/started" ]; then
			is_status 0
			rm "$SCENE/project/started"
		else
			[ "$status" != 0 ]
			[[ $output == *"oo many open files"* ]] || has "No file descriptors available"
			has_not "no more slots"
			[ "$n" -gt 6 ] || { is_status 125 && has "turf: E_"; }
		fi
		[ -z "$(left_behind)" ] || { left_behind; return 1; }
	done
}

@test "no descriptor left for the slot is said so, and makes no other slots" {
	turf run -- /bin/true # the library is there
	rm -r "$TURF_WORKDIR"/fallback/run-0
	run as_user env TURF_WORKDIR="$TURF_WORKDIR" bash -c 'exec 3>&- 4>&- 5>&- 6>&-; ulimit -n 5; exec "$0" run -- /bin/true' "$TURF"
	is_error 125 E_WORKDIR "cannot open run-0"
	[ -z "$(left_behind)" ] || { left_behind; return 1; }
}

@test "no processes left is an error, not a hang" {
	run bash -c '. "$TOP/tests/cli/helper.bash"; RUN_IN=/; TURF_ENV=(); TURF=/bin/bash
		turf -c "ulimit -u 1; exec $0 run -- /bin/true"' "$BUILD/bin/turf"
	[ "$status" = 125 ] || [ "$status" = 0 ]
	[ -z "$(left_behind)" ]
}
