/*
 * Watching files: the name to watch is translated, the long way (a skeleton's mapping point must not be watched in
 * place of what is mapped there); events carry only names below it.
 */
#include "call.h"

#include <sys/fanotify.h>
#include <sys/inotify.h>

TF_EXPORT int inotify_add_watch(int fd, const char *path, uint32_t mask)
{
	unsigned int how = mask & IN_DONT_FOLLOW ? TF_HOW_NOFOLLOW : TF_HOW_FOLLOW;
	struct tf_place at;
	long r = tf_rt_resolve(&at, AT_FDCWD, path, how | TF_HOW_ABSOLUTE);

	if (r < 0)
		return (int)tf_rt_ret(r);
	r = tf_sys(SYS_inotify_add_watch, fd, at.path, mask);
	tf_rt_release(&at);
	return (int)tf_rt_ret(r);
}

TF_EXPORT int fanotify_mark(int fd, unsigned int flags, uint64_t mask, int dirfd, const char *path)
{
	unsigned int how = flags & FAN_MARK_DONT_FOLLOW ? TF_HOW_NOFOLLOW : TF_HOW_FOLLOW;
	struct tf_place at;
	/* Whole mounts and file systems reach beyond the view. The kernel asks for a capability too. */
	long r = flags & (FAN_MARK_MOUNT | FAN_MARK_FILESYSTEM) && tf_rt_view() ? -EPERM : 0;

	if (r == 0)
		r = tf_rt_resolve(&at, dirfd, path, how | TF_HOW_ABSOLUTE);
	if (r < 0)
		return (int)tf_rt_ret(r);
	r = tf_sys(SYS_fanotify_mark, fd, flags, mask, at.dirfd, at.path);
	tf_rt_release(&at);
	return (int)tf_rt_ret(r);
}
