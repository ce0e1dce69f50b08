#!/usr/bin/env bats
# Shells and the tools of every system, as they are: what they do inside is what they do outside.

load ../cli/helper

setup() {
	scene_make
}
teardown() {
	# Whatever ran: the host outside is as it was.
	[ "$(cat "$SCENE/secret/key")" = "nobody inside may read this" ]
	scene_remove
}

# both SCRIPT: the same script bare and inside must print the same (in an empty directory each).
both() {
	local bare
	bare=$(as_user sh -c 'mkdir "$0/bare" && cd "$0/bare" && exec "$1" -c "$2" 2>&1' "$SCENE" "${SHELL_UNDER_TEST:-/bin/sh}" "$1")
	run turf run -q -- "${SHELL_UNDER_TEST:-/bin/sh}" -c "$1 2>&1"
	is_status 0
	is_output "$bare"
	rm -rf "$SCENE/bare"
}

@test "bash: pipes, redirections, here-documents, subshells, arrays, process substitution" {
	SHELL_UNDER_TEST=/bin/bash both '
		set -e
		printf "%s\n" c a b | sort | tr a-z A-Z >sorted; cat <sorted
		cat <<-END
		here $((6 * 7))
		END
		(cd /; pwd); pwd | grep -c .
		a=(x y z); echo "${a[@]:1}" "${#a[@]}"
		diff <(seq 3) <(seq 3) && echo same
		exec 5>out; echo five >&5; exec 5>&-; cat out
		echo err >&2 2>err; cat err; rm out err sorted; ls
		cat <<<"string"; [[ abc =~ ^a(.)c$ ]] && echo "${BASH_REMATCH[1]}"
		f() { local v=$1; echo "f $v"; }; f 1
		for i in {1..3}; do mkdir "d$i"; touch "d$i/file"; done; echo d*/file
		trap "echo trapped" EXIT'
}

@test "bash: background jobs, wait, kill, coprocesses" {
	SHELL_UNDER_TEST=/bin/bash both '
		sleep 0.1 & sleep 0.05 & wait; echo waited
		(exit 7) & wait $!; echo $?
		sleep 20 & kill $!; wait $!; echo $?
		coproc cat; echo through >&"${COPROC[1]}"; read -r x <&"${COPROC[0]}"; echo "$x"; kill $COPROC_PID'
}

@test "bash and dash run scripts by their #! line, with arguments, also through env and a second interpreter" {
	both '
		printf "#!/bin/sh\necho sh \$0 \$1\n" >a; printf "#!/usr/bin/env bash\necho \$BASH_VERSION >/dev/null; echo env \$1\n" >b
		printf "#!/bin/sed -n p\nline\n" >c; printf "#!./a x\n" >d
		chmod +x a b c d; ./a 1; ./b 2; ./c | tail -n 1; ./d; PATH=.:$PATH; a 3'
}

@test "dash" {
	SHELL_UNDER_TEST=/bin/dash both 'i=0; while [ $i -lt 3 ]; do echo $i; i=$((i + 1)); done; set -- a b; echo $#; echo "${1#a}x"'
}

@test "find, xargs, grep, sed, awk over a tree" {
	both '
		mkdir -p t/a/b t/c; seq 100 >t/a/n; echo needle >t/a/b/x; ln -s ../c t/a/link; touch t/c/empty
		find t | sort; find t -type l -printf "%p %l\n"; find -L t -name empty | sort; find t -name "*" -type f -size -1k
		grep -rn needle t; grep -c 1 t/a/n; find t -type f -print0 | xargs -0 wc -l | tail -n 1
		sed -n "s/^5\(.\)$/[\1]/p" t/a/n; awk "{ s += \$1 } END { print s }" t/a/n; cut -c1 t/a/n | sort | uniq -c | head -n 3'
}

@test "coreutils: cp -a, mv, rm -r, ln, chmod, touch, stat, install, mktemp, truncate, tee, split" {
	both '
		umask 022; mkdir -p a/b; echo 1 >a/f; chmod 640 a/f; ln -s f a/l; ln a/f a/h; touch -d 2001-02-03T04:05:06Z a/b
		cp -a a c; find c | sort; stat -c "%a %h %s" c/f; readlink c/l; stat -c %Y c/b
		mv c/f c/g; mv c d; ls d; install -D -m 700 a/f e/f/g; stat -c %a e/f/g
		t=$(mktemp); echo x >"$t"; cat "$t"; rm "$t"; d=$(mktemp -d); rmdir "$d"
		truncate -s 10000 big; split -b 4000 big part; ls part*; echo tee | tee x y; cat x y
		chmod -R a-w d; rm -rf d; ls; touch -r a/b n; stat -c %Y n; realpath --relative-to=. a/l; basename "$(realpath a/l)"; pwd -P >/dev/null; ln -sf x a/l; cat a/../x; rm -rf a e; mkfifo p; (echo fifo >p &); cat p; ls'
}

