#!/usr/bin/env bats
# Help, version, manual page, completion: data on stdout, status 0, from one table.

load helper

setup() {
	scene_make
}
teardown() {
	scene_remove
}

@test "help lists the commands" {
	for form in help --help -h; do
		run turf "$form"
		is_status 0
		has "  run " "  info " "  doctor " "Not built yet:"
	done
}

@test "help of a command is the same by each spelling" {
	run turf help run
	is_status 0
	text=$output
	for form in "run --help" "run -h" "run -m 64m --help -- x"; do
		# shellcheck disable=SC2086 # words are meant
		run turf $form
		is_status 0
		is_output "$text"
	done
	has "--memory" "--preserve-fds" "Exit code"
}

@test "help behind -- is the program's" {
	run turf run -q -- /bin/sh -c 'echo "$1"' sh --help
	is_status 0
	is_output --help
}

@test "help of every command, built or not" {
	for command in run info doctor help version create ps; do
		run turf help "$command"
		is_status 0
		has "turf $command"
	done
	run turf info --help
	is_status 0
	has --format
}

@test "help of what is no command" {
	run turf help nonsense
	is_error 125 E_COMMAND nonsense
	run turf help run info
	is_error 125 E_USAGE info
}

@test "the version is one line that engines parse, more below" {
	for form in version --version -V; do
		run turf "$form"
		is_status 0
		[[ ${lines[0]} =~ ^turf\ version\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	done
	run turf version now
	is_error 125 E_USAGE now
}

@test "the manual page is clean troff" {
	run turf help --man
	is_status 0
	has ".TH TURF 1" ".SH OPTIONS"
	command -v man >/dev/null || skip "no man here"
	turf help --man >"$BATS_TEST_TMPDIR/turf.1"
	run env LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -E UTF-8 -l "$BATS_TEST_TMPDIR/turf.1"
	is_status 0
	has_not warning
	has OPTIONS
}

@test "completion scripts are accepted by their shells" {
	turf help --completion bash >"$BATS_TEST_TMPDIR/c"
	bash -n "$BATS_TEST_TMPDIR/c"
	for shell in zsh fish; do
		turf help --completion $shell >"$BATS_TEST_TMPDIR/c.$shell"
		if command -v $shell >/dev/null; then $shell -n "$BATS_TEST_TMPDIR/c.$shell"; fi
	done
	run turf help --completion csh
	is_error 125 E_VALUE --completion
	run turf help --completion
	is_error 125 E_VALUE --completion
}

@test "a full disk behind the output is an error" {
	run as_user sh -c '"$0" help >/dev/full' "$TURF"
	is_error 125 E_SYSTEM "standard output"
}
