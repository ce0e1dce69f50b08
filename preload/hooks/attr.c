/*
 * Mode, owner, times and length. The wall (Landlock) governs only the last of these, so the mapping's access is checked here
 * in every tier, also where only a descriptor is given.
 */
#include "call.h"

#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include <utime.h>

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452 /* Linux 6.6 */
#endif

#define CHANGE TF_HOW_MODIFY
#define CHANGE_LINK (TF_HOW_MODIFY | TF_HOW_NOFOLLOW)

/* nr(fd, a, b) on an open file, when its mapping may be written. */
static int on_fd(long nr, int fd, long a, long b)
{
	long r = tf_rt_fd_modify(fd);

	return (int)tf_rt_ret(r < 0 ? r : tf_sys(nr, fd, a, b));
}

/* ---- mode ---- */

/* Before Linux 6.6: chmod through an O_PATH descriptor, which names the file itself and not a link's target. */
static long chmod_without_following(int dirfd, const char *path, mode_t mode)
{
	char name[32];
	struct stat st;
	long r, fd = tf_call_at(SYS_openat, dirfd, path, CHANGE_LINK,
	                        TF_ARGS(O_PATH | O_NOFOLLOW | O_CLOEXEC));

	if (fd < 0)
		return fd;
	r = tf_sys(SYS_fstat, fd, &st);
	if (r == 0 && S_ISLNK(st.st_mode))
		r = -EOPNOTSUPP;
	if (r == 0) {
		tf_call_fd_name(name, (int)fd);
		r = tf_sys(SYS_chmod, name, mode);
	}
	tf_sys(SYS_close, fd);
	return r;
}

TF_EXPORT int fchmodat(int dirfd, const char *path, mode_t mode, int flags)
{
	long r;

	if (!flags)
		return (int)tf_rt_ret(tf_call_change(SYS_fchmodat, dirfd, path, 0, TF_ARGS(mode)));
	r = tf_call_change(SYS_fchmodat2, dirfd, path, flags, TF_ARGS(mode, flags));
	if (r == -ENOSYS && flags == AT_SYMLINK_NOFOLLOW)
		r = chmod_without_following(dirfd, path, mode);
	return (int)tf_rt_ret(r);
}

TF_EXPORT int chmod(const char *path, mode_t mode)
{
	return fchmodat(AT_FDCWD, path, mode, 0);
}

TF_EXPORT int lchmod(const char *path, mode_t mode)
{
	return fchmodat(AT_FDCWD, path, mode, AT_SYMLINK_NOFOLLOW);
}

TF_EXPORT int fchmod(int fd, mode_t mode)
{
	return on_fd(SYS_fchmod, fd, mode, 0);
}

/* ---- owner ---- */

TF_EXPORT int fchownat(int dirfd, const char *path, uid_t user, gid_t group, int flags)
{
	return (int)tf_rt_ret(
	        tf_call_change(SYS_fchownat, dirfd, path, flags, TF_ARGS(user, group, flags)));
}

TF_EXPORT int chown(const char *path, uid_t user, gid_t group)
{
	return fchownat(AT_FDCWD, path, user, group, 0);
}

TF_EXPORT int lchown(const char *path, uid_t user, gid_t group)
{
	return fchownat(AT_FDCWD, path, user, group, AT_SYMLINK_NOFOLLOW);
}

TF_EXPORT int fchown(int fd, uid_t user, gid_t group)
{
	return on_fd(SYS_fchown, fd, user, group);
}

/* ---- times ---- */

TF_EXPORT int utimensat(int dirfd, const char *path, const struct timespec times[2], int flags)
{
	return (int)tf_rt_ret(
	        tf_call_change(SYS_utimensat, dirfd, path, flags, TF_ARGS((long)times, flags)));
}

TF_EXPORT int futimens(int fd, const struct timespec times[2])
{
	long r = tf_rt_fd_modify(fd);

	return (int)tf_rt_ret(r < 0 ? r : tf_sys(SYS_utimensat, fd, 0, times, 0));
}

TF_EXPORT int utime(const char *path, const struct utimbuf *times)
{
	return (int)tf_rt_ret(tf_call_path(SYS_utime, path, CHANGE, TF_ARGS((long)times)));
}

TF_EXPORT int utimes(const char *path, const struct timeval times[2])
{
	return (int)tf_rt_ret(tf_call_path(SYS_utimes, path, CHANGE, TF_ARGS((long)times)));
}

TF_EXPORT int futimesat(int dirfd, const char *path, const struct timeval times[2])
{
	return (int)tf_rt_ret(tf_call_change(SYS_futimesat, dirfd, path, 0, TF_ARGS((long)times)));
}

/* -EINVAL for what is no fraction of a second: otherwise UTIME_NOW could be meant by accident. */
static long in_nanoseconds(struct timespec to[2], const struct timeval from[2])
{
	for (int i = 0; i < 2; i++) {
		if (from[i].tv_usec < 0 || from[i].tv_usec >= 1000000)
			return -EINVAL;
		to[i].tv_sec = from[i].tv_sec;
		to[i].tv_nsec = from[i].tv_usec * 1000;
	}
	return 0;
}

TF_EXPORT int lutimes(const char *path, const struct timeval times[2])
{
	struct timespec ts[2];
	long r = times ? in_nanoseconds(ts, times) : 0;

	if (r < 0)
		return (int)tf_rt_ret(r);
	return utimensat(AT_FDCWD, path, times ? ts : NULL, AT_SYMLINK_NOFOLLOW);
}

TF_EXPORT int futimes(int fd, const struct timeval times[2])
{
	struct timespec ts[2];
	long r = times ? in_nanoseconds(ts, times) : 0;

	if (r < 0)
		return (int)tf_rt_ret(r);
	return futimens(fd, times ? ts : NULL);
}

/* ---- length ---- */

TF_EXPORT int truncate(const char *path, off_t length)
{
	return (int)tf_rt_ret(tf_call_path(SYS_truncate, path, CHANGE, TF_ARGS(length)));
}
TF_TWIN(truncate64, truncate);
