/*
 * exec, posix_spawn, system, popen, wordexp: the new program is looked up in the view and runs inside it, whatever
 * the environment it was given. The driver copies itself to /work/self, which as a child says by its exit status
 * whether it sees the view (42).
 */
#include "drv.h"

#include <spawn.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <wordexp.h>

extern char **environ;

#define SEES 42

/* ---- the child ---- */

static int child(int argc, char **argv)
{
	char cwd[256];

	if (strcmp(text_of(open("/work/a", O_RDONLY)), "one a") != 0)
		return 1;
	if (argc > 2 && strcmp(argv[1], "cwd") == 0)
		return getcwd(cwd, sizeof(cwd)) && strcmp(cwd, argv[2]) == 0 ? SEES : 2;
	if (argc > 2 && strcmp(argv[1], "args") == 0)
		return argc - 2;
	if (argc > 2 && strcmp(argv[1], "script") == 0)
		return strcmp(argv[2], "/work/wscript") == 0 && argc == 4 ? SEES : 3;
	if (argc > 2 && strcmp(argv[1], "env") == 0)
		return getenv("KEPT") && strcmp(getenv("KEPT"), argv[2]) == 0 ? SEES : 4;
	if (argc > 2 && strcmp(argv[1], "name") == 0)
		return strcmp(argv[0], argv[2]) == 0 ? SEES : 5;
	if (argc > 1 && strcmp(argv[1], "read") == 0)
		return strcmp(text_of(0), "one b") == 0 ? SEES : 6;
	return SEES;
}

/* ---- helpers of the parent ---- */

