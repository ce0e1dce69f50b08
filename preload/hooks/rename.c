/*
 * Renaming and removing. A mapping point can be neither renamed nor removed (EBUSY), nothing moves between mappings
 * (EXDEV): call.c. A renamed symlink or directory puts symlinks where none were (tf_rt_links_changed).
 */
#include "call.h"

#include <stdio.h>
#include <unistd.h>

#define OLD_NAME (TF_HOW_NOFOLLOW | TF_HOW_MODIFY)

TF_EXPORT int renameat2(int from_fd, const char *from, int to_fd, const char *to,
                        unsigned int flags)
{
	const struct tf_call_name old = {from_fd, from, OLD_NAME};
	const struct tf_call_name new = {to_fd, to, OLD_NAME};
	long r = tf_call_two(SYS_renameat2, &old, &new, flags);

	if (r == 0)
		tf_rt_links_changed();
	return (int)tf_rt_ret(r);
}

TF_EXPORT int renameat(int from_fd, const char *from, int to_fd, const char *to)
{
	return renameat2(from_fd, from, to_fd, to, 0);
}

TF_EXPORT int rename(const char *from, const char *to)
{
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

/* ---- remove ---- */

TF_EXPORT int unlinkat(int dirfd, const char *path, int flags)
{
	return (int)tf_rt_ret(tf_call_remove(SYS_unlinkat, dirfd, path, flags));
}

TF_EXPORT int unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}

TF_EXPORT int rmdir(const char *path)
{
	return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

TF_EXPORT int remove(const char *path)
{
	long r = tf_call_remove(SYS_unlinkat, AT_FDCWD, path, 0);

	if (r == -EISDIR)
		r = tf_call_remove(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
	return (int)tf_rt_ret(r);
}
