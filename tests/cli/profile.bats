#!/usr/bin/env bats
# Profiles and turf.conf: where they are found, what they give, and that a mistake in one stops the run with
# one line, file and line number.

load helper

setup() {
	scene_make
	PROFILES=$SCENE/turf/conf/profiles
	as_user mkdir -p "$PROFILES"
	TURF_ENV=(XDG_CONFIG_HOME="$SCENE/xdg")
}
teardown() {
	scene_remove
}

# profile NAME LINE...: one of the user's own.
profile() {
	local name=$1
	shift
	printf '%s\n' "$@" | as_user tee "$PROFILES/$name.conf" >/dev/null
}

# wrong WHERE WORD LINE...: a profile of these lines is refused, in one line with file:WHERE and WORD.
wrong() {
	local where=$1 word=$2
	shift 2
	profile bad "$@"
	run turf run --profile bad --rw "$SCENE/project" -- /bin/sh -c "echo x >'$SCENE/project/started'"
	is_error 125 E_PROFILE "bad.conf:$where: " "$word" || return
	[ ! -e "$SCENE/project/started" ] || { echo "the program was started"; return 1; }
	[ -z "$(left_behind)" ] || { left_behind; return 1; }
	[ -z "$(ls -A "$SCENE/turf/cache" 2>/dev/null)" ] || { ls "$SCENE/turf/cache"; return 1; }
}

@test "shipped profiles run a program" {
	for name in default strict build node python; do
		run turf run -q --profile "$name" -- /bin/echo "$name"
		is_status 0
		is_output "$name"
	done
}

@test "an own profile gives what it says, and the command line wins" {
	profile mine '[profile]' 'base = default' '[view]' "ro = $SCENE/project:/data" '[environment]' 'set = COLOUR=green' \
		'pass = SHAPE' '[run]' 'workdir = /tmp'
	TURF_ENV+=(SHAPE=round)
	run turf run -q --profile mine -- /bin/sh -c 'cat /data/file; echo "$COLOUR $SHAPE"; pwd'
	is_status 0
	is_output "project file
green round
/tmp"
	run turf run -q --profile mine -e COLOUR=red -w / --tmpfs /data -- /bin/sh -c 'ls /data; echo "$COLOUR"; pwd'
	is_status 0
	is_output "red
/"
}

@test "a profile may be a path" {
	profile mine '[profile]' 'base = default' '[environment]' 'set = X=path'
	run turf run -q --profile "$PROFILES/mine.conf" -- /bin/sh -c 'echo "$X"'
	is_status 0
	is_output path
	RUN_IN=$PROFILES
	run turf run -q --profile ./mine.conf -- /bin/sh -c 'echo "$X"'
	is_status 0
	is_output path
}

@test "the work dir's comes before the user's configuration, that before the shipped one" {
	as_user mkdir -p "$SCENE/xdg/turf/profiles"
	printf '[profile]\nbase = default\n[environment]\nset = X=xdg\n' | as_user tee "$SCENE/xdg/turf/profiles/strict.conf" >/dev/null
	run turf run -q --profile strict -- /bin/sh -c 'echo "$X"'
	is_status 0
	is_output xdg
	profile strict '[profile]' 'base = default' '[environment]' 'set = X=work'
	run turf run -q --profile strict -- /bin/sh -c 'echo "$X"'
	is_status 0
	is_output work
}

@test "a changed profile or base counts at once" {
	profile low '[profile]' 'base = default' '[environment]' 'set = X=1'
	profile high '[profile]' 'base = low'
	for n in 1 2; do
		run turf run -q --profile high -- /bin/sh -c 'echo "$X"'
		is_status 0
		is_output "$n"
		profile low '[profile]' 'base = default' '[environment]' 'set = X=2'
	done
}

@test "a profile may start from the shipped one of its name" {
	profile default '[profile]' 'base = default' '[environment]' 'set = X=mine'
	run turf run -q -- /bin/sh -c 'echo "$X"'
	is_status 0
	is_output mine
}

@test "an optional path may be missing, another one not" {
	profile mine '[profile]' 'base = default' '[view]' 'ro = ?/nothing/here'
	run turf run -q --profile mine -- /bin/true
	is_status 0
	profile mine '[profile]' 'base = default' '[view]' 'ro = /nothing/here'
	run turf run -q --profile mine -- /bin/true
	is_status 125
	has /nothing/here
}

@test "mistakes have file and line" {
	wrong 1 '[vew]' '[vew]'
	wrong 2 'unknown key' '[view]' 'r0 = /usr'
	wrong 3 'not a size' '# comment' '[limits]' 'memory = lots'
	wrong 2 'must begin with /' '[view]' 'ro = usr'
	wrong 3 'already in line 2' '[limits]' 'memory = 1g' 'memory = 2g'
	wrong 3 'mapped twice' '[view]' 'ro = /usr' 'hide = /usr'
	wrong 3 'there twice' '[view]' '[run]' '[view]'
	wrong 2 'key = value' '[view]' 'ro /usr'
	wrong 2 'line of its own' '[view]' 'ro = /usr ; all of it'
	wrong 3 'indented' '[view]' 'ro = /usr' '  /bin'
	wrong 1 'before the first' 'ro = /usr'
	wrong 2 'no profile nothing' '[profile]' 'base = nothing'
	wrong 2 'too long' '[view]' "ro = /$(printf 'a%.0s' {1..9000})"
	wrong 2 'no port' '[network]' 'network = http'
}

