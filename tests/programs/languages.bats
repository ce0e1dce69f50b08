#!/usr/bin/env bats
# Languages and builds: python3, node, perl, gcc with make, git, sqlite3, musl programs.

load ../cli/helper

setup() {
	scene_make
	PYTHON=/usr/bin/python3
}
teardown() {
	[ "$(cat "$SCENE/secret/key")" = "nobody inside may read this" ]
	scene_remove
}

# file NAME: stdin becomes a file of the project.
file() {
	cat >"$SCENE/project/$1"
	chmod 755 "$SCENE/project/$1"
}

@test "python3: files, glob, tempfile, shutil, zip, subprocess, threads" {
	file t.py <<-'END'
		import concurrent.futures, glob, json, os, pathlib, shutil, subprocess, sys, tempfile, threading, zipfile
		os.makedirs("a/b"); pathlib.Path("a/b/x.txt").write_text("x"); os.symlink("b/x.txt", "a/l")
		print(sorted(glob.glob("**/*", recursive=True)), os.readlink("a/l"), os.path.realpath("a/l"))
		with tempfile.TemporaryDirectory() as d, tempfile.NamedTemporaryFile() as f:
		    print(os.path.dirname(f.name), os.path.exists(d))
		shutil.copytree("a", "c", symlinks=True); shutil.rmtree("a"); print(sorted(os.listdir("c")))
		with zipfile.ZipFile("z.zip", "w") as z: z.write("c/b/x.txt")
		print(zipfile.ZipFile("z.zip").namelist())
		print(subprocess.run([sys.executable, "-c", "import os; print(os.getcwd(), os.environ.get('A'))"], env={"A": "1"}, capture_output=True, text=True, cwd="/usr").stdout.strip())
		print(subprocess.check_output("echo $0; cat c/b/x.txt", shell=True, text=True).split())
		print(subprocess.run(["/bin/echo", "empty env"], env={}, capture_output=True, text=True).stdout.strip())
		with concurrent.futures.ThreadPoolExecutor(4) as p: print(sum(p.map(lambda i: len(os.listdir("c")), range(50))))
		try: open(sys.argv[1]); print("READ")
		except OSError as e: print(type(e).__name__)
		print(os.path.exists(sys.argv[1]), os.access(sys.argv[1], os.R_OK), glob.glob(os.path.dirname(sys.argv[1]) + "/*"))
	END
	run turf run -q --ro "$SCENE/project" -w /work -- "$PYTHON" "$SCENE/project/t.py" "$SCENE/secret/key"
	is_status 0
	is_output "['a', 'a/b', 'a/b/x.txt', 'a/l'] b/x.txt /work/a/b/x.txt
/tmp True
['b', 'l']
['c/b/x.txt']
/usr 1
['/bin/sh', 'x']
empty env
100
FileNotFoundError
False False []"
}

@test "python3: multiprocessing with fork and spawn, shared memory, locks" {
	file mp.py <<-'END'
		import multiprocessing as mp
		from multiprocessing import shared_memory
		def f(x): return x * x
		if __name__ == "__main__":
		    for how in ("fork", "spawn", "forkserver"):
		        try:
		            with mp.get_context(how).Pool(2) as p: print(how, p.map(f, range(5)))
		        except OSError as e: print(how, "refused", e.strerror)
		    m = shared_memory.SharedMemory(create=True, size=64); m.buf[0] = 7
		    n = shared_memory.SharedMemory(name=m.name); print(n.buf[0]); n.close(); m.close(); m.unlink()
		    q = mp.Queue(); p = mp.Process(target=q.put, args=("through",)); p.start(); print(q.get()); p.join()
	END
	run turf run -q --ro "$SCENE/project" -w /work -- "$PYTHON" "$SCENE/project/mp.py"
	is_status 0
	has "fork [0, 1, 4, 9, 16]" "spawn [0, 1, 4, 9, 16]" $'\n7\n' through
	[ ! -e /dev/shm/turf-test ]
}

