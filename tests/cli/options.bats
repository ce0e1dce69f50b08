#!/usr/bin/env bats
# The form of turf's command line: spellings, where the program begins, what is promised but not built.

load helper

setup() {
	scene_make
}
teardown() {
	scene_remove
}

@test "a value may be attached, follow, or stand behind =" {
	for form in "--workdir=/tmp" "--workdir /tmp" "-w /tmp" "-w/tmp"; do
		# shellcheck disable=SC2086 # two words are meant
		run turf run -q $form -- /bin/pwd
		is_status 0
		is_output /tmp
	done
}

@test "letters may be joined" {
	run turf run -qw /tmp -- /bin/pwd
	is_status 0
	is_output /tmp
}

@test "words behind -- belong to the program" {
	run turf run -q -- /bin/echo --memory -m --help --
	is_status 0
	is_output "--memory -m --help --"
}

@test "a flag may be taken back" {
	run turf run -q --clearenv=no -- /bin/sh -c 'test -n "$PATH" && echo yes'
	is_status 0
	is_output yes
	run turf run --rm=perhaps -- /bin/true
	is_error 125 E_VALUE --rm perhaps
}

@test "a value that was forgotten is asked for" {
	run turf run --memory -- /bin/true
	is_error 125 E_USAGE --memory SIZE
	run turf run -w
	is_error 125 E_USAGE --workdir
}

@test "an option of later is not called unknown" {
	for option in --overlay --rootfs --trace --learn --pid-file -d -b -i -t; do
		run turf run "$option" x -- /bin/true
		is_error 125 E_NOTYET "$option"
	done
}

@test "a command of later is not called unknown" {
	for command in create start exec stop kill pause resume delete list ls ps state wait logs attach events stats \
		top update cp spec init runtime gc inspect check-config features diff agent fn -D -H; do
		run turf "$command" x
		is_error 125 E_NOTYET "$command"
	done
}

@test "an unknown command is named; a near one is suggested, none when none is near" {
	run turf docotr
	is_error 125 E_COMMAND docotr "did you mean doctor"
	run turf zebra
	is_error 125 E_COMMAND zebra
	has_not "did you mean"
	run turf
	is_error 125 E_USAGE "turf help"
}

@test "a beginning that fits one option only is suggested" {
	run turf run --preserve 1 -- /bin/true
	is_error 125 E_OPTION "--preserve-fds"
}

@test "-e sets, passes, and the last one counts" {
	TURF_ENV=(ONE=1 TWO=2)
	run turf run -q -e ONE -e X=a -e X=b -- /bin/sh -c 'echo "$ONE,${TWO-unset},$X"'
	is_status 0
	is_output "1,unset,b"
}

@test "--env-file sets and passes; an error has its line" {
	as_user sh -c 'printf "# comment\nA=x y\nONE\n" >"$0/env"; printf "A=1\n=2\n" >"$0/bad"' "$SCENE"
	TURF_ENV=(ONE=1)
	run turf run -q --env-file "$SCENE/env" -- /bin/sh -c 'echo "$A,$ONE"'
	is_status 0
	is_output "x y,1"
	run turf run --env-file "$SCENE/bad" -- /bin/true
	is_error 125 E_VALUE "--env-file" "$SCENE/bad:2"
	run turf run --env-file "$SCENE/none" -- /bin/true
	is_error 125 E_PATH "$SCENE/none"
}

@test "--clearenv passes nothing that was not asked for" {
	TURF_ENV=(LANG=xx ONE=1)
	run turf run -q --clearenv -e ONE -- /bin/sh -c 'echo "${LANG-unset},$ONE"'
	is_status 0
	is_output "unset,1"
}

@test "a path with a colon and a relative path" {
	as_user sh -c 'mkdir "$0/a:b"; echo in >"$0/a:b/f"' "$SCENE"
	RUN_IN=$SCENE
	run turf run -q --ro 'a\:b:/data' -- /bin/cat /data/f
	is_status 0
	is_output in
}

@test "-v maps read-write, :ro does not, :noexec does not run" {
	as_user cp /bin/true "$SCENE/project/prog"
	run turf run -q -v "$SCENE/project:/data" -- /bin/sh -c 'echo x >/data/new && /data/prog && echo done'
	is_status 0
	is_output "done"
	run turf run -q -v "$SCENE/project:/data:ro" -- /bin/sh -c 'echo x 2>/dev/null >/data/new2'
	[ "$status" != 0 ]
	[ ! -e "$SCENE/project/new2" ]
	run turf run -q -v "$SCENE/project:/data:ro,noexec" -- /bin/sh -c '/data/prog'
	[ "$status" = 126 ]
}

@test "more of everything than there is room for is refused" {
	args=()
	for i in {1..300}; do args+=(--hide "/x/$i"); done
	run turf run "${args[@]}" -- /bin/true
	is_error 125 E_VALUE --hide "more than"
	run turf run --network 1-1000 -- /bin/true
	is_error 125 E_VALUE --network "more than"
}
