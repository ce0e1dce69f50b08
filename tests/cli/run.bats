#!/usr/bin/env bats
# turf run: exit codes, every option, what a run leaves behind.

load helper

setup() {
	scene_make
}
teardown() {
	scene_remove
}

# ---- exit codes ----

@test "the program's own exit code is turf's" {
	for code in 0 1 3 42 123 255; do
		run inside "exit $code"
		is_status "$code"
	done
	is_output ""
}

@test "a program that a signal ended gives 128 + its number" {
	for sig in HUP:129 KILL:137 SEGV:139 PIPE:141 TERM:143 USR1:138; do
		run inside "kill -${sig%:*} \$\$"
		is_status "${sig#*:}"
	done
}

@test "a missing program is 127 and named" {
	run turf run -- /nothing/here
	is_error 127 E_NOTFOUND /nothing/here
	run turf run -- no-such-program
	is_error 127 E_NOTFOUND no-such-program PATH
}

@test "a program that exists outside but not inside is told from one that is missing by its cause" {
	as_user cp /bin/true "$SCENE/project/prog"
	run turf run -- "$SCENE/project/prog"
	is_error 127 E_NOTFOUND "$SCENE/project/prog"
	run turf run --ro "$SCENE/project" -- "$SCENE/project/prog"
	is_status 0
}

@test "what cannot be executed is 126, with the real cause" {
	as_user sh -c 'echo text >"$0/project/plain"; echo garbage >"$0/project/garbage"; chmod 755 "$0/project/garbage"
		printf "#!/no/interpreter\n" >"$0/project/script"; chmod 755 "$0/project/script"' "$SCENE"
	run turf run --ro "$SCENE/project" -- "$SCENE/project/plain"
	is_error 126 E_NOEXEC "$SCENE/project/plain" "ermission"
	run turf run --ro "$SCENE/project" -- "$SCENE/project"
	is_error 126 E_NOEXEC "$SCENE/project"
	run turf run --ro "$SCENE/project" -- "$SCENE/project/garbage"
	is_error 126 E_NOEXEC "$SCENE/project/garbage"
	run turf run --ro "$SCENE/project" -- "$SCENE/project/script"
	[ "$status" = 126 ] || [ "$status" = 127 ]
	has "turf: E_NO" "$SCENE/project/script" /no/interpreter
}

@test "a program without the right to run it is 126" {
	run turf run -v "$SCENE/project:/p:rw,noexec" -- /bin/sh -c 'cp /bin/true /p/t && /p/t'
	is_status 126
}

@test "a program whose #! names the launcher's own file does not run turf inside" {
	as_user sh -c 'printf "#!/proc/self/exe\n" >"$0/project/script"; chmod 755 "$0/project/script"' "$SCENE"
	run turf run --ro "$SCENE/project" -- "$SCENE/project/script"
	[ "$status" = 126 ] || [ "$status" = 127 ]
	has "turf: E_NO"
}

# ---- the default world ----

@test "without options the program starts in an empty /work of its own" {
	run inside 'pwd; ls -A; echo hello >file; cat file'
	is_status 0
	is_output $'/work\nhello'
}

@test "the caller's home is not there, an empty one is" {
	run inside 'cd && pwd && ls -A && echo x >x && cat x'
	is_status 0
	is_output "$USER_HOME"$'\nx'
	[ ! -e "$USER_HOME/x" ]
	run inside "cat '$SCENE/secret/key'"
	is_status 1
	has "No such file"
}

@test "the system is there to read and to run, not to write" {
	run inside 'ls /usr/bin/env && head -c 4 /etc/passwd && date >/dev/null'
	is_status 0
	run inside 'echo x >/etc/turf-test'
	[ "$status" != 0 ]
	run inside 'touch /usr/turf-test'
	[ "$status" != 0 ]
	has "ead-only"
}

