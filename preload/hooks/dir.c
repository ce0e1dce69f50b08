/*
 * Making directories and nodes; opening and reading directories. libc's opendir and scandir do not pass their own
 * exported open, so the first is done here and the second is given a host path.
 */
#include "call.h"

#include <dirent.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define NEW_NAME (TF_HOW_NOFOLLOW | TF_HOW_MODIFY | TF_HOW_CREATE)

TF_EXPORT int __xmknod(int version, const char *path, mode_t mode, dev_t *dev);
TF_EXPORT int __xmknodat(int version, int dirfd, const char *path, mode_t mode, dev_t *dev);

TF_EXPORT int mkdirat(int dirfd, const char *path, mode_t mode)
{
	return (int)tf_rt_ret(tf_call_at(SYS_mkdirat, dirfd, path, NEW_NAME, TF_ARGS(mode)));
}

TF_EXPORT int mkdir(const char *path, mode_t mode)
{
	return mkdirat(AT_FDCWD, path, mode);
}

/* ---- nodes ---- */

TF_EXPORT int mknodat(int dirfd, const char *path, mode_t mode, dev_t dev)
{
	/* The kernel takes 32 bits of device number, libc has 64. */
	if (dev >> 32)
		return (int)tf_rt_ret(-EINVAL);
	return (int)tf_rt_ret(
	        tf_call_at(SYS_mknodat, dirfd, path, NEW_NAME, TF_ARGS(mode, (long)dev)));
}

TF_EXPORT int mknod(const char *path, mode_t mode, dev_t dev)
{
	return mknodat(AT_FDCWD, path, mode, dev);
}

int __xmknodat(int version, int dirfd, const char *path, mode_t mode, dev_t *dev)
{
	return version ? (int)tf_rt_ret(-EINVAL) : mknodat(dirfd, path, mode, *dev);
}

int __xmknod(int version, const char *path, mode_t mode, dev_t *dev)
{
	return __xmknodat(version, AT_FDCWD, path, mode, dev);
}

TF_EXPORT int mkfifoat(int dirfd, const char *path, mode_t mode)
{
	return mknodat(dirfd, path, mode | S_IFIFO, 0);
}

TF_EXPORT int mkfifo(const char *path, mode_t mode)
{
	return mkfifoat(AT_FDCWD, path, mode);
}

/* ---- listing ---- */

TF_EXPORT DIR *opendir(const char *path)
{
	DIR *dir;
	int fd, error;

	if (!tf_rt_view())
		return TF_REAL(opendir)(path);
	/* O_NONBLOCK as libc has it: the name may be a FIFO until O_DIRECTORY is looked at. */
	fd = tf_rt_openat(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_DIRECTORY | O_CLOEXEC, 0);
	if (tf_rt_ret(fd) < 0)
		return NULL;
	dir = TF_REAL(fdopendir)(fd);
	if (dir)
		return dir;
	error = tf_rt_errno();
	tf_sys(SYS_close, fd);
	tf_rt_set_errno(error);
	return NULL;
}

TF_EXPORT int tf_hook_scandir(const char *path, struct dirent ***ret,
                              int (*filter)(const struct dirent *),
                              int (*order)(const struct dirent **, const struct dirent **))
        TF_NAMED(scandir);
TF_EXPORT int tf_hook_scandirat(int dirfd, const char *path, struct dirent ***ret,
                                int (*filter)(const struct dirent *),
                                int (*order)(const struct dirent **, const struct dirent **))
        TF_NAMED(scandirat);

int tf_hook_scandir(const char *path, struct dirent ***ret, int (*filter)(const struct dirent *),
                    int (*order)(const struct dirent **, const struct dirent **))
{
	struct tf_place at;
	int r = tf_rt_resolve(&at, AT_FDCWD, path, TF_HOW_ABSOLUTE);

	if (r < 0)
		return (int)tf_rt_ret(r);
	r = TF_REAL(scandir)(at.path, ret, filter, order);
	tf_rt_release(&at);
	return r;
}
TF_TWIN(scandir64, scandir);

int tf_hook_scandirat(int dirfd, const char *path, struct dirent ***ret,
                      int (*filter)(const struct dirent *),
                      int (*order)(const struct dirent **, const struct dirent **))
{
	struct tf_place at;
	int r = tf_rt_resolve(&at, dirfd, path, TF_HOW_ABSOLUTE);

	if (r < 0)
		return (int)tf_rt_ret(r);
	r = TF_REAL(scandirat)(at.dirfd, at.path, ret, filter, order);
	tf_rt_release(&at);
	return r;
}
TF_TWIN(scandirat64, scandirat);
