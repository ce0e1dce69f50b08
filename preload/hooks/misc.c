/*
 * What is left of libc's functions that open a file by a name: the path is translated and libc's own
 * called, or a few lines do the same over the view.
 */
#include <mntent.h>
#include <nl_types.h>
#include <sys/ipc.h>
#include <utmp.h>
#include <libintl.h>
#include "compose.h"

#pragma weak fileno
#pragma weak fork
#pragma weak setsid

/* What these are given when a path cannot be translated: a name that no file has. */
#define NOWHERE "/proc/self/fd/-1/nowhere"

/* ---- mounts ---- */

TF_EXPORT FILE *setmntent(const char *path, const char *mode)
{
	FILE *f;

	if (!tf_rt_view())
		return TF_REAL(setmntent)(path, mode);
	f = fopen(path, mode);
	if (f)
		tf_sys(SYS_fcntl, fileno(f), F_SETFD, FD_CLOEXEC);
	return f;
}

TF_TWIN(__setmntent, setmntent);

/* ---- keys ---- */

TF_EXPORT key_t ftok(const char *path, int id)
{
	struct stat st;
	int r;

	if (!tf_rt_view())
		return TF_REAL(ftok)(path, id);
	r = tf_rt_fstatat(AT_FDCWD, path, &st, 0);
	if (r < 0)
		return (key_t)tf_rt_ret(r);
	return (key_t)((st.st_ino & 0xffff) | (st.st_dev & 0xff) << 16 |
	               ((unsigned int)id & 0xff) << 24);
}

/* ---- messages ---- */

TF_EXPORT nl_catd catopen(const char *name, int flag)
{
	struct tf_place place;
	nl_catd cat;
	int r;

	/* A bare name is looked for in NLSPATH and the system's directories, by libc. */
	if (!tf_rt_view() || !strchr(name, '/'))
		return TF_REAL(catopen)(name, flag);
	r = tf_compose_host(&place, name, TF_HOW_FOLLOW);
	if (r < 0) {
		tf_rt_set_errno(-r);
		return (nl_catd)-1;
	}
	cat = TF_REAL(catopen)(place.path, flag);
	tf_rt_release(&place);
	return cat;
}

/* libc keeps a copy of the directory and opens catalogues in it later, by itself. */
TF_EXPORT char *bindtextdomain(const char *domain, const char *dir)
{
	struct tf_place place;
	char *r;

	if (!tf_rt_view() || !dir || dir[0] != '/')
		return TF_REAL(bindtextdomain)(domain, dir);
	if (tf_compose_host(&place, dir, TF_HOW_FOLLOW) < 0)
		return TF_REAL(bindtextdomain)(domain, NOWHERE);
	r = TF_REAL(bindtextdomain)(domain, place.path);
	tf_rt_release(&place);
	return r;
}

/* ---- logins ---- */

TF_EXPORT int utmpname(const char *path)
{
	struct tf_place place;
	int r;

	if (!tf_rt_view())
		return TF_REAL(utmpname)(path);
	if (tf_compose_host(&place, path, TF_HOW_FOLLOW) < 0)
		return TF_REAL(utmpname)(NOWHERE);
	r = TF_REAL(utmpname)(place.path);
	tf_rt_release(&place);
	return r;
}

TF_TWIN(utmpxname, utmpname);

TF_EXPORT void updwtmp(const char *path, const struct utmp *ut)
{
	struct tf_place place;

	if (!tf_rt_view()) {
		TF_REAL(updwtmp)(path, ut);
	} else if (tf_compose_host(&place, path, TF_HOW_FOLLOW | TF_HOW_MODIFY) == 0) {
		TF_REAL(updwtmp)(place.path, ut);
		tf_rt_release(&place);
	}
}

/* struct utmpx is struct utmp. */
TF_TWIN(updwtmpx, updwtmp);

/* ---- terminals ---- */

TF_EXPORT int posix_openpt(int flags)
{
	if (!tf_rt_view())
		return TF_REAL(posix_openpt)(flags);
	return (int)tf_rt_ret(tf_rt_openat(AT_FDCWD, "/dev/ptmx", flags, 0));
}

TF_EXPORT int getpt(void)
{
	return posix_openpt(O_RDWR);
}

/* ---- daemon ---- */

static int to_null(void)
{
	int fd = tf_rt_openat(AT_FDCWD, "/dev/null", O_RDWR, 0);

	if (fd < 0)
		return fd;
	for (int i = 0; i <= 2; i++)
		tf_sys(SYS_dup2, fd, i);
	if (fd > 2)
		tf_sys(SYS_close, fd);
	return 0;
}

TF_EXPORT int daemon(int keep_directory, int keep_descriptors)
{
	pid_t pid;
	int r;

	if (!tf_rt_view())
		return TF_REAL(daemon)(keep_directory, keep_descriptors);
	pid = fork();
	if (pid < 0)
		return -1;
	if (pid > 0)
		tf_sys(SYS_exit_group, 0);
	if (setsid() < 0)
		return -1;
	if (!keep_directory && chdir("/") < 0)
		return -1;
	r = keep_descriptors ? 0 : to_null();
	return (int)tf_rt_ret(r);
}