@test "/tmp is private and gone afterwards" {
	run inside 'echo x >/tmp/turf-test && cat /tmp/turf-test'
	is_status 0
	[ ! -e /tmp/turf-test ]
	run inside 'ls -A /tmp'
	is_output ""
}

@test "the small /dev works" {
	run inside 'head -c 3 /dev/zero | od -An -tx1; echo gone >/dev/null; head -c 1 /dev/urandom | wc -c; ls /dev'
	is_status 0
	has " 00 00 00" null urandom
	has_not sda
}

@test "the environment that passes is the safe list" {
	TURF_ENV=(LANG=C TZ=UTC LC_ALL=C SECRET_TOKEN=s3cret SSH_AUTH_SOCK=/x COLORTERM=yes)
	run turf run -q -- /usr/bin/env
	is_status 0
	has LANG=C TZ=UTC LC_ALL=C COLORTERM=yes PATH= "HOME=$USER_HOME"
	has_not SECRET_TOKEN
	has_not SSH_AUTH_SOCK
}

@test "loader variables of the caller do not reach the program" {
	TURF_ENV=(LD_LIBRARY_PATH=/tmp/evil LD_AUDIT=/tmp/evil.so)
	run turf run -q -- /usr/bin/env
	is_status 0
	has_not evil
}

# ---- the view's options ----

@test "--ro shows a directory, for reading only" {
	run inside "cat '$SCENE/project/file'; echo x >'$SCENE/project/new'" --ro "$SCENE/project"
	[ "$status" != 0 ]
	has "project file" "ead-only"
	[ ! -e "$SCENE/project/new" ]
}

@test "the program starts in /work where something else lies over the caller's directory" {
	as_user mkdir -p "$SCENE/home/here"
	TURF_ENV=(HOME="$SCENE/home")
	RUN_IN=$SCENE/home/here
	run inside pwd --ro /
	is_status 0
	is_output /work
	RUN_IN=/usr/share
	run inside pwd --ro /
	is_output /usr/share
	RUN_IN=$SCENE/project
	run inside pwd --copy .
	is_output "$SCENE/project"
}