@test "python3: a virtual environment is made and used" {
	run turf run -q --profile python -- /bin/bash -c '
		set -e
		'"$PYTHON"' -m venv --without-pip env; . env/bin/activate
		python -c "import sys; print(sys.prefix, sys.prefix != sys.base_prefix)"
		mkdir -p $(python -c "import site; print(site.getsitepackages()[0])")/pkg
		pkg=$(echo env/lib/python3*/site-packages/pkg); echo "value = 42" >$pkg/__init__.py
		python -c "import pkg; print(pkg.value, pkg.__file__.startswith(\"/work/env\"))"
		python -m compileall -q env/lib/python3*/site-packages && ls $pkg/__pycache__ | wc -l
		printf "#!/work/env/bin/python\nimport sys; print(sys.prefix)\n" >script; chmod +x script; ./script'
	is_status 0
	is_output $'/work/env True\n42 True\n1\n/work/env'
}

@test "gcc builds a project of 20 files with make -j2, and the program runs" {
	run turf run -q --profile build -- /bin/bash -c '
		set -e
		mkdir src include; echo "int f0(int);" >include/f.h
		for i in $(seq 20); do
			echo "int f$i(int);" >>include/f.h
			printf "#include <stdio.h>\n#include \"f.h\"\nint f%d(int x) { return x + %d; }\n" $i $i >src/f$i.c
		done
		{ echo "#include <stdio.h>"; echo "#include \"f.h\""; echo "int main(void) { int s = 0;"
		  for i in $(seq 20); do echo "s = f$i(s);"; done; echo "printf(\"%d\\n\", s); return 0; }"; } >src/main.c
		{ echo "OBJ := \$(patsubst src/%.c,obj/%.o,\$(wildcard src/*.c))"
		  printf "prog: \$(OBJ)\n\t\$(CC) -o \$@ \$^\n"
		  printf "obj/%%.o: src/%%.c include/f.h | obj\n\t\$(CC) -Iinclude -MMD -O1 -c -o \$@ \$<\n"
		  printf "obj:\n\tmkdir -p \$@\n-include \$(OBJ:.o=.d)\n"; } >Makefile
		make -j2 >log 2>&1 || { cat log; exit 1; }
		./prog; grep -c "^gcc\|^cc" log; make | tail -n 1; touch include/f.h; make 2>&1 | grep -c -- -c
		ar rcs lib.a obj/f1.o obj/f2.o; nm lib.a | grep -c " T "; ldd ./prog | grep -c libc'
	is_status 0
	is_output "210
22
make: 'prog' is up to date.
21
2
1"
}

@test "git clones a local repository, commits, shows log, status and branches" {
	as_user sh -c '
		cd "$0/project" && git init -q -b main && git config user.name t && git config user.email t@e && git add . && git commit -qm first &&
		mkdir d && seq 200 >d/n && git add . && git commit -qm second' "$SCENE"
	before=$(as_user git -C "$SCENE/project" rev-parse HEAD)
	run turf run -q --ro "$SCENE/project" -- /bin/bash -c '
		set -e
		git config --global user.name inside; git config --global user.email inside@example.invalid
		git clone -q "$0" copy && cd copy && git log --format=%s && git status --short --branch
		git switch -qc topic && echo more >>d/n && git commit -qam third && git mv d e && git commit -qm moved && git log --format=%s -n 2
		git switch -q main && git merge -q topic && ls && git diff --stat HEAD~2 | tail -n 1 && git gc -q && git fsck --no-progress && git stash list && git tag -am v1 v1 && git describe
		git push -q origin main:refs/heads/pushed 2>/dev/null && echo PUSHED || echo "not pushed"' "$SCENE/project"
	is_status 0
	is_output "second
first
## main...origin/main
moved
third
e
file
 1 file changed, 1 insertion(+)
v1
not pushed"
	[ "$(as_user git -C "$SCENE/project" rev-parse HEAD)" = "$before" ]
	[ -z "$(as_user git -C "$SCENE/project" status --short)" ]
	[ "$(as_user git -C "$SCENE/project" branch --list pushed)" = "" ]
}