static int status_of(pid_t pid)
{
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* The exit status of a child that runs `call`; 200 and errno when that comes back. */
#define RUNS(call)                                                                                 \
	({                                                                                         \
		pid_t pid_ = fork();                                                               \
		if (pid_ == 0) {                                                                   \
			call;                                                                      \
			_exit(200 + (errno > 50 ? 50 : errno));                                    \
		}                                                                                  \
		status_of(pid_);                                                                   \
	})

static void copy_self(void)
{
	static char buf[1 << 16];
	long in = tf_sys(SYS_open, "/proc/self/exe", O_RDONLY, 0), n;
	long out = tf_sys(SYS_open, on_host("one/self"), O_WRONLY | O_CREAT | O_TRUNC, 0755);

	while ((n = tf_sys(SYS_read, in, buf, sizeof(buf))) > 0)
		tf_sys(SYS_write, out, buf, n);
	tf_sys(SYS_close, in);
	tf_sys(SYS_close, out);
}

static void put_program(const char *name, const char *text)
{
	host_put(name, text);
	tf_sys(SYS_chmod, on_host(name), 0755);
}

/* The system's directories have short names on the host; the skeleton gets them too. */
static void link_system(void)
{
	static const char *const names[] = {"bin", "lib", "lib64"};
	char target[32], link[64];

	tf_sys(SYS_chmod, on_host("root"), 0755);
	for (int i = 0; i < 3; i++) {
		snprintf(target, sizeof(target), "usr/%s", names[i]);
		snprintf(link, sizeof(link), "root/%s", names[i]);
		tf_sys(SYS_symlink, target, on_host(link));
	}
	tf_sys(SYS_chmod, on_host("root"), 0555);
}

/* ---- the exec family ---- */

static void test_execve(void)
{
	char *args[] = {"self", "x", NULL}, *none[] = {NULL}, *kept[] = {"KEPT=yes", NULL};
	char *env[] = {"self", "env", "yes", NULL}, *name[] = {"strange", "name", "strange", NULL};

	SAME(RUNS(execve("/work/self", args, environ)), SEES);
	SAME(RUNS(execve("/work/self", args, none)), SEES);
	SAME(RUNS(execve("/work/self", args, NULL)), SEES);
	SAME(RUNS(execve("/work/self", env, kept)), SEES);
	SAME(RUNS(execve("self", name, none)), SEES);
	SAME(RUNS(execve("../work/self", args, none)), SEES);
	SAME(RUNS((unsetenv("LD_PRELOAD"), execv("/work/self", args))), SEES);
	SAME(RUNS((unsetenv("TURF_VIEW"), execv("/work/self", args))), SEES);
	SAME(RUNS((setenv("LD_PRELOAD", "", 1), execv("/work/self", args))), SEES);
	SAME(RUNS((clearenv(), execv("/work/self", args))), SEES);
	SAME(RUNS(fexecve(open("/work/self", O_RDONLY), args, none)), SEES);
	FAILS(execve("/work/nothing", args, environ), ENOENT);
	FAILS(execve("/work/a", args, environ), EACCES);
	FAILS(execve("/work", args, environ), EACCES);
	FAILS(execve("/work/a/self", args, environ), ENOTDIR);
	FAILS(execve("/tmp/tool", args, environ), EACCES);
	FAILS(execve("", args, environ), ENOENT);
	FAILS(execve(on_host("one/self"), args, environ), ENOENT);
}

static void test_lists(void)
{
	char *kept[] = {"KEPT=l", NULL};

	SAME(RUNS(execl("/work/self", "self", (char *)NULL)), SEES);
	SAME(RUNS(execl("/work/self", "self", "args", "1", "2", "3", "4", "5", "6", "7",
	                (char *)NULL)),
	     7);
	SAME(RUNS(execle("/work/self", "self", "env", "l", (char *)NULL, kept)), SEES);
	SAME(RUNS((clearenv(), execle("/work/self", "self", (char *)NULL, environ))), SEES);
	SAME(RUNS((setenv("PATH", "/nothing:/work", 1), execlp("self", "self", (char *)NULL))),
	     SEES);
}

static void test_search(void)
{
	char *args[] = {"self", "x", NULL}, *kept[] = {"KEPT=p", NULL};
	char *env[] = {"self", "env", "p", NULL};
	char *plain[] = {"plain", "args", NULL};

	setenv("PATH", "/nothing:/ro:/work", 1);
	SAME(RUNS(execvp("self", args)), SEES);
	SAME(RUNS(execvpe("self", env, kept)), SEES);
	SAME(RUNS(execvp("/work/self", args)), SEES);
	/* No format that the kernel knows: a script for the shell. */
	put_program("one/plain", "test \"$1\" = args && exit 7\n");
	SAME(RUNS(execvp("plain", plain)), 7);
	SAME(RUNS(execvp("/work/plain", plain)), 7);
	FAILS(execv("/work/plain", plain), ENOEXEC);
	FAILS(execvp("nothing", args), ENOENT);
	FAILS(execvp("", args), ENOENT);
	/* A file that may not be executed is remembered, one further on is taken. */
	host_put("two/self", "no program\n");
	SAME(RUNS(execvp("self", args)), SEES);
	setenv("PATH", "/ro:/nothing", 1);
	FAILS(execvp("self", args), EACCES);
	setenv("PATH", "", 1);
	SAME(RUNS(execvp("self", args)), SEES);
	unsetenv("PATH");
	FAILS(execvp("self", args), ENOENT);
	plain[0] = "true";
	SAME(RUNS(execvp("true", plain)), 0);
	setenv("PATH", "/usr/bin:/work", 1);
}

static void test_scripts(void)
{
	char *args[] = {"called", "one", NULL}, *none[] = {NULL};

	put_program("one/wscript", "#!/work/self script\n");
	SAME(RUNS(execve("/work/wscript", args, none)), SEES);
	SAME(RUNS(execvp("wscript", args)), SEES);
	/* Nested: the inner script's interpreter gets both names. */
	put_program("one/inner", "#! /work/self args\n");
	put_program("one/outer", "#!/work/inner opt\n");
	SAME(RUNS(execve("/work/outer", args, none)), 4);
	put_program("one/lost", "#!/work/nothing\n");
	FAILS(execve("/work/lost", args, none), ENOENT);
	put_program("one/circle", "#!/work/circle\n");
	FAILS(execve("/work/circle", args, none), ELOOP);

	SAME(RUNS((dup2(open("/dev/null", O_WRONLY), 1), execve("/ro/tool", args, none))), 0);
}

/* ---- vfork and posix_spawn ---- */

static pid_t vforked(void)
{
	char *args[] = {"self", "x", NULL}, *none[] = {NULL};
	pid_t pid = vfork();

	if (pid == 0) {
		execvpe("self", args, none);
		_exit(99);
	}
	return pid;
}

/* More often than the runtime has scratch slots: a child must not keep one. */
static void test_vfork(void)
{
	int good = 0;

	for (int i = 0; i < 40; i++)
		good += status_of(vforked()) == SEES;
	SAME(good, 40);
	TEXT(text_of(open("link_up", O_RDONLY)), "two r");
}

static int spawned(const char *path, posix_spawn_file_actions_t *actions, char *const argv[],
                   char *const envp[])
{
	pid_t pid;
	int e = posix_spawn(&pid, path, actions, NULL, argv, envp);

	return e ? -e : status_of(pid);
}

static int spawned_by_name(const char *file, char *const argv[], char *const envp[])
{
	pid_t pid;
	int e = posix_spawnp(&pid, file, NULL, NULL, argv, envp);

	return e ? -e : status_of(pid);
}

static void test_spawn(void)
{
	char *args[] = {"self", "x", NULL}, *none[] = {NULL}, *reads[] = {"self", "read", NULL};
	char *in_dir[] = {"self", "cwd", "/work/dir", NULL};
	posix_spawn_file_actions_t fa;

	SAME(spawned("/work/self", NULL, args, environ), SEES);
	SAME(spawned("/work/self", NULL, args, none), SEES);
	SAME(spawned("self", NULL, args, none), SEES);
	SAME(spawned("/work/nothing", NULL, args, none), -ENOENT);
	SAME(spawned("/work/a", NULL, args, none), -EACCES);
	SAME(spawned("/tmp/tool", NULL, args, none), -EACCES);
	SAME(spawned_by_name("self", args, none), SEES);
	SAME(spawned_by_name("/work/self", args, none), SEES);
	SAME(spawned_by_name("nothing", args, none), -ENOENT);
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 0, "/work/dir/b", O_RDONLY, 0);
	SAME(spawned("/work/self", &fa, reads, none), SEES);
	posix_spawn_file_actions_destroy(&fa);
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 0, "/work/new_by_spawn", O_WRONLY | O_CREAT | O_EXCL,
	                                 0600);
	SAME(spawned("/work/self", &fa, args, none), SEES);
	SAME(host_mode("one/new_by_spawn"), S_IFREG | 0600);
	posix_spawn_file_actions_destroy(&fa);
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 0, on_host("one/a"), O_RDONLY, 0);
	SAME(spawned("/work/self", &fa, args, none), -ENOENT);
	posix_spawn_file_actions_destroy(&fa);
	posix_spawn_file_actions_init(&fa);
	SAME(posix_spawn_file_actions_addopen(&fa, 1, "/ro/r", O_WRONLY, 0), EROFS);
	SAME(posix_spawn_file_actions_addchdir_np(&fa, "/work/dir"), 0);
	SAME(posix_spawn_file_actions_addopen(&fa, 0, "b", O_RDONLY, 0), 0);
	SAME(spawned("/work/self", &fa, in_dir, none), SEES);
	SAME(spawned("../self", &fa, in_dir, none), SEES);
	SAME(spawned("../self", &fa, reads, none), SEES);
	SAME(spawned("self", &fa, in_dir, none), -ENOENT);
	posix_spawn_file_actions_destroy(&fa);
}