@test "mv and cp across mappings" {
	as_user mkdir "$SCENE/out"
	run inside "mkdir d; echo one >d/f; ln -s f d/l; mv d '$SCENE/out/d' && cat '$SCENE/out/d/l' && ls; mv '$SCENE/out/d/f' /tmp/f; cat /tmp/f; cp -a '$SCENE/project' . && cat project/file; mv project '$SCENE/out/'; ls '$SCENE/out'" --rw "$SCENE/out" --ro "$SCENE/project"
	is_status 0
	is_output $'one\none\nproject file\nd\nproject'
	[ -L "$SCENE/out/d/l" ]
	[ "$(cat "$SCENE/out/project/file")" = "project file" ]
	[ "$(cat "$SCENE/project/file")" = "project file" ]
}

@test "cp into a read-only mapping, rm of one, mv out of one: refused, and nothing lost" {
	run inside "echo x >x; cp x '$SCENE/project/'; rm -rf '$SCENE/project'; mv '$SCENE/project/file' .; ls -A; chmod 777 '$SCENE/project/file'; touch '$SCENE/project/file'; ln '$SCENE/project/file' l" --ro "$SCENE/project"
	[ "$status" != 0 ]
	has "ead-only"
	[ "$(cat "$SCENE/project/file")" = "project file" ]
	[ "$(stat -c %a "$SCENE/project/file")" != 777 ]
}

@test "tar packs and unpacks, with links, modes and times; gzip" {
	both '
		umask 022; mkdir -p t/sub; echo data >t/sub/f; chmod 750 t/sub; ln -s sub/f t/l; ln t/sub/f t/h; touch -d @1000000000 t/sub/f
		tar czf t.tgz t; mkdir u; tar xzf t.tgz -C u; find u | sort; cat u/t/l; stat -c "%a %Y %h" u/t/sub u/t/sub/f | sed "1s/ [0-9]* / /"
		tar tf t.tgz; gzip -t t.tgz && echo whole; cd u && tar cf - t | (mkdir ../v && cd ../v && tar xf -); ls ../v/t'
}

@test "date, id, env, ps, df, uname, nproc, locale run" {
	run inside 'date +%Y >/dev/null && id -un && uname -s && nproc >/dev/null && df . >/dev/null && ps >/dev/null && locale >/dev/null && test -d . && hostname >/dev/null; echo $?'
	has "$TURF_TEST_USER" Linux
	[ "${lines[-1]}" = 0 ]
}

@test "pwd, getcwd and PWD are guest paths" {
	run inside 'pwd; /bin/pwd; cd /usr/lib; /bin/pwd; readlink /proc/self/cwd; cd "$HOME"; /bin/pwd; python3 -c "import os; print(os.getcwd(), os.path.realpath(\".\"))"'
	is_status 0
	is_output "/work
/work
/usr/lib
/usr/lib
$USER_HOME
$USER_HOME $USER_HOME"
	has_not "$TURF_WORKDIR"
}

@test "busybox, static, is confined by the wall" {
	busybox=$(command -v busybox) || skip "no busybox"
	file=$(readlink -f "$busybox")
	! ldd "$file" >/dev/null 2>&1 || skip "busybox is not static"
	run turf run -q -- "$busybox" echo hi
	is_status 0
	is_output hi
	run turf run -q -- "$busybox" cat "$SCENE/secret/key"
	[ "$status" != 0 ]
	has_not "nobody inside"
	run turf run -q -- "$busybox" sh -c "cat '$SCENE/secret/key'; echo x >'$SCENE/project/new'; ls '$SCENE'"
	has_not "nobody inside"
	[ ! -e "$SCENE/project/new" ]
	run turf run -q -- "$busybox" head -n 1 /etc/passwd
	is_status 0
}

@test "a missing command is the shell's 127" {
	run turf run -q -- /bin/bash -c 'no-such-command'
	is_status 127
}
