#!/usr/bin/env bats
# Real programs as their users run them, each in a run of its own: they work, they see their own small world, and what
# lies outside is neither read nor changed. Every test runs twice: as this host is, and with user namespaces refused.

load ../cli/helper

setup() {
	scene_make
	RUN_IN=$SCENE/project
}
teardown() {
	[ "$(cat "$SCENE/secret/key")" = "nobody inside may read this" ]
	[ "$(cat "$SCENE/project/file")" = "project file" ]
	[ -z "$(left_behind)" ] || { left_behind; return 1; }
	scene_remove
}

# in_world SCRIPT [OPTIONS...]: bash under turf run in a writable project, on this host as it is and without user namespaces.
in_world() {
	local script=$1
	shift
	turf run -q --rw "$SCENE/project" "$@" -- bash -ec "$script" || return
	echo "-- without user namespaces"
	cd "$RUN_IN" && as_user env TURF_WORKDIR="$TURF_WORKDIR" "$HELPERS/refuse" userns "$TURF" run -q \
		--rw "$SCENE/project" "$@" -- bash -ec "$script"
}

# twice LINES: the whole output was LINES, both times.
twice() {
	is_status 0
	is_output "$1
-- without user namespaces
$1"
}

@test "bash: pipes, redirections, here-documents, subshells, jobs" {
	run in_world '
		seq 5 | sort -rn | head -n 2 | tr "\n" " "
		cat <<-END >text; cat <text; cat <<<here
			document
		END
		(cd /tmp && pwd); { echo err >&2; } 2>/dev/null; echo out >/dev/stdout
		sleep 0.1 & wait $!; echo job $?
		diff <(echo a) <(echo a) && echo same; rm text'
	twice '5 4 document
here
/tmp
out
job 0
same'
}

@test "bash: the home and the secret of the caller are not there" {
	run in_world 'ls -A ~ | tr "\n" " "; cat '"$SCENE"'/secret/key 2>&1 | sed "s/.*: //"; ls -A '"$SCENE"
	is_status 0
	has "No such file or directory"
	has_not "nobody inside"
}

@test "coreutils, grep, sed, awk, find, xargs over a tree" {
	run in_world '
		mkdir -p t/a/b t/c; for i in 1 2 3; do echo "line $i" >t/a/f$i; done; ln -s ../a/f1 t/c/link
		ln -s "$PWD/t/a" t/abs; cp -a t u; mv u/a u/moved; cat t/c/link t/abs/f2
		find t -type f | sort | xargs grep -l 2; sed -n "s/line /L/p" t/a/f3; awk "{n+=\$2} END {print n}" t/a/f*
		mv t/a/f1 /tmp/f1 && cat /tmp/f1 && ls u; readlink -f t/abs/f2 | sed "s,$PWD,.,"; rm -rf t u /tmp/f1; ls'
	twice 'line 1
line 2
t/a/f2
L3
6
line 1
abs
c
moved
./t/a/f2
file'
}

@test "tar packs and unpacks, also links and modes" {
	run in_world '
		mkdir -p src/sub; echo one >src/f; chmod 640 src/f; ln src/f src/hard; ln -s f src/soft; echo two >src/sub/g
		tar czf /tmp/p.tgz src; mkdir out; tar xzf /tmp/p.tgz -C out; diff -r src out/src && stat -c "%a %h" out/src/f
		readlink out/src/soft; rm -rf src out'
	twice '640 2
f'
}

@test "python3: files, tempfile, subprocess, threads, multiprocessing" {
	run in_world '/usr/bin/python3 - <<END
import os, subprocess, tempfile, threading, multiprocessing, pathlib, shutil, sqlite3
assert os.getcwd() == os.environ["PWD"], os.getcwd()
with tempfile.TemporaryDirectory() as d:
    p = pathlib.Path(d, "a", "b"); p.mkdir(parents=True); (p / "x").write_text("x")
    print(d.startswith("/tmp/"), (p / "x").resolve() == p / "x", sum(len(f) for _, _, f in os.walk(d)))
    shutil.copytree(p, p.parent / "c")
print(subprocess.run(["sh", "-c", "echo sub; pwd >/dev/null"], capture_output=True, text=True).stdout.strip())
print(subprocess.run(["pwd"], cwd="/tmp", capture_output=True, text=True).stdout.strip())
t = threading.Thread(target=lambda: print("thread")); t.start(); t.join()
def square(x): return x * x
with multiprocessing.Pool(2) as pool: print(pool.map(square, range(4)))
c = sqlite3.connect("/tmp/db"); c.execute("create table t(a)"); c.execute("insert into t values (7)"); print(c.execute("select a from t").fetchone())
c.close(); os.unlink("/tmp/db")
END'
	twice "True True 1
sub
/tmp
thread
[0, 1, 4, 9]
(7,)"
}

@test "python3: a virtual environment works and stays" {
	run in_world '
		/usr/bin/python3 -m venv --without-pip env; . env/bin/activate
		python -c "import sys, os; print(sys.prefix == os.getcwd() + \"/env\")"; command -v python | sed "s,$PWD,.,"
		rm -rf env'
	twice "True
./env/bin/python"
}

