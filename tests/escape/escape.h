/*
 * What the attempts share. An attempt is one program with one or more ways, called as
 *
 *     PROGRAM WAY key=value...
 *
 * exit 0: contained, 1: escaped, 77: this host cannot show it. The way runs in a child, so that a kill by the
 * filter is seen as what it is. Raw system calls are made by esc_sys(), which no library can hook.
 */
#ifndef TURF_TESTS_ESCAPE_H
#define TURF_TESTS_ESCAPE_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define CONTAINED 0
#define ESCAPED 1
#define CANNOT 77
/* What a program started by an attempt exits with when it got through: no loader or shell ends so by itself. */
#define GOT_THROUGH 101

#define SECRET "the secret that nobody inside may read"

/* Every attempt runs a few milliseconds; one that hangs has not escaped. */
#define WAY_SECONDS 10

struct esc_way {
	const char *name;
	int (*attempt)(void);
};

static char **esc_args;
static const char *esc_self;

/* The value of an argument, "" when it was not given. */
static inline const char *esc_arg(const char *key)
{
	size_t n = strlen(key);

	for (char **a = esc_args; a && *a; a++)
		if (!strncmp(*a, key, n) && (*a)[n] == '=')
			return *a + n + 1;
	return "";
}

static inline long esc_number(const char *key)
{
	return strtol(esc_arg(key), NULL, 0);
}

/* Path below the scene: esc_at("outside/secret"). Two live at a time. */
static inline const char *esc_at(const char *rest)
{
	static char buf[2][1024];
	static int turn;

	turn = !turn;
	snprintf(buf[turn], sizeof(buf[turn]), "%s/%s", esc_arg("base"), rest);
	return buf[turn];
}

static inline const char *esc_secret(void)
{
	return esc_at("outside/secret");
}

static inline long esc_sys6(long nr, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long ret;

	__asm__ volatile("syscall"
	                 : "=a"(ret)
	                 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
	                 : "rcx", "r11", "memory");
	return ret;
}
#define ESC_PICK(n, a, b, c, d, e, f, ...)                                                         \
	esc_sys6(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
/* esc_sys(SYS_x, ...): -errno as the kernel has it. */
#define esc_sys(...) ESC_PICK(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)

/* A call that should not have worked: its result, and why it is contained, on stderr. */
static inline int esc_verdict(const char *what, long r)
{
	if (r >= 0) {
		fprintf(stderr, "%s: worked (%ld)\n", what, r);
		return ESCAPED;
	}
	fprintf(stderr, "%s: %s\n", what, strerror((int)-r));
	return CONTAINED;
}

/* As esc_verdict for a libc call: -1 and errno. */
static inline int esc_libc(const char *what, long r)
{
	return esc_verdict(what, r < 0 ? -errno : r);
}

/* Whether the secret can be read from a descriptor (at offset 0). */
static inline int esc_fd_has_secret(int fd)
{
	char buf[256];
	long n = esc_sys(SYS_pread64, fd, buf, sizeof(buf) - 1, 0);

	if (n <= 0)
		return 0;
	buf[n] = '\0';
	return strstr(buf, SECRET) != NULL;
}

/* An open that may have worked: escaped only when the secret is behind it. */
static inline int esc_opened(const char *what, long fd)
{
	if (fd < 0)
		return esc_verdict(what, fd);
	int is_secret = esc_fd_has_secret((int)fd);
	esc_sys(SYS_close, fd);
	fprintf(stderr, "%s: opened, %s\n", what, is_secret ? "the secret" : "something else");
	return is_secret ? ESCAPED : CONTAINED;
}

static inline int esc_open_libc(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	return esc_opened(path, fd < 0 ? -errno : fd);
}

static inline int esc_open_raw(const char *path)
{
	return esc_opened(path, esc_sys(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC));
}

/* Child's wait status as a verdict; one that died did not get anywhere. */
static inline int esc_status(int status)
{
	if (WIFEXITED(status)) {
		int code = WEXITSTATUS(status);

		if (code == GOT_THROUGH)
			return ESCAPED;
		if (code == CANNOT)
			return CANNOT;
		if (code != CONTAINED)
			fprintf(stderr, "child: exit %d\n", code);
		return CONTAINED;
	}
	fprintf(stderr, "child: killed by signal %d\n", WTERMSIG(status));
	return CONTAINED;
}

static inline int esc_wait(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return CANNOT;
	return esc_status(status);
}

/* argv for running this very program again with the way "=read". */
static inline char *const *esc_reader_argv(void)
{
	static char *argv[40];
	int n = 0;

	argv[n++] = (char *)esc_self;
	argv[n++] = (char *)"=read";
	for (char **a = esc_args; *a && n < 39; a++)
		argv[n++] = *a;
	argv[n] = NULL;
	return argv;
}

/* fork, then exec_it in the child, which returns -errno only when it failed. */
static inline int esc_in_child(int (*exec_it)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		int rc = exec_it();

		fprintf(stderr, "exec: %s\n", strerror(rc < 0 ? -rc : rc));
		_exit(CONTAINED);
	}
	return pid < 0 ? CANNOT : esc_wait(pid);
}

/* Copies a file; 0 or -errno. Both ends are the sandbox's own business. */
static inline int esc_copy(const char *from, int to)
{
	char buf[65536];
	int in = open(from, O_RDONLY | O_CLOEXEC);
	ssize_t n = 0;

	if (in < 0)
		return -errno;
	while ((n = read(in, buf, sizeof(buf))) > 0)
		if (write(to, buf, (size_t)n) != n) {
			close(in);
			return -EIO;
		}
	close(in);
	return n < 0 ? -errno : 0;
}

/* Run again by an attempt: does a plain open reach the secret? */
static inline int esc_reader(void)
{
	struct rlimit limit;

	/* An attempt may have taken the descriptors away. */
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	return esc_open_libc(esc_secret()) == ESCAPED ? GOT_THROUGH : CONTAINED;
}

static inline int esc_main(int argc, char **argv, const struct esc_way *way, size_t nways)
{
	if (argc < 2) {
		fprintf(stderr, "usage: %s WAY key=value...\n", argv[0]);
		return 2;
	}
	esc_self = argv[0];
	esc_args = argv + 2;
	if (!strcmp(argv[1], "=read"))
		return esc_reader();
	for (size_t i = 0; i < nways; i++) {
		if (strcmp(argv[1], way[i].name) != 0)
			continue;
		pid_t pid = fork();
		if (pid < 0)
			return CANNOT;
		if (pid == 0) {
			alarm(WAY_SECONDS);
			_exit(way[i].attempt());
		}
		int status;
		while (waitpid(pid, &status, 0) < 0)
			if (errno != EINTR)
				return CANNOT;
		return WIFEXITED(status) ? WEXITSTATUS(status) : esc_status(status);
	}
	fprintf(stderr, "%s: no way %s\n", argv[0], argv[1]);
	return 2;
}

#define ESC_MAIN(ways)                                                                             \
	int main(int argc, char **argv)                                                            \
	{                                                                                          \
		return esc_main(argc, argv, ways, sizeof(ways) / sizeof((ways)[0]));               \
	}

#endif