@test "a program that is missing where nothing may run is missing, not forbidden" {
	run inside 'printf "#!/nothing\n" >s; chmod 755 s; exec /usr/bin/python3 -c "
import os
for p in (\"/nothing\", \"/etc/nothing\", \"/work/s\", \"/etc/passwd\"):
    try: os.execv(p, [p])
    except OSError as e: print(e.errno)"'
	is_output $'2\n2\n2\n13'
}

@test "--ro P:G shows it under another name" {
	run inside 'cat /data/in/file && ls /data' --ro "$SCENE/project:/data/in"
	is_status 0
	is_output $'project file\nin'
}

@test "--ro of a single file" {
	run inside 'cat /etc/my.conf' --ro "$SCENE/project/file:/etc/my.conf"
	is_status 0
	is_output "project file"
}

@test "--ro of the current directory starts the program there" {
	RUN_IN=$SCENE/project
	run inside 'pwd; cat file' --ro .
	is_status 0
	is_output "$SCENE/project"$'\nproject file'
}

@test "--rw lets changes through to the host" {
	run inside "echo new >'$SCENE/project/new' && mkdir '$SCENE/project/d' && rm '$SCENE/project/file'" --rw "$SCENE/project"
	is_status 0
	[ "$(cat "$SCENE/project/new")" = new ]
	[ -d "$SCENE/project/d" ]
	[ ! -e "$SCENE/project/file" ]
	[ "$(stat -c %U "$SCENE/project/new")" = "$TURF_TEST_USER" ]
}

@test "-v S:G writes, -v S:G:ro does not" {
	run inside 'echo a >/mnt/p/a' -v "$SCENE/project:/mnt/p"
	is_status 0
	[ -e "$SCENE/project/a" ]
	run inside 'cat /mnt/p/a; echo b >/mnt/p/b' -v "$SCENE/project:/mnt/p:ro"
	[ "$status" != 0 ]
	[ ! -e "$SCENE/project/b" ]
}

@test "--copy gives a private copy and leaves the original alone" {
	as_user sh -c 'mkdir "$0/project/sub"; ln -s file "$0/project/link"; echo deep >"$0/project/sub/deep"; chmod 750 "$0/project/sub"' "$SCENE"
	run inside "cd '$SCENE/project' && cat file sub/deep && readlink link && stat -c %a sub && echo changed >file && rm sub/deep && cat file" --copy "$SCENE/project"
	is_status 0
	is_output $'project file\ndeep\nfile\n750\nchanged'
	[ "$(cat "$SCENE/project/file")" = "project file" ]
	[ -e "$SCENE/project/sub/deep" ]
	run inside 'cat /c/file' --copy "$SCENE/project:/c"
	is_output "project file"
}

@test "--copy of the current directory starts the program there" {
	RUN_IN=$SCENE/project
	run inside 'pwd; echo x >y; ls' --copy .
	is_status 0
	is_output "$SCENE/project"$'\nfile\ny'
	[ ! -e "$SCENE/project/y" ]
}

@test "--hide takes away what a larger mapping shows" {
	run inside "cat '$SCENE/project/file'; ls '$SCENE/secret'; cat '$SCENE/secret/key'; ls '$SCENE'" --ro "$SCENE" --hide "$SCENE/secret"
	[ "$status" = 0 ]
	has "project file" "No such file"
	has_not "nobody inside"
	[ "$(grep -c '^secret$' <<<"$output")" = 0 ]
}

@test "--tmpfs gives an empty directory at any place" {
	run inside 'ls -A /scratch/deep && echo x >/scratch/deep/x && cat /scratch/deep/x' --tmpfs /scratch/deep
	is_status 0
	is_output x
	run inside "ls -A '$SCENE/project'" --ro "$SCENE" --tmpfs "$SCENE/project"
	is_status 0
	is_output ""
}

@test "-w sets the directory to start in" {
	run turf run -q -w /usr/lib -- /bin/pwd
	is_status 0
	is_output /usr/lib
	run turf run -q -w /nothing -- /bin/pwd
	is_error 125 E_PATH /nothing
}

@test "turf's own work dir is never shown" {
	run inside "ls -A '$TURF_WORKDIR'" --ro "$SCENE"
	[ "$status" != 0 ]
	run turf run --ro "$TURF_WORKDIR" -- /bin/true
	is_error 125 E_PATH "$TURF_WORKDIR"
}

# ---- environment ----

@test "-e K=V sets, -e K passes, the last one wins" {
	TURF_ENV=(MINE=theirs OTHER=o)
	run inside 'echo "$A $MINE $B ${OTHER-unset}"' -e A=1 -e MINE -e B=1 -e B=2
	is_status 0
	is_output "1 theirs 2 unset"
}

@test "--env-file reads NAME=VALUE lines" {
	as_user sh -c 'printf "# a comment\nA=one two\nB=x=y\n\nPASSED\n" >"$0/project/env"' "$SCENE"
	TURF_ENV=(PASSED=through)
	run inside 'echo "$A|$B|$PASSED"' --env-file "$SCENE/project/env"
	is_status 0
	is_output "one two|x=y|through"
	run turf run --env-file "$SCENE/nothing" -- /bin/true
	[ "$status" = 125 ]
	has "$SCENE/nothing"
}

@test "--clearenv passes nothing but -e" {
	run turf run -q --clearenv -e A=1 -- /usr/bin/env
	is_status 0
	has A=1
	has_not PATH=
	has_not HOME=
}

# ---- limits ----

@test "--timeout ends the run with 124 and says so" {
	start=$SECONDS
	run turf run --timeout 300ms -- /bin/sleep 60
	is_status 124
	has --timeout
	[ $((SECONDS - start)) -lt 10 ]
}

@test "--timeout ends a program that ignores SIGTERM, and its children" {
	run turf run --timeout 0.3s -- /bin/sh -c 'trap "" TERM; (trap "" TERM; sleep 61.5; sleep 61.5) & sleep 61.5; sleep 61.5'
	is_status 124
	run pgrep -f 'sleep 61[.]5'
	is_output ""
}

@test "--cpu-time ends a busy program with 124" {
	run turf run --cpu-time 300ms -- /bin/sh -c 'while :; do :; done'
	is_status 124
	has --cpu-time
	# A program that waits uses none.
	run turf run --cpu-time 300ms -- /bin/sleep 0.6
	is_status 0
}

@test "-m ends a program that takes too much with 137, and counts all processes together" {
	run turf run -m 60m -- /usr/bin/python3 -c 'b = bytearray(200 << 20); print(len(b))'
	is_status 137
	has --memory
	run turf run -m 400m -- /usr/bin/python3 -c 'b = bytearray(50 << 20); print(len(b))'
	is_status 0
	run turf run -m 100m -- /usr/bin/python3 -c '
import os, time
for i in range(4):
    if os.fork() == 0:
        b = bytearray(40 << 20)
        time.sleep(20)
        os._exit(0)
os.wait()'
	is_status 137
}

@test "--pids-limit stops a swarm" {
	run turf run --pids-limit 8 -- /bin/sh -c 'i=0; while [ $i -lt 40 ]; do sleep 5 & i=$((i + 1)); done; wait'
	[ "$status" != 0 ]
	run turf run --pids-limit 30 -- /bin/sh -c 'sleep 0.1 & sleep 0.1 & wait; echo done'
	is_status 0
}

@test "--ulimit sets soft and hard limits" {
	run inside 'ulimit -n; ulimit -Hn' --ulimit nofile=100:200
	is_status 0
	is_output $'100\n200'
	run inside 'ulimit -f' --ulimit fsize=512k
	is_status 0
}

@test "core dumps are off" {
	run inside 'ulimit -c; ulimit -Hc'
	is_output $'0\n0'
}

# ---- network ----

@test "--network none refuses sockets, host allows them, a list allows its ports only" {
	command -v python3 >/dev/null
	cat >"$BATS_TEST_TMPDIR/net.py" <<-'END'
		import socket, sys
		def attempt(what, f):
		    try:
		        f()
		        print(what, "ok")
		    except OSError as e:
		        print(what, "refused")
		def connect(port):
		    socket.create_connection(("127.0.0.1", port), 2).close()
		def bind(port):
		    s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", port))
		def udp():
		    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9))
		attempt("connect", lambda: connect(int(sys.argv[1])))
		attempt("connect other", lambda: connect(int(sys.argv[2])))
		attempt("bind", lambda: bind(int(sys.argv[3])))
		attempt("udp", udp)
	END
	as_user python3 -c '
