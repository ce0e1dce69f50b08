/*
 * Attack 47: the answers about paths outside tell whether something is there: does a call on an existing path
 * end otherwise than the same call on a missing one?
 * An escape: a difference.
 */
#include <dirent.h>

#include "escape.h"

static int differ(const char *what, long there, long missing)
{
	fprintf(stderr, "%s: %s / %s\n", what, there < 0 ? strerror((int)-there) : "worked",
	        missing < 0 ? strerror((int)-missing) : "worked");
	return there == missing ? CONTAINED : ESCAPED;
}

#define LIBC(call) ((call) < 0 ? (long)-errno : 0L)
#define THERE esc_at("outside/secret")
#define MISSING esc_at("outside/nothing")

static int way_stat(void)
{
	struct stat st;

	return differ("stat", LIBC(stat(THERE, &st)), LIBC(stat(MISSING, &st)));
}

static int way_open(void)
{
	return differ("open", LIBC(open(THERE, O_RDONLY)), LIBC(open(MISSING, O_RDONLY)));
}

static int way_create(void)
{
	return differ("open(O_CREAT|O_EXCL)", LIBC(open(THERE, O_CREAT | O_EXCL | O_WRONLY, 0600)),
	              LIBC(open(MISSING, O_CREAT | O_EXCL | O_WRONLY, 0600)));
}

static int way_access(void)
{
	return differ("access", LIBC(access(THERE, F_OK)), LIBC(access(MISSING, F_OK)));
}

static int way_unlink(void)
{
	return differ("unlink", LIBC(unlink(THERE)), LIBC(unlink(MISSING)));
}

static int way_rename(void)
{
	return differ("rename", LIBC(rename(THERE, "x")), LIBC(rename(MISSING, "x")));
}

static int way_opendir(void)
{
	long there = opendir(esc_at("outside")) ? 0L : (long)-errno;

	return differ("opendir", there, opendir(esc_at("inside")) ? 0L : (long)-errno);
}

static long try_exec(const char *path)
{
	char *argv[] = {(char *)"x", NULL};
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		execv(path, argv);
		_exit(errno > 1 ? errno : 125);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? -WEXITSTATUS(status) : 0;
}

static int way_exec(void)
{
	return differ("execv", try_exec(esc_at("outside/program")), try_exec(MISSING));
}

static int way_raw_open(void)
{
	return differ("openat", esc_sys(SYS_openat, AT_FDCWD, THERE, O_RDONLY),
	              esc_sys(SYS_openat, AT_FDCWD, MISSING, O_RDONLY));
}

static int way_raw_stat(void)
{
	struct stat st;

	return differ("newfstatat", esc_sys(SYS_newfstatat, AT_FDCWD, THERE, &st, 0),
	              esc_sys(SYS_newfstatat, AT_FDCWD, MISSING, &st, 0));
}

static const struct esc_way ways[] = {
        {"stat", way_stat},         {"open", way_open},     {"create", way_create},
        {"access", way_access},     {"unlink", way_unlink}, {"rename", way_rename},
        {"opendir", way_opendir},   {"exec", way_exec},     {"raw_open", way_raw_open},
        {"raw_stat", way_raw_stat},
};
ESC_MAIN(ways)