@test "node runs scripts, requires and imports modules, reads and writes files, starts children" {
	command -v /usr/bin/node >/dev/null || skip "no node"
	as_user mkdir -p "$SCENE/project/node_modules/dep/lib"
	file node_modules/dep/package.json <<<'{"name":"dep","version":"1.2.3","main":"lib/index.js"}'
	file node_modules/dep/lib/index.js <<<'exports.name = require("../package.json").version;'
	file esm.mjs <<-'END'
		import fs from "node:fs/promises"; import { name } from "dep/lib/index.js"; import path from "node:path";
		console.log(name, path.basename(new URL(import.meta.url).pathname), (await fs.readdir("/work")).length);
	END
	file main.js <<-'END'
		const fs = require("fs"), cp = require("child_process"), os = require("os"), { Worker } = require("worker_threads");
		console.log(require("dep").name, __dirname === process.argv[2], process.cwd());
		fs.mkdirSync("/work/a/b", { recursive: true }); fs.writeFileSync("/work/a/b/f", "data"); fs.cpSync("/work/a", "/work/c", { recursive: true });
		console.log(fs.readFileSync("/work/c/b/f", "utf8"), fs.realpathSync("/work/c/../a"), fs.readdirSync("/work"));
		try { fs.readFileSync(process.argv[3]); console.log("READ"); } catch (e) { console.log(e.code); }
		try { fs.writeFileSync(__dirname + "/new", "x"); console.log("WROTE"); } catch (e) { console.log(e.code); }
		console.log(cp.execFileSync("/bin/sh", ["-c", "echo child $0"], { env: {} }).toString().trim());
		console.log(cp.spawnSync(process.execPath, ["-p", "1+1"]).stdout.toString().trim(), os.tmpdir());
		fs.promises.readFile("/etc/hostname", "utf8").then(() => console.log("async"));
		new Worker("require('worker_threads').parentPort.postMessage(require('fs').existsSync('/usr'))", { eval: true }).on("message", m => console.log("worker", m));
	END
	run turf run -q --ro "$SCENE/project" -w /work --profile node -- /usr/bin/node "$SCENE/project/main.js" "$SCENE/project" "$SCENE/secret/key"
	is_status 0
	has "1.2.3 true /work" "data /work/a [ 'a', 'c' ]" ENOENT EROFS "child /bin/sh" "2 /tmp" async "worker true"
	has_not READ
	has_not WROTE
	run turf run -q --ro "$SCENE/project" -w /work --profile node -- /usr/bin/node "$SCENE/project/esm.mjs"
	is_status 0
	is_output "1.2.3 esm.mjs 0"
}

@test "perl: modules, files, directories, pipes, fork" {
	file t.pl <<-'END'
		use strict; use warnings; use File::Temp; use File::Find; use File::Copy; use File::Path qw(make_path); use Cwd; use POSIX;
		make_path("a/b"); open(my $f, ">", "a/b/x") or die; print $f "text\n"; close $f; copy("a/b/x", "a/y") or die; symlink "y", "a/l";
		my @all; find(sub { push @all, $File::Find::name }, "a"); print join(" ", sort @all), "\n";
		my $t = File::Temp->new; print((dirname($t) || ""), "\n"); sub dirname { my $n = "$_[0]"; $n =~ s|/[^/]*$||; $n }
		print getcwd(), " ", readlink("a/l"), " ", -s "a/y", "\n"; print `cat a/l`; open(my $p, "-|", "sort", "-r", "a/b/x") or die; print <$p>;
		my $pid = fork // die; if (!$pid) { exec "/bin/echo", "child" } waitpid $pid, 0; print $?, "\n";
		print open(my $s, "<", $ARGV[0]) ? "READ\n" : "$!\n"; opendir(my $d, "/work") or die; print join(" ", sort grep !/^\./, readdir $d), "\n";
	END
	run turf run -q --ro "$SCENE/project" -w /work -- /usr/bin/perl "$SCENE/project/t.pl" "$SCENE/secret/key"
	is_status 0
	has "a a/b a/b/x a/l a/y" "/tmp" "/work y 5" "child" "No such file or directory"
	[ "${lines[-1]}" = a ]
}