import socket, sys, time
a = socket.socket(); a.bind(("127.0.0.1", 0)); a.listen(8)
b = socket.socket(); b.bind(("127.0.0.1", 0)); b.listen(8)
c = socket.socket(); c.bind(("127.0.0.1", 0)); free = c.getsockname()[1]; c.close()
print(a.getsockname()[1], b.getsockname()[1], free, flush=True)
time.sleep(60)' >"$BATS_TEST_TMPDIR/ports" 3>&- &
	server=$!
	for _ in $(seq 100); do [ -s "$BATS_TEST_TMPDIR/ports" ] && break; sleep 0.05; done
	read -r a b free <"$BATS_TEST_TMPDIR/ports"
	install -m 644 "$BATS_TEST_TMPDIR/net.py" "$SCENE/project/net.py"
	try() { turf run -q --ro "$SCENE/project" "$@" -- /usr/bin/python3 "$SCENE/project/net.py" "$a" "$b" "$free"; }
	run try
	none=$output
	run try --network host
	host=$output
	run try --network "connect:$a,bind:$free"
	list=$output
	pkill -P "$server" 2>/dev/null || true
	kill "$server" 2>/dev/null || true
	output=$none is_output $'connect refused\nconnect other refused\nbind refused\nudp refused'
	output=$host is_output $'connect ok\nconnect other ok\nbind ok\nudp ok'
	output=$list is_output $'connect ok\nconnect other refused\nbind ok\nudp refused'
}