/* ---- the shell ---- */

static const char *output_of(const char *command)
{
	static char buf[256];
	FILE *f = popen(command, "r");
	size_t n = f ? fread(buf, 1, sizeof(buf) - 1, f) : 0;

	buf[n] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	if (!f || pclose(f) != 0)
		return "(failed)";
	return buf;
}

static void use_shell(void)
{
	FILE *f;

	SAME(system("test \"$(cat /work/a)\" = 'one a'"), 0);
	SAME(WEXITSTATUS(system("exit 3")), 3);
	SAME(system(NULL) != 0, 1);
	TEXT(output_of("cat /work/a"), "one a");
	TEXT(output_of("cd /ro && pwd -P"), "/ro");
	f = popen("cat >/work/by_popen", "we");
	SAME(f != NULL, 1);
	fputs("piped\n", f);
	SAME(pclose(f), 0);
	TEXT(host_text("one/by_popen"), "piped");
	f = popen("exit 9", "r");
	SAME(WEXITSTATUS(pclose(f)), 9);
#ifdef __GLIBC__ /* musl takes the r */
	f = popen("true", "rw");
	SAME(f == NULL && errno == EINVAL, 1);
#endif
}

static void test_shell(void)
{
	char *saved = strdup(getenv("LD_PRELOAD")), *tree = strdup(getenv("T"));

	use_shell();
	unsetenv("LD_PRELOAD");
	use_shell();
	clearenv();
	setenv("T", tree, 1);
	use_shell();
	setenv("LD_PRELOAD", saved, 1);
	setenv("PATH", "/usr/bin:/work", 1);
	free(saved);
	free(tree);
}