@test "gcc builds a project of 20 files with make -j2, and runs it" {
	run in_world '
		for i in $(seq 20); do echo "int f$i(void) { return $i; }" >f$i.c; done
		{ for i in $(seq 20); do echo "int f$i(void);"; done; echo "#include <stdio.h>"
		  echo "int main(void) { printf(\"%d\\n\", f1()"; for i in $(seq 2 20); do echo "+ f$i()"; done; echo "); }"; } >main.c
		printf "prog: main.o \$(patsubst %%.c,%%.o,\$(wildcard f*.c))\n\tgcc -o \$@ \$^\n" >Makefile
		make -j2 >log 2>&1 || cat log; ./prog; rm -f *.c *.o prog Makefile log'
	twice 210
}

@test "musl-gcc programs see the same world" {
	run in_world '
		printf "%s\n" "#include <stdio.h>" "#include <unistd.h>" "int main(void) { char b[4096]; FILE *f = fopen(\"/tmp/here\", \"r\");" \
			"puts(getcwd(b, sizeof b)); fputs(f && fgets(b, 9, f) ? b : \"none\", stdout); return access(\"/root\", F_OK) ? 0 : 1; }" >m.c
		musl-gcc -o m m.c; echo text >/tmp/here; ./m | sed "s,$PWD,.,"; rm -f m m.c /tmp/here'
	twice '.
text'
}

@test "git: clone of a local repository, commit, log, status, branches" {
	run in_world '
		export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
		git init -q -b main one; cd one; for i in 1 2 3; do echo $i >f$i; git add .; git commit -qm "commit $i"; done; cd ..
		git clone -q one two; cd two; git checkout -qb topic; echo more >>f1; git status --short; git commit -qam topic
		git log --format=%s; git push -q origin topic; git -C ../one branch --format="%(refname:short)"; git fsck 2>&1
		cd ..; rm -rf one two'
	twice ' M f1
topic
commit 3
commit 2
commit 1
main
topic'
}

@test "node runs a script and reads modules" {
	run in_world '
		mkdir -p node_modules/m; echo "module.exports = x => x + 1" >node_modules/m/index.js
		echo "import { readFileSync } from \"fs\"; export const text = readFileSync(\"file\", \"utf8\").trim();" >e.mjs
		echo "const m = require(\"m\"), { execSync } = require(\"child_process\");
			console.log(m(41), process.cwd() === process.env.PWD, require.resolve(\"m\").startsWith(process.cwd()));
			console.log(execSync(\"echo sub\").toString().trim()); import(\"./e.mjs\").then(e => console.log(e.text));" >s.js
		node s.js; rm -rf node_modules s.js e.mjs'
	twice '42 true true
sub
project file'
}

@test "perl: files, directories, commands" {
	run in_world '
		perl -MCwd -MFile::Temp=tempfile -MFile::Find -e "
			my (\$h, \$n) = tempfile(); print \$h qq(x\n); close \$h; print -s \$n, qq(\n);
			opendir my \$d, q(.) or die; print join(q( ), sort grep { !/^\./ } readdir \$d), qq(\n);
			print \`echo sub\`; print getcwd() eq \$ENV{PWD} ? qq(cwd\n) : getcwd(); find(sub { print qq(\$File::Find::name\n) }, q(.));"'
	twice '2
file
sub
cwd
.
./file'
}

@test "sqlite3 with a write-ahead log and two connections" {
	run in_world '
		sqlite3 db "pragma journal_mode=wal; create table t(a); insert into t values (1), (2);"
		sqlite3 db "insert into t select a + 10 from t; select sum(a) from t;" & wait
		sqlite3 db "select count(*) from t; pragma integrity_check;"; rm -f db db-wal db-shm'
	twice 'wal
26
4
ok'
}

@test "a static busybox is held by the wall, though nothing is translated for it" {
	run in_world '
		busybox echo static; busybox cat '"$SCENE"'/secret/key 2>&1 | busybox sed "s/.*: //"
		busybox sh -c "echo x >'"$SCENE"'/secret/new" 2>&1 | busybox sed "s/.*: //"
		busybox cat file; busybox sh -c "echo y >made"; cat made; rm made'
	is_status 0
	has "static" "Permission denied" "project file" "y"
	has_not "nobody inside"
	[ ! -e "$SCENE/secret/new" ]
}

@test "dash, and scripts with #! lines that lead through each other" {
	run in_world '
		printf "#!/bin/dash\necho dash \$0 \$1\n" >a; printf "#!$PWD/a -x\n" >b; printf "#!/usr/bin/env python3\nimport sys; print(sys.argv[0])\n" >c
		chmod +x a b c; ./a one; ./b | sed "s,$PWD,.,"; PATH=$PWD:$PATH c | sed "s,$PWD,.,"; env -i ./a clean; rm a b c'
	twice 'dash ./a one
dash ./a -x
./c
dash ./a clean'
}

@test "programs that drop their environment stay in the view" {
	run in_world '
		echo inside >/tmp/t; env -i /bin/cat /tmp/t; env -u LD_PRELOAD -u TURF_VIEW cat /tmp/t
		/usr/bin/python3 -c "import os; os.environ.clear(); os.system(\"/bin/cat /tmp/t\"); os.execve(\"/bin/cat\", [\"cat\", \"/tmp/t\"], {})"
		rm /tmp/t'
	twice 'inside
inside
inside
inside'
}