# ---- names, output ----

@test "--name keeps the files; --rm does not; without a name nothing is kept" {
	run inside 'echo kept >file' --name mine
	is_status 0
	[ "$(cat "$TURF_WORKDIR/fallback/mine/code/file")" = kept ]
	run inside 'cat file' --name mine
	is_output kept
	run inside 'echo x >file' --name other --rm
	is_status 0
	[ ! -e "$TURF_WORKDIR/fallback/other" ]
	run inside 'echo x >file'
	rm -r "$TURF_WORKDIR/fallback/mine"
	[ -z "$(left_behind)" ] || { left_behind; return 1; }
}

@test "--ulimit takes the place of the limit that --memory sets" {
	run inside 'ulimit -Hd' -m 64m --ulimit data=1g
	is_status 0
	is_output 1048576
	run inside 'ulimit -Hd' -m 64m
	is_output 393216
}

@test "a program that takes the rights of its own directories away does not spoil its name" {
	run inside 'echo kept >file; chmod 0 /work /tmp "$HOME" /dev/shm' --name mine
	is_status 0
	run inside 'cat file; touch /tmp/x "$HOME/x"' --name mine
	is_status 0
	is_output kept
}

@test "a run without a name leaves no message to the next: attributes, ACLs, the shared page" {
	run turf run -q -- /usr/bin/python3 -c '
import glob, mmap, os
for d in ("/work", "/var/tmp", "/dev/shm"):
    os.setxattr(d, "user.turf", b"message")
shared = os.environ["TURF_VIEW"][:-4] + "shared"
maps = [l for l in open("/proc/self/maps") if shared in l]
start, end = (int(x, 16) for x in maps[0].split()[0].split("-"))
import ctypes
ctypes.memmove(end - 16, b"message", 7)'
	is_status 0
	run turf run -q -- /usr/bin/python3 -c '
import ctypes, os
print([os.listxattr(d) for d in ("/work", "/var/tmp", "/dev/shm")])
shared = os.environ["TURF_VIEW"][:-4] + "shared"
maps = [l for l in open("/proc/self/maps") if shared in l]
start, end = (int(x, 16) for x in maps[0].split()[0].split("-"))
print(ctypes.string_at(end - 16, 16).strip(b"\0"))'
	is_status 0
	is_output $'[[], [], []]\nb\'\''
}

@test "a name that is in use is refused" {
	turf run -q --name mine -- /bin/sleep 3 3>&- &
	for _ in $(seq 100); do [ -d "$TURF_WORKDIR/fallback/mine/code" ] && break; sleep 0.02; done
	sleep 0.2
	run turf run -q --name mine -- /bin/true
	wait
	is_error 125 E_EXISTS mine
}