@test "sqlite3 with a write-ahead log, two writers at once" {
	command -v sqlite3 >/dev/null || skip "no sqlite3"
	run inside '
		set -e
		sqlite3 db "PRAGMA journal_mode=WAL; CREATE TABLE t (i INTEGER PRIMARY KEY, s TEXT);"
		(for i in $(seq 20); do sqlite3 -cmd ".timeout 5000" db "INSERT INTO t (s) VALUES (\"a\");"; done) &
		(for i in $(seq 20); do sqlite3 -cmd ".timeout 5000" db "INSERT INTO t (s) VALUES (\"b\");"; done) & wait
		sqlite3 db "SELECT s, count(*) FROM t GROUP BY s; PRAGMA integrity_check; PRAGMA wal_checkpoint(TRUNCATE); VACUUM;" ".backup copy"
		sqlite3 copy "SELECT count(*) FROM t"; ls'
	is_status 0
	is_output $'wal\na|20\nb|20\nok\n0|0|0\n40\ncopy\ndb'
	as_user sqlite3 "$SCENE/project/db" "CREATE TABLE t (x); INSERT INTO t VALUES (1)"
	run inside "sqlite3 '$SCENE/project/db' 'SELECT x FROM t'; sqlite3 '$SCENE/project/db' 'INSERT INTO t VALUES (2)'" --ro "$SCENE/project"
	has 1 "readonly"
}

@test "musl programs: dynamic ones see the view, static ones the wall" {
	command -v musl-gcc >/dev/null || skip "no musl-gcc"
	file m.c <<-'END'
		#include <dirent.h>
		#include <stdio.h>
		#include <stdlib.h>
		#include <string.h>
		#include <unistd.h>
		int main(int argc, char **argv)
		{
			char cwd[4096], line[64] = "";
			FILE *f = fopen("made", "w");
			if (f) { fputs("text", f); fclose(f); }
			f = fopen("made", "r");
			if (f) { if (fgets(line, sizeof(line), f)) puts(line); fclose(f); }
			puts(getcwd(cwd, sizeof(cwd)) ? cwd : "no cwd");
			f = fopen(argv[1], "r");
			puts(f ? "READ" : "no secret");
			DIR *d = opendir("/usr/lib");
			puts(d ? "system" : "no system");
			fflush(stdout);
			return system("echo from a shell");
		}
	END
	as_user musl-gcc -o "$SCENE/project/dynamic" "$SCENE/project/m.c"
	as_user musl-gcc -static -o "$SCENE/project/static" "$SCENE/project/m.c"
	run turf run -q --ro "$SCENE/project" -w /work -- "$SCENE/project/dynamic" "$SCENE/secret/key"
	is_status 0
	is_output $'text\n/work\nno secret\nsystem\nfrom a shell'
	run turf run -q --ro "$SCENE/project" -- "$SCENE/project/static" "$SCENE/secret/key"
	has "no secret" system
	has_not READ
}

@test "a C++ program with exceptions, threads and iostreams" {
	command -v g++ >/dev/null || skip "no g++"
	run turf run -q --profile build -- /bin/bash -c '
		cat >t.cc <<-"END"
			#include <filesystem>
			#include <fstream>
			#include <iostream>
			#include <stdexcept>
			#include <thread>
			int main()
			{
				std::thread t([] { std::ofstream("file") << "text"; }); t.join();
				std::string s; std::ifstream("file") >> s; std::cout << s << "\n";
				try { throw std::runtime_error("caught"); } catch (std::exception &e) { std::cout << e.what() << "\n"; }
				std::cout << std::filesystem::current_path().string() << " " << std::filesystem::exists("/etc/passwd") << "\n";
				try { (void)std::filesystem::file_size("/nothing"); } catch (std::filesystem::filesystem_error &) { std::cout << "none\n"; }
			}
		END
		g++ -std=c++17 -o t t.cc -pthread && ./t'
	is_status 0
	is_output $'text\ncaught\n/work 1\nnone'
}
