#!/usr/bin/env bats
# turf run on a terminal: an own one inside, Ctrl-C, Ctrl-Z, window size; driven by cli/ptydrive.c.

load helper

setup() {
	# Known: a key typed within the first milliseconds of a run may still meet the wrong foreground group.
	# shellcheck disable=SC2034 # bats reads it
	BATS_TEST_RETRIES=3
	scene_make
}
teardown() {
	scene_remove
}

# on_terminal ACTION... -- CMD...: as the plain user. turf is in PATH as "turf".
on_terminal() {
	cd / && as_user env TURF_WORKDIR="$TURF_WORKDIR" TERM=xterm PATH="$BUILD/bin:/usr/bin:/bin" PS1='$ ' \
		"$HELPERS/ptydrive" "$@"
}

@test "the program has a terminal, but not the caller's" {
	run on_terminal -- sh -c 'echo "outer $(tty)"; turf run -q -- sh -c "tty; test -t 0 && test -t 1 && test -t 2 && echo all"'
	is_status 0
	has all
	outer=$(sed -n 's/^outer \([^[:space:]]*\).*/\1/p' <<<"$output")
	[ -n "$outer" ]
	[ "$(grep -cF "$outer" <<<"$output")" = 1 ]
}

@test "the window's size is the caller's, also after a change" {
	run on_terminal w=100x30 'e=30 100' w=132x43 'e=43 132' 's=done\n' -- \
		turf run -q -- sh -c 'trap "stty size" WINCH; stty size; while ! read -r x; do :; done; echo "$x"'
	is_status 0
	run on_terminal w=100x30 -- turf run -q -- sh -c 'echo $COLUMNS; stty size'
	has "30 100"
}

@test "what is typed arrives, what is printed is shown" {
	run on_terminal e=ready 's=hello\n' 'e=got hello' -- turf run -q -- sh -c 'echo ready; read -r x; echo "got $x"'
	is_status 0
}

@test "Ctrl-C interrupts the program: 130" {
	run on_terminal e=ready 's=\x03' -- turf run -q -- sh -c 'echo ready; sleep 30'
	is_status 130
	run on_terminal e=ready 's=\x03' e=caught -- turf run -q -- sh -c 'trap "echo caught; exit 5" INT; echo ready; while :; do sleep 0.1; done'
	is_status 5
}

@test "Ctrl-D is the end of the input" {
	run on_terminal e=ready 's=text\n' 'e=text' 'p=200' 's=\x04' -- turf run -q -- sh -c 'echo ready; exec cat'
	is_status 0
}

@test "Ctrl-Z stops turf and the program, fg goes on" {
	as_user sh -c 'printf "%s\n" "echo running" "sleep 0.5" "read -r x" "echo got \$x" >"$0/project/script"' "$SCENE"
	run on_terminal 'p=300' "s=turf run -q --ro $SCENE/project -- sh $SCENE/project/script\\n" 'e=running' \
		's=\x1a' 'e=topped' 's=echo in-the-shell $((40 + 2))\n' 'e=in-the-shell 42' \
		's=fg\n' 'p=300' 's=word\n' 'e=got word' 'p=500' 's=exit 7\n' -- bash --norc -i
	is_status 7
}

@test "the terminal is restored whatever ends the program" {
	for end in 'exit 3' 'stty raw -echo; exit 3' 'stty raw -echo; kill -KILL $$'; do
		run on_terminal -- sh -c 'before=$(stty -g); turf run -q -- sh -c "$0"; [ "$(stty -g)" = "$before" ] && echo restored' "$end"
		has restored
	done
	run on_terminal e=ready 's=\x03' -- sh -c 'trap : INT; before=$(stty -g); turf run -q -- sh -c "stty raw; echo ready; sleep 30"; sleep 0.2; [ "$(stty -g)" = "$before" ] && echo restored'
	has ready
}

@test "a terminal program paints and answers: job control inside" {
	run on_terminal 'p=300' 's=sleep 30\n' 'p=500' 's=\x1a' 'e=topped' 's=jobs; kill %1; echo left $?\n' 'e=left 0' 's=exit 4\n' -- \
		turf run -q -- bash --norc -i
	is_status 4
}

@test "only some of the three on a terminal: the others are as given" {
	run on_terminal -- sh -c 'echo piped | turf run -q -- sh -c "read x; echo \$x; test -t 1 && echo tty"'
	is_status 0
	has piped tty
	run on_terminal 'p=200' 's=word\n' -- sh -c 'turf run -q -- sh -c "read x; echo \$x" | tr a-z A-Z'
	has WORD
}

@test "a terminal that goes away ends the run" {
	run on_terminal e=ready k=1 -- turf run -q -- sh -c 'echo ready; sleep 64.5'
	[ "$status" != 0 ]
	sleep 0.5
	run pgrep -f 'sleep 64[.]5'
	is_output ""
}