@test "--report writes one JSON document about the end and the use" {
	run turf run -q --report "$SCENE/report" -- /bin/sh -c 'exit 7'
	is_status 7
	run python3 -c '
import json, sys
r = json.load(open(sys.argv[1]))
print(r["reason"], r["exit_code"], r["signal"], 0 < r["walltime_s"] < 10, 0 <= r["cputime_s"] < 10)' "$SCENE/report"
	is_output "exited 7 None True True"
	run turf run -q --report "$SCENE/report" -- /bin/sh -c 'kill -TERM $$'
	run python3 -c 'import json,sys; r = json.load(open(sys.argv[1])); print(r["reason"], r["exit_code"], r["signal"])' "$SCENE/report"
	is_output "signalled None 15"
	run turf run -q --timeout 200ms --report "$SCENE/report" -- /bin/sleep 9
	run python3 -c 'import json,sys; r = json.load(open(sys.argv[1])); print(r["reason"])' "$SCENE/report"
	is_output "walltime"
	run turf run -q --cpu-time 200ms --report "$SCENE/report" -- /bin/sh -c 'while :; do :; done'
	run python3 -c 'import json,sys; r = json.load(open(sys.argv[1])); print(r["reason"], r["cputime_s"] < 2)' "$SCENE/report"
	is_output "cputime True"
	run turf run -q -m 50m --report "$SCENE/report" -- /usr/bin/python3 -c 'b = bytearray(300 << 20); import time; time.sleep(5)'
	run python3 -c 'import json,sys; r = json.load(open(sys.argv[1])); print(r["reason"], r["memory_peak_pss_bytes"] >= 50 << 20)' "$SCENE/report"
	is_output "memory True"
}

@test "the CPU time of the report is the program's, also of its children" {
	run turf run -q --report "$SCENE/report" -- /usr/bin/python3 -c '
import os, time
def burn(s):
    end = time.process_time() + s
    while time.process_time() < end: pass
if os.fork() == 0:
    burn(0.3); os._exit(0)
os.wait(); burn(0.2)'
	is_status 0
	run python3 -c 'import json,sys; c = json.load(open(sys.argv[1]))["cputime_s"]; print(0.5 <= c < 0.8 or c)' "$SCENE/report"
	is_output True
}

@test "a report that cannot be written is an error before the program starts" {
	run turf run --report /nothing/report --rw "$SCENE/project" -- /bin/sh -c "echo started >'$SCENE/project/started'"
	is_error 125 E_PATH /nothing/report
	[ ! -e "$SCENE/project/started" ]
	ln -s "$SCENE/elsewhere" "$SCENE/link"
	run turf run --report "$SCENE/link" -- /bin/true
	is_error 125 E_PATH "$SCENE/link"
	[ ! -e "$SCENE/elsewhere" ]
}

@test "--status-fd writes the report to a descriptor that the program does not have" {
	run bash -c '
		. "$TOP/tests/cli/helper.bash"; RUN_IN=/; TURF_ENV=()
		turf run -q --status-fd 7 -- /bin/sh -c "ls /proc/self/fd | tr \"\n\" \" \"; exit 4" 7>"$BATS_TEST_TMPDIR/status"
		echo "rc $?"; grep -o "\"exit_code\": 4" "$BATS_TEST_TMPDIR/status"'
	has "rc 4" '"exit_code": 4'
	has_not "7"
	run turf run -q --status-fd 77 -- /bin/true
	is_error 125 E_VALUE 77
}

@test "--preserve-fds passes what it counts and nothing more" {
	run bash -c '
		. "$TOP/tests/cli/helper.bash"; RUN_IN=/; TURF_ENV=()
		exec 3<<<"three" 4<<<"four" 5<<<"five"
		turf run -q --preserve-fds 2 -- /bin/sh -c "cat <&3; cat <&4; (cat <&5) 2>/dev/null || echo closed"'
	is_status 0
	is_output $'three\nfour\nclosed'
	run turf run -q --preserve-fds 40 -- /bin/true
	[ "$status" = 0 ] || [ "$status" = 125 ]
}

@test "--explain prints the view and the rules and runs nothing" {
	run turf run --explain --rw "$SCENE/project" --hide "$SCENE/project/x" --network 443 -- /bin/sh -c "echo ran >'$SCENE/project/ran'"
	is_status 0
	has /usr "$SCENE/project" /work /tmp 443
	[ ! -e "$SCENE/project/ran" ]
	[ -z "$(left_behind)" ]
}

