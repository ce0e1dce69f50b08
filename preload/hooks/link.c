/*
 * Hard and symbolic links. A symlink's text is never translated: it is a guest path, and only the view's own walk
 * follows it. Everything that may have made a symlink says so (tf_rt_links_changed).
 */
#include "call.h"

#include <unistd.h>

#define NEW_NAME (TF_HOW_NOFOLLOW | TF_HOW_MODIFY | TF_HOW_CREATE)

TF_EXPORT ssize_t __readlink_chk(const char *path, char *buf, size_t len, size_t size);
TF_EXPORT ssize_t __readlinkat_chk(int dirfd, const char *path, char *buf, size_t len, size_t size);

static long changed(long r)
{
	if (r == 0)
		tf_rt_links_changed();
	return r;
}

TF_EXPORT int linkat(int from_fd, const char *from, int to_fd, const char *to, int flags)
{
	const struct tf_call_name old = {
	        from_fd, from, flags & AT_SYMLINK_FOLLOW ? TF_HOW_FOLLOW : TF_HOW_NOFOLLOW};
	const struct tf_call_name new = {to_fd, to, NEW_NAME};

	return (int)tf_rt_ret(changed(tf_call_two(SYS_linkat, &old, &new, (unsigned int)flags)));
}

TF_EXPORT int link(const char *from, const char *to)
{
	return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

TF_EXPORT int symlinkat(const char *text, int dirfd, const char *path)
{
	struct tf_place at;
	long r = tf_rt_resolve(&at, dirfd, path, NEW_NAME);

	if (r < 0)
		return (int)tf_rt_ret(r);
	r = tf_sys(SYS_symlinkat, text, at.dirfd, at.path);
	tf_rt_release(&at);
	return (int)tf_rt_ret(changed(r));
}

TF_EXPORT int symlink(const char *text, const char *path)
{
	return symlinkat(text, AT_FDCWD, path);
}

/* ---- readlink ---- */

TF_EXPORT ssize_t readlinkat(int dirfd, const char *restrict path, char *restrict buf, size_t size)
{
	return tf_rt_ret(tf_rt_readlink(dirfd, path, buf, size));
}

TF_EXPORT ssize_t readlink(const char *restrict path, char *restrict buf, size_t size)
{
	return readlinkat(AT_FDCWD, path, buf, size);
}

ssize_t __readlinkat_chk(int dirfd, const char *path, char *buf, size_t len, size_t size)
{
	if (len > size)
		tf_call_overflow();
	return readlinkat(dirfd, path, buf, len);
}

ssize_t __readlink_chk(const char *path, char *buf, size_t len, size_t size)
{
	return __readlinkat_chk(AT_FDCWD, path, buf, len, size);
}
