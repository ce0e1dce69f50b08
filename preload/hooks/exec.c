/*
 * Starting programs: the exec family and posix_spawn. The program and its `#!` interpreters are looked
 * up in the view and the environment carries the view on; rt/exec.c plans both.
 *
 * May run in a vfork child, on the parent's memory: everything lies on the stack, nothing is allocated
 * that a successful exec would leave behind. The commands that go through a shell are in shell.c.
 */
#include <stdarg.h>
#include "compose.h"

/* Arguments of execl and of a script given to the shell: on the stack up to the usual number. */
struct list {
	char *fixed[TF_EXEC_MAX_POINTERS];
	char **argv;
	size_t bytes; /* of the mapping, 0 = fixed */
};

static int list_init(struct list *l, size_t n)
{
	long r;

	l->argv = l->fixed;
	l->bytes = 0;
	if (n <= TF_EXEC_MAX_POINTERS)
		return 0;
	r = tf_sys(SYS_mmap, 0, n * sizeof(char *), PROT_READ | PROT_WRITE,
	           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (r < 0)
		return (int)r;
	l->argv = (char **)r;
	l->bytes = n * sizeof(char *);
	return 0;
}

static void list_done(struct list *l)
{
	if (l->bytes)
		tf_sys(SYS_munmap, l->argv, l->bytes);
}

/* first and the arguments up to the NULL, which is taken too. */
static int list_collect(struct list *l, const char *first, va_list *ap)
{
	size_t n = 1;
	va_list count;
	int r;

	va_copy(count, *ap);
	while (first && va_arg(count, char *))
		n++;
	va_end(count);
	r = list_init(l, n + 1);
	if (r < 0)
		return r;
	l->argv[0] = (char *)(uintptr_t)first;
	for (size_t i = 1; first && i <= n; i++)
		l->argv[i] = va_arg(*ap, char *);
	return 0;
}

/* ---- execve and what is nothing but it ---- */

static int exec_at(int dirfd, const char *path, char *const argv[], char *const envp[], int flags)
{
	if (!tf_rt_view())
		return (int)tf_sys(SYS_execveat, dirfd, path, argv, envp, flags);
	return tf_rt_execve(dirfd, path, argv, envp, flags);
}

static int exec_plain(const char *path, char *const argv[], char *const envp[])
{
	if (!tf_rt_view())
		return (int)tf_sys(SYS_execve, path, argv, envp);
	return tf_rt_execve(AT_FDCWD, path, argv, envp, 0);
}

TF_EXPORT int execve(const char *path, char *const argv[], char *const envp[])
{
	return (int)tf_rt_ret(exec_plain(path, argv, envp));
}

TF_EXPORT int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

TF_EXPORT int execveat(int dirfd, const char *path, char *const argv[], char *const envp[],
                       int flags)
{
	return (int)tf_rt_ret(exec_at(dirfd, path, argv, envp, flags));
}

TF_EXPORT int fexecve(int fd, char *const argv[], char *const envp[])
{
	if (fd < 0)
		return (int)tf_rt_ret(-EINVAL);
	return execveat(fd, "", argv, envp, AT_EMPTY_PATH);
}

/* ---- the search in PATH ---- */

struct attempt {
	char *const *argv;
	char *const *envp;
	/* posix_spawn only */
	pid_t *pid;
	const posix_spawn_file_actions_t *actions;
	const posix_spawnattr_t *attr;
	/* Tries one path: 0 (only posix_spawn comes back with that) or -errno. */
	int (*run)(struct attempt *a, const char *path);
};

/* Errors after which the next directory is tried (glibc's list; musl's is part of it). */
static int goes_on(int r)
{
	return r == -EACCES || r == -ENOENT || r == -ENOTDIR || r == -ESTALE || r == -ENODEV ||
	       r == -ETIMEDOUT;
}

static int search(struct attempt *a, const char *file)
{
	char path[TF_PATH_MAX + NAME_MAX + 2];
	const char *dirs = tf_compose_getenv("PATH");
	size_t name_len = strlen(file);
	int r = -ENOENT, denied = 0;

	if (!name_len)
		return -ENOENT;
	if (strchr(file, '/'))
		return a->run(a, file);
	if (name_len > NAME_MAX)
		return -ENAMETOOLONG;
	if (!dirs)
		dirs = "/bin:/usr/bin"; /* both libcs' default: no current directory in it */
	for (const char *end;; dirs = end + 1) {
		size_t len;

		for (end = dirs; *end && *end != ':'; end++)
			;
		len = (size_t)(end - dirs);
		if (len < TF_PATH_MAX) {
			memcpy(path, dirs, len);
			path[len] = '/';
			/* An empty entry is the current directory: the bare name, no slash. */
			memcpy(path + len + (len > 0), file, name_len + 1);
			r = a->run(a, path);
			if (r >= 0 || !goes_on(r))
				return r;
			denied |= r == -EACCES;
		}
		if (!*end)
			break;
	}
	return denied ? -EACCES : r;
}

/* A file without a format that the kernel knows is a script for the shell (execvp(3)). */
static int run_as_script(struct attempt *a, const char *path)
{
	struct list l;
	size_t n = 0;
	int r;

	while (a->argv[n])
		n++;
	r = list_init(&l, n + 3);
	if (r < 0)
		return r;
	l.argv[0] = (char *)(uintptr_t) "/bin/sh";
	l.argv[1] = (char *)(uintptr_t)path;
	if (n <= 1)
		l.argv[2] = NULL;
	else
		memcpy(l.argv + 2, a->argv + 1, n * sizeof(char *));
	r = exec_plain("/bin/sh", l.argv, a->envp);
	list_done(&l);
	return r;
}

static int run_exec(struct attempt *a, const char *path)
{
	int r = exec_plain(path, a->argv, a->envp);

	return r == -ENOEXEC ? run_as_script(a, path) : r;
}

TF_EXPORT int execvpe(const char *file, char *const argv[], char *const envp[])
{
	struct attempt a = {.argv = argv, .envp = envp, .run = run_exec};

	return (int)tf_rt_ret(search(&a, file));
}

TF_EXPORT int execvp(const char *file, char *const argv[])
{
	return execvpe(file, argv, environ);
}

/* ---- with the arguments in the call ---- */

TF_EXPORT int execl(const char *path, const char *arg, ...)
{
	struct list l;
	va_list ap;
	int r;

	va_start(ap, arg);
	r = list_collect(&l, arg, &ap);
	va_end(ap);
	if (r < 0)
		return (int)tf_rt_ret(r);
	r = execve(path, l.argv, environ);
	list_done(&l);
	return r;
}

TF_EXPORT int execle(const char *path, const char *arg, ...)
{
	struct list l;
	char *const *envp;
	va_list ap;
	int r;

	va_start(ap, arg);
	r = list_collect(&l, arg, &ap);
	envp = va_arg(ap, char *const *);
	va_end(ap);
	if (r < 0)
		return (int)tf_rt_ret(r);
	r = execve(path, l.argv, envp);
	list_done(&l);
	return r;
}

TF_EXPORT int execlp(const char *file, const char *arg, ...)
{
	struct list l;
	va_list ap;
	int r;

	va_start(ap, arg);
	r = list_collect(&l, arg, &ap);
	va_end(ap);
	if (r < 0)
		return (int)tf_rt_ret(r);
	r = execvpe(file, l.argv, environ);
	list_done(&l);
	return r;
}

/* ---- posix_spawn: planned here, in the parent; then libc's own with what came out ---- */

static int run_spawn(struct attempt *a, const char *path)
{
	struct tf_exec ex;
	int fd = tf_spawn_directory(a->actions, path);
	int r;

	if (fd < 0 && fd != AT_FDCWD)
		return fd;
	r = tf_rt_exec_plan(&ex, fd, path, a->argv, a->envp, TF_HOW_FOLLOW | TF_HOW_ABSOLUTE);
	if (fd >= 0)
		tf_sys(SYS_close, fd);
	if (r < 0)
		return r;
	r = TF_REAL(posix_spawn)(a->pid, ex.host, a->actions, a->attr, ex.argv, ex.envp);
	tf_rt_exec_done(&ex);
	return -r;
}

TF_EXPORT int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
                          const posix_spawnattr_t *attr, char *const argv[], char *const envp[])
{
	struct attempt a = {argv, envp, pid, actions, attr, run_spawn};

	if (!tf_rt_view())
		return TF_REAL(posix_spawn)(pid, path, actions, attr, argv, envp);
	return -run_spawn(&a, path);
}

TF_EXPORT int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions,
                           const posix_spawnattr_t *attr, char *const argv[], char *const envp[])
{
	struct attempt a = {argv, envp, pid, actions, attr, run_spawn};

	if (!tf_rt_view())
		return TF_REAL(posix_spawnp)(pid, file, actions, attr, argv, envp);
	return -search(&a, file);
}