@test "-q silences all but errors; --log and --log-format send messages to a file" {
	run turf run -q --timeout 100ms -- /bin/sleep 5
	is_status 124
	is_output ""
	run turf run --log "$SCENE/log" --timeout 100ms -- /bin/sleep 5
	is_output ""
	grep -q -- --timeout "$SCENE/log"
	rm "$SCENE/log"
	run turf run --log "$SCENE/log" --log-format json --timeout 100ms -- /bin/sleep 5
	run python3 -c 'import json,sys; [print(json.loads(l)["level"]) for l in open(sys.argv[1])]' "$SCENE/log"
	is_status 0
	has warn
}

@test "data goes to stdout, talk to stderr" {
	run bash -c '. "$TOP/tests/cli/helper.bash"; RUN_IN=/; TURF_ENV=(); turf run --timeout 100ms -- /bin/sh -c "echo data; sleep 5" 2>/dev/null'
	is_output data
}

@test "stdin is as given: a pipe, a file, closed, and not drained" {
	run bash -c '. "$TOP/tests/cli/helper.bash"; RUN_IN=/; TURF_ENV=(); printf "one\ntwo\n" | { turf run -q -- /bin/sh -c "read x; echo got \$x"; cat; }'
	has "got one"
	run bash -c '. "$TOP/tests/cli/helper.bash"; RUN_IN=/; TURF_ENV=(); turf run -q -- /bin/cat </etc/hostname'
	is_output "$(cat /etc/hostname)"
	run bash -c '. "$TOP/tests/cli/helper.bash"; RUN_IN=/; TURF_ENV=(); turf run -q -- /bin/cat <&-'
	is_output ""
	run bash -c '. "$TOP/tests/cli/helper.bash"; RUN_IN=/; TURF_ENV=(); head -c 1000000 /dev/zero | turf run -q -- /usr/bin/wc -c'
	is_output 1000000
}

@test "a reader that goes away ends the program as a shell would" {
	run bash -c '. "$TOP/tests/cli/helper.bash"; RUN_IN=/; TURF_ENV=(); set -o pipefail; turf run -q -- /usr/bin/yes | head -n 1; echo "${PIPESTATUS[0]}"'
	is_output $'y\n141'
}

# ---- profiles ----

@test "--profile takes a shipped one: strict has no /proc and a time limit" {
	run turf run -q --profile strict -- /bin/sh -c 'ls -d /proc/self; echo $HOME; pwd'
	has "No such file"
	run turf run --profile strict --explain -- /bin/true
	is_status 0
	has 60
	for profile in default build node python; do
		run turf run -q --profile "$profile" -- /bin/echo "$profile"
		is_status 0
		is_output "$profile"
	done
}

@test "a profile of the work dir's conf is found, the command line wins over it" {
	as_user mkdir -p "$TURF_WORKDIR/conf/profiles"
	as_user sh -c 'printf "[profile]\nbase = default\n[environment]\nset = FROM=profile\n[limits]\ntimeout = 100ms\n" >"$0/conf/profiles/mine.conf"' "$TURF_WORKDIR"
	run inside 'echo $FROM' --profile mine
	is_output profile
	run turf run -q --profile mine -- /bin/sleep 5
	is_status 124
	run turf run -q --profile mine --timeout 0 -- /bin/sleep 0.3
	is_status 0
	run inside 'echo $FROM' --profile mine -e FROM=line
	is_output line
}

@test "a profile that does not exist, and one with an error, are named with file and line" {
	run turf run --profile nothing -- /bin/true
	is_error 125 E_PROFILE nothing
	as_user sh -c 'printf "[limits]\nmemory = lots\n" >"$0/bad.conf"' "$SCENE"
	run turf run --profile "$SCENE/bad.conf" -- /bin/true
	is_error 125 E_PROFILE "bad.conf:2" memory
	[ -z "$(left_behind)" ]
}

# ---- modes, tiers ----

