# Sourced by tests/check.sh, tests/demo.sh and .ci/run: the plain user, and steps with their counts (docs/testing.md).
# shellcheck shell=bash

passed=0
failed=0
skipped=0
failed_steps=()

# The user that the tests run as. Under root a plain one is made: turf's users have no privilege.
pick_user() {
	if [ "$(id -u)" = 0 ]; then
		TURF_TEST_USER=${TURF_TEST_USER:-turfer}
		id "$TURF_TEST_USER" >/dev/null 2>&1 || useradd -m -s /bin/bash "$TURF_TEST_USER" || return
	else
		TURF_TEST_USER=$(id -un)
	fi
	export TURF_TEST_USER
}

# as_user CMD...: as that user, in that user's home environment.
as_user() {
	if [ "$(id -u)" != 0 ]; then
		"$@"
		return
	fi
	local home
	home=$(getent passwd "$TURF_TEST_USER" | cut -d: -f6)
	setpriv --reuid "$TURF_TEST_USER" --regid "$(id -g "$TURF_TEST_USER")" --init-groups --inh-caps=-all \
		env HOME="$home" USER="$TURF_TEST_USER" LOGNAME="$TURF_TEST_USER" "$@"
}

# Whether a skip is listed in tests/skips.txt.
is_skip_listed() {
	local pattern reason

	while read -r pattern reason; do
		case $pattern in '' | '#'*) continue ;; esac
		# shellcheck disable=SC2254 # it is meant as a pattern
		case $1 in $pattern) [ -n "$reason" ] && return 0 ;; esac
	done <"$TOP/tests/skips.txt"
	return 1
}

# Checks the skips of a step's log; prints what is wrong, one line a complaint.
check_skips() {
	local log=$1 count=$2 name n=0

	while IFS= read -r name; do
		n=$((n + 1))
		name=${name#skip: }
		name=${name%%: *}
		[ "${CI-}" != true ] || is_skip_listed "$name" ||
			echo "skip not listed in tests/skips.txt: $name"
	done < <(grep '^skip: ' "$log")
	[ "$n" = "$count" ] || echo "$count skipped, but $n skips have a name"
}

# step NAME CMD...: a command with a closing line "N passed, N failed, N skipped".
step() {
	local name=$1 log line status p f s complaint
	shift
	log=$LOG_DIR/$name.log
	mkdir -p "$LOG_DIR"
	echo "== $name"
	"$@" </dev/null 2>&1 | tee "$log"
	status=${PIPESTATUS[0]}
	line=$(grep -aE '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$log" | tail -n 1)
	read -r p f s < <(tr -dc '0-9 \n' <<<"$line")
	p=${p:-0} f=${f:-0} s=${s:-0}
	if [ -z "$line" ]; then
		complaint="no closing line (status $status)"
	elif [ $((p + f)) = 0 ]; then
		complaint="ran no test (status $status)"
	elif [ "$f" = 0 ] && [ "$status" != 0 ]; then
		complaint="nothing failed, but status $status"
	elif [ "$f" != 0 ] && [ "$status" = 0 ]; then
		complaint="$f failed, but status 0"
	else
		complaint=$(check_skips "$log" "$s")
	fi
	if [ -n "$complaint" ]; then
		echo "== $name: $complaint"
		f=$((f + 1))
	fi
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	[ "$f" = 0 ] || failed_steps+=("$name")
	return 0
}

# plain_step NAME CMD...: a command that passes or fails as a whole; its output is shown when it fails.
plain_step() {
	local name=$1 log start=$SECONDS
	shift
	log=$LOG_DIR/$name.log
	mkdir -p "$LOG_DIR"
	if "$@" </dev/null >"$log" 2>&1; then
		echo "ok $name ($((SECONDS - start)) s)"
		passed=$((passed + 1))
	else
		echo "FAILED $name: $*"
		tail -n 60 "$log"
		failed=$((failed + 1))
		failed_steps+=("$name")
	fi
}

# The closing line; returns 1 when something failed.
summary() {
	[ ${#failed_steps[@]} = 0 ] || echo "failed: ${failed_steps[*]}"
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" = 0 ] && [ "$passed" != 0 ]
}