@test "a NUL byte is refused" {
	as_user sh -c 'printf "[view]\nro = /usr\0/bin\n" >"$0/bad.conf"' "$PROFILES"
	run turf run --profile bad -- /bin/true
	is_error 125 E_PROFILE bad.conf NUL
}

@test "a profile that is not there, with the ones that are" {
	run turf run --profile nothing -- /bin/true
	is_error 125 E_PROFILE nothing strict
	run turf run --profile ./nothing.conf -- /bin/true
	is_error 125 E_PROFILE nothing.conf
	run turf run --profile ../x y -- /bin/true
	is_status 125
}

@test "a profile that cannot be read is not passed over" {
	profile strict '[profile]' 'base = default'
	chmod 000 "$PROFILES/strict.conf"
	run turf run --profile strict -- /bin/true
	is_error 125 E_PROFILE strict.conf "Permission denied"
}

@test "turf.conf chooses the profile; the command line wins" {
	profile mine '[profile]' 'base = default' '[environment]' 'set = X=mine'
	printf '[turf]\nprofile = mine\nquiet = yes\n' | as_user tee "$SCENE/turf/conf/turf.conf" >/dev/null
	run turf run -- /bin/sh -c 'echo "$X"'
	is_status 0
	is_output mine
	run turf run --profile default -- /bin/sh -c 'echo "${X-unset}"'
	is_status 0
	is_output unset
}

@test "a mistake in turf.conf stops every run" {
	printf '[turf]\nprofil = mine\n' | as_user tee "$SCENE/turf/conf/turf.conf" >/dev/null
	run turf run -- /bin/true
	is_error 125 E_PROFILE turf.conf:2 profil
}

@test "a cache file that somebody damaged is not believed" {
	profile mine '[profile]' 'base = default'
	run turf run -q --profile mine -- /bin/true
	is_status 0
	for file in "$SCENE"/turf/cache/*; do
		as_user sh -c 'printf x | dd of="$0" bs=1 seek=40 conv=notrunc 2>/dev/null; truncate -s -9 "$0"' "$file"
	done
	run turf run -q --profile mine -- /bin/true
	[ "$status" = 0 ] || is_error 125 E_PROFILE damaged
}

@test "strict: no /proc, nothing written can be run, the limits hold" {
	run turf run -q --profile strict -- /bin/sh -c 'ls /proc 2>/dev/null | wc -l; ulimit -n; ulimit -c'
	is_status 0
	is_output "0
256
0"
	run turf run -q --profile strict -- /bin/sh -c 'cp /bin/true /tmp/x; /tmp/x'
	[ "$status" = 126 ] || { echo "$status $output"; return 1; }
	run turf run -q --profile strict -- /bin/sh -c 'cp /bin/true /work/x; /work/x'
	[ "$status" = 126 ] || { echo "$status $output"; return 1; }
}

# ---- turf-compile itself ----

@test "turf-compile writes nothing when it fails, and the whole file when not" {
	profile mine '[view]' 'ro = /usr'
	run as_user "$TURF_COMPILE" profile -o "$SCENE/out" "$PROFILES/mine.conf"
	is_status 0
	[ -s "$SCENE/out" ]
	profile mine '[view]' 'ro = usr'
	run as_user "$TURF_COMPILE" profile -o "$SCENE/out2" "$PROFILES/mine.conf"
	is_error 125 E_PROFILE "mine.conf:2: [view] ro: "
	[ ! -e "$SCENE/out2" ]
	[ -z "$(find "$SCENE" -name '*.tmp-*')" ]
}

@test "turf-compile reads standard input and writes standard output" {
	run as_user sh -c 'printf "[turf]\nquiet = yes\n" | "$0" conf -o - - | od -An -c' "$TURF_COMPILE"
	is_status 0
	has "u   t   F   p"
	run as_user sh -c 'printf "[view]\nro = x\n" | "$0" profile --name here -o - -' "$TURF_COMPILE"
	is_error 125 E_PROFILE "here:2: "
}

@test "turf-compile's own command line" {
	run "$TURF_COMPILE"
	is_error 125 E_USAGE profile
	run "$TURF_COMPILE" profile "$PROFILES/x"
	is_error 125 E_USAGE "-o OUT"
	run "$TURF_COMPILE" profile -o x
	is_error 125 E_USAGE FILE
	run "$TURF_COMPILE" profile --nonsense x -o y z
	is_error 125 E_OPTION --nonsense
	run "$TURF_COMPILE" profile --name ../x -o y z
	is_error 125 E_NAME "../x"
	run "$TURF_COMPILE" --help
	is_status 0
	has usage
}
