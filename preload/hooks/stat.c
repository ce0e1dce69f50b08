/*
 * stat(2) and its twins, the old __xstat names and statx(2). struct stat and struct stat64 are the same thing on this
 * architecture, and so are the kernel's and the libcs'.
 */
#include "call.h"

#include <sys/stat.h>

/* libc's header promises that path is not NULL; Linux 6.11 takes one for a descriptor alone. */
TF_EXPORT int tf_hook_statx(int dirfd, const char *path, int flags, unsigned int mask,
                            struct statx *st) TF_NAMED(statx);
TF_EXPORT int __xstat(int version, const char *path, struct stat *st);
TF_EXPORT int __lxstat(int version, const char *path, struct stat *st);
TF_EXPORT int __fxstatat(int version, int dirfd, const char *path, struct stat *st, int flags);

TF_EXPORT int stat(const char *restrict path, struct stat *restrict st)
{
	return (int)tf_rt_ret(tf_rt_fstatat(AT_FDCWD, path, st, 0));
}
TF_TWIN(stat64, stat);

TF_EXPORT int lstat(const char *restrict path, struct stat *restrict st)
{
	return (int)tf_rt_ret(tf_rt_fstatat(AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW));
}
TF_TWIN(lstat64, lstat);

TF_EXPORT int fstatat(int dirfd, const char *restrict path, struct stat *restrict st, int flags)
{
	return (int)tf_rt_ret(tf_rt_fstatat(dirfd, path, st, flags));
}
TF_TWIN(fstatat64, fstatat);

/* Version 0 is the kernel's struct, 1 libc's: the same since the architecture exists. */
static int is_version(int version)
{
	return version == 0 || version == 1;
}

int __xstat(int version, const char *path, struct stat *st)
{
	return is_version(version) ? stat(path, st) : (int)tf_rt_ret(-EINVAL);
}
TF_TWIN(__xstat64, __xstat);

int __lxstat(int version, const char *path, struct stat *st)
{
	return is_version(version) ? lstat(path, st) : (int)tf_rt_ret(-EINVAL);
}
TF_TWIN(__lxstat64, __lxstat);

int __fxstatat(int version, int dirfd, const char *path, struct stat *st, int flags)
{
	return is_version(version) ? fstatat(dirfd, path, st, flags) : (int)tf_rt_ret(-EINVAL);
}
TF_TWIN(__fxstatat64, __fxstatat);

/* ---- statx: as tf_rt_fstatat() does it ---- */

struct query {
	int dirfd;
	const char *path;
	int flags;
	unsigned int mask;
	struct statx *st;
};

/* Sets *ret_again when the answer is a link to be followed, or a skeleton's mapping point (mode 000). */
static long statx_once(const struct query *q, unsigned int how, int *ret_again)
{
	struct tf_place at;
	long r = tf_rt_resolve(&at, q->dirfd, q->path, how);
	int flags = q->flags;

	*ret_again = 0;
	if (r < 0)
		return r;
	if (!at.is_magic)
		flags |= AT_SYMLINK_NOFOLLOW;
	r = tf_sys(SYS_statx, at.dirfd, at.path, flags, q->mask | STATX_TYPE | STATX_MODE, q->st);
	if (flags != q->flags && r == 0 && S_ISLNK(q->st->stx_mode))
		*ret_again = 1;
	else if (at.is_relative)
		*ret_again = r == -EACCES || (r == 0 && !(q->st->stx_mode & 07777));
	tf_rt_release(&at);
	return r;
}

int tf_hook_statx(int dirfd, const char *path, int flags, unsigned int mask, struct statx *st)
{
	const struct query q = {dirfd, path, flags, mask, st};
	unsigned int keep = flags & AT_SYMLINK_NOFOLLOW ? TF_HOW_NOFOLLOW : TF_HOW_FOLLOW;
	int again = 0;
	long r;

	/* A descriptor and no path: nothing to translate, and fstat must cost what it costs. */
	if (!tf_rt_view() || !path || !*path)
		return (int)tf_rt_ret(tf_sys(SYS_statx, dirfd, path, flags, mask, st));
	r = statx_once(&q, keep ? keep : TF_HOW_CALLER, &again);
	if (again)
		r = statx_once(&q, keep | TF_HOW_WALK, &again);
	return (int)tf_rt_ret(r);
}