/* Two streams at once: the second child must not keep the first one's pipe open. */
static void test_two_pipes(void)
{
	char *saved = strdup(getenv("LD_PRELOAD"));
	FILE *a, *b;

	unsetenv("LD_PRELOAD");
	a = popen("cat >/work/pipe_a", "w");
	b = popen("cat >/work/pipe_b", "w");
	fputs("a\n", a);
	fputs("b\n", b);
	SAME(pclose(a), 0);
	SAME(pclose(b), 0);
	TEXT(host_text("one/pipe_a"), "a");
	TEXT(host_text("one/pipe_b"), "b");
	setenv("LD_PRELOAD", saved, 1);
	free(saved);
}

static void test_wordexp(void)
{
	wordexp_t we;

	SAME(wordexp("/work/dir/* 'x y' $((1 + 2))", &we, 0), 0);
	SAME(we.we_wordc, 3);
	TEXT(we.we_wordv[0], "/work/dir/b");
	TEXT(we.we_wordv[1], "x y");
	TEXT(we.we_wordv[2], "3");
	SAME(wordexp("more\\ words", &we, WRDE_APPEND), 0);
	SAME(we.we_wordc, 4);
	TEXT(we.we_wordv[3], "more words");
	wordfree(&we);
	we.we_offs = 1;
	SAME(wordexp("$(cat /work/a)", &we, WRDE_DOOFFS), 0);
	SAME(we.we_wordc, 2);
	SAME(we.we_wordv[0] == NULL, 1);
	TEXT(we.we_wordv[1], "one");
	wordfree(&we);
	SAME(wordexp("", &we, 0), 0);
	SAME(we.we_wordc, 0);
	wordfree(&we);
	SAME(wordexp("#a \"b #c\" d#e #f", &we, 0), 0);
	SAME(we.we_wordc, 4);
	TEXT(we.we_wordv[0], "#a");
	TEXT(we.we_wordv[1], "b #c");
	TEXT(we.we_wordv[3], "#f");
	wordfree(&we);
	SAME(wordexp("$(true)", &we, WRDE_NOCMD), WRDE_CMDSUB);
	SAME(wordexp("`true`", &we, WRDE_NOCMD), WRDE_CMDSUB);
	SAME(wordexp("\"${x:-$(true)}\"", &we, WRDE_NOCMD), WRDE_CMDSUB);
	SAME(wordexp("a; touch /work/by_wordexp", &we, 0), WRDE_BADCHAR);
	SAME(wordexp("a\ntouch /work/by_wordexp", &we, 0), WRDE_BADCHAR);
	SAME(wordexp("a > /work/by_wordexp", &we, 0), WRDE_BADCHAR);
	SAME(is_on_host("one/by_wordexp"), 0);
	SAME(wordexp("'open", &we, 0), WRDE_SYNTAX);
	SAME(wordexp("$NOT_SET", &we, WRDE_UNDEF), WRDE_BADVAL);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return child(argc, argv);
	if (strcmp(argv[0], "self") == 0)
		return child(argc, argv);
	copy_self();
	link_system();
	test_execve();
	test_lists();
	test_search();
	test_scripts();
	test_vfork();
	test_spawn();
	test_shell();
	test_two_pipes();
	test_wordexp();
	return failures != 0;
}