@test "modes and tiers that are not there are refused, never replaced" {
	run turf run --mode rootless -- /bin/true
	is_error 125 E_NOTYET rootless
	run turf run --tier broker -- /bin/true
	is_error 125 E_NOTYET broker
	run turf run --mode fallback --tier kernel -- /bin/true
	is_status 0
	run turf run --require landlock,seccomp -- /bin/true
	is_status 0
	run turf run --require criu,landlock -- /bin/true
	[ "$status" = 0 ] || is_error 125 E_KERNEL criu
	run turf run --require nonsense -- /bin/true
	is_error 125 E_VALUE nonsense landlock
}

@test "the cooperative tier must be asked for, and says what it is" {
	run turf run --tier cooperative -- /bin/echo hi
	is_status 0
	has hi cooperative
	run turf run -q --tier cooperative -- /bin/cat "$SCENE/secret/key"
	is_status 1
	has "No such file"
}

@test "without Landlock turf refuses to start, and says what would remain" {
	for what in landlock landlock-eperm; do
		run bash -c '. "$TOP/tests/cli/helper.bash"; TURF=$HELPERS/refuse; RUN_IN=/; TURF_ENV=(); turf "$0" "$1" run -- /bin/echo ran' "$what" "$BUILD/bin/turf"
		is_status 125
		has "turf: E_KERNEL: " andlock cooperative
		has_not $'\nran'
	done
}

@test "without seccomp turf refuses to start" {
	run bash -c '. "$TOP/tests/cli/helper.bash"; TURF=$HELPERS/refuse; RUN_IN=/; TURF_ENV=(); turf seccomp "$BUILD/bin/turf" run -- /bin/echo ran'
	is_status 125
	has "turf: E_KERNEL: " eccomp
}

@test "without user namespaces nothing changes" {
	run bash -c '. "$TOP/tests/cli/helper.bash"; TURF=$HELPERS/refuse; RUN_IN=/; TURF_ENV=(); turf userns "$BUILD/bin/turf" run -q -- /bin/echo ran'
	is_status 0
	is_output ran
}

# ---- a hostile neighbour ----

@test "a killed launcher leaves no process and no name that cannot be used again" {
	turf run -q --name mine -- /bin/sh -c 'setsid sleep 62.5 & sleep 62.5' 3>&- &
	for _ in $(seq 200); do pgrep -f 'sleep 62[.]5' >/dev/null && break; sleep 0.02; done
	sleep 0.1
	pkill -KILL -f "^$TURF run -q --name mine"
	for _ in $(seq 100); do pgrep -f '^/bin/sh -c setsid sleep 62[.]5' >/dev/null || break; sleep 0.02; done
	run pgrep -f '^/bin/sh -c setsid sleep 62[.]5'
	is_output ""
	pkill -KILL -f 'sleep 62[.]5' || true
	run inside 'echo again' --name mine
	is_status 0
	is_output again
}

@test "SIGTERM to turf ends the program and everything it started" {
	turf run -q -- /bin/sh -c 'setsid sleep 63.5 & sleep 63.5' 3>&- &
	for _ in $(seq 200); do [ "$(pgrep -cf '^sleep 63[.]5')" = 2 ] && break; sleep 0.02; done
	pkill -TERM -f "^$TURF run -q -- /bin/sh -c setsid sleep 63"
	status=0
	wait $! || status=$?
	is_status 143
	run pgrep -f 'sleep 63[.]5'
	is_output ""
	[ -z "$(left_behind)" ]
}

@test "nothing is left after success, failure, limit and signal" {
	run inside 'echo x >x; mkdir -p a/b/c; ln -s / l; chmod 000 a'
	run inside 'exit 9'
	run turf run -q --timeout 100ms -- /bin/sleep 9
	run inside 'kill -KILL $$'
	run turf run -- /nothing
	[ -z "$(left_behind)" ] || { left_behind; return 1; }
}
