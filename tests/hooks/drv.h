/*
 * What the drivers share. A driver is a program that runs with libturf.so preloaded over the tree that hooks_test.sh makes
 * and calls the hooked functions with guest paths. What happened on the host is looked at with raw system calls, which
 * no hook sees. A line a check: "ok: ..." or "not ok: ...", both values shown; "skip: ..." with the reason.
 *
 * The view (host directories below $T):
 *   /       skeleton, read-only    $T/root     /work  rwx  $T/one     /ro   rx  $T/two
 *   /tmp    rw, no exec            $T/three    /file  rw, a single file, $T/four/file
 *   /usr /etc /proc /dev           as on the host
 * With $NESTED also /work/in (rw, $T/five), /work/secret (hidden), /etc/passwd and /etc/group (r, from $T/four), and
 * /dev/log (r, a plain file).
 */
#ifndef TURF_TESTS_HOOKS_DRV_H
#define TURF_TESTS_HOOKS_DRV_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "../../preload/rt/sys.h"

static int failures;

static void drv_say(int is_ok, const char *what, const char *got, const char *want, int line)
{
	if (is_ok)
		printf("ok: %s\n", what);
	else
		printf("not ok: line %d: %s: got %s, want %s\n", line, what, got, want);
	failures += !is_ok;
	fflush(stdout);
}

__attribute__((unused)) static void drv_number(long got, long want, const char *what, int line)
{
	char a[64], b[32];

	snprintf(a, sizeof(a), "%ld (errno %d)", got, errno);
	snprintf(b, sizeof(b), "%ld", want);
	drv_say(got == want, what, a, b, line);
}

__attribute__((unused)) static void drv_text(const char *got, const char *want, const char *what,
                                             int line)
{
	got = got ? got : "(null)";
	drv_say(strcmp(got, want) == 0, what, got, want, line);
}

__attribute__((unused)) static void drv_error(long r, int error, int want, const char *what,
                                              int line)
{
	char a[32], b[32];

	snprintf(a, sizeof(a), "%ld, errno %d", r, error);
	snprintf(b, sizeof(b), "-1, errno %d", want);
	drv_say(r == -1 && error == want, what, a, b, line);
}

/* The call works (r >= 0; a descriptor is left open). */
#define WORKS(call)                                                                                \
	do {                                                                                       \
		errno = 0;                                                                         \
		long r_ = (long)(call);                                                            \
		char a_[32];                                                                       \
		snprintf(a_, sizeof(a_), "%ld, errno %d", r_, errno);                              \
		drv_say(r_ >= 0, #call, a_, "success", __LINE__);                                  \
	} while (0)

/* The call returns -1 and errno is error. */
#define FAILS(call, error)                                                                         \
	do {                                                                                       \
		errno = 0;                                                                         \
		long r_ = (long)(call);                                                            \
		drv_error(r_, errno, (error), #call " = " #error, __LINE__);                       \
	} while (0)

#define SAME(got, want) drv_number((long)(got), (long)(want), #got " is " #want, __LINE__)
#define TEXT(got, want) drv_text((got), (want), #got " is " #want, __LINE__)

/* ---- the host as it is ---- */

__attribute__((unused)) static const char *on_host(const char *name)
{
	static char buf[2][4096];
	static int i;

	i ^= 1;
	snprintf(buf[i], sizeof(buf[i]), "%s/%s", getenv("T"), name);
	return buf[i];
}

/* The first line of host file $T/name, "" if empty, "(none)" when there is none. */
__attribute__((unused)) static const char *host_text(const char *name)
{
	static char buf[2][256];
	static int i;
	long fd = tf_sys(SYS_open, on_host(name), O_RDONLY | O_CLOEXEC, 0);

	i ^= 1;
	if (fd < 0)
		return "(none)";
	long n = tf_sys(SYS_read, fd, buf[i], sizeof(buf[i]) - 1);
	tf_sys(SYS_close, fd);
	buf[i][n > 0 ? n : 0] = '\0';
	buf[i][strcspn(buf[i], "\n")] = '\0';
	return buf[i];
}

/* lstat of $T/name: the mode, or -1. */
__attribute__((unused)) static long host_mode(const char *name)
{
	struct stat st;

	return tf_sys(SYS_lstat, on_host(name), &st) < 0 ? -1 : (long)st.st_mode;
}

__attribute__((unused)) static int is_on_host(const char *name)
{
	return host_mode(name) != -1;
}

__attribute__((unused)) static const char *host_link(const char *name)
{
	static char buf[256];
	long n = tf_sys(SYS_readlink, on_host(name), buf, sizeof(buf) - 1);

	buf[n > 0 ? n : 0] = '\0';
	return n < 0 ? "(none)" : buf;
}

/* ---- small steps ---- */

/* Makes $T/name with a text. */
__attribute__((unused)) static void host_put(const char *name, const char *text)
{
	long fd = tf_sys(SYS_open, on_host(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	tf_sys(SYS_write, fd, text, strlen(text));
	tf_sys(SYS_close, fd);
}

/* The first line that a descriptor reads; closes it. */
__attribute__((unused)) static const char *text_of(int fd)
{
	static char buf[256];
	long n = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);

	if (fd < 0)
		snprintf(buf, sizeof(buf), "(errno %d)", errno);
	else
		buf[n > 0 ? n : 0] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	close(fd);
	return buf;
}

__attribute__((unused)) static int is_nested(void)
{
	return getenv("NESTED") != NULL;
}

#endif
