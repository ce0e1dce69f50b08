/*
 * open(2) and its twins. All the work is tf_rt_openat()'s. Not variadic here (call.h): mode is what happens to be in
 * the register when the caller gave none, and is looked at only where the flags say that it is there.
 */
#include "call.h"

TF_EXPORT int tf_hook_open(const char *path, int flags, unsigned int mode) TF_NAMED(open);
TF_EXPORT int tf_hook_openat(int dirfd, const char *path, int flags, unsigned int mode)
        TF_NAMED(openat);
TF_EXPORT int __open_2(const char *path, int flags);
TF_EXPORT int __openat_2(int dirfd, const char *path, int flags);
struct file_handle;
TF_EXPORT int tf_hook_name_to_handle_at(int dirfd, const char *path, struct file_handle *handle,
                                        int *mount_id, int flags) TF_NAMED(name_to_handle_at);
TF_EXPORT int tf_hook_open_by_handle_at(int mount_fd, struct file_handle *handle, int flags)
        TF_NAMED(open_by_handle_at);

/* O_TMPFILE contains O_DIRECTORY. */
static unsigned int mode_for(int flags, unsigned int mode)
{
	return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE ? mode : 0;
}

int tf_hook_open(const char *path, int flags, unsigned int mode)
{
	return (int)tf_rt_ret(tf_rt_openat(AT_FDCWD, path, flags, mode_for(flags, mode)));
}
TF_TWIN(open64, open);
TF_TWIN(__open, open);
TF_TWIN(__open64, open);

int tf_hook_openat(int dirfd, const char *path, int flags, unsigned int mode)
{
	return (int)tf_rt_ret(tf_rt_openat(dirfd, path, flags, mode_for(flags, mode)));
}
TF_TWIN(openat64, openat);

/* What _FORTIFY_SOURCE makes of an open without a mode. */
int __open_2(const char *path, int flags)
{
	if (mode_for(flags, 1))
		tf_call_overflow();
	return tf_hook_open(path, flags, 0);
}
TF_TWIN(__open64_2, __open_2);

int __openat_2(int dirfd, const char *path, int flags)
{
	if (mode_for(flags, 1))
		tf_call_overflow();
	return tf_hook_openat(dirfd, path, flags, 0);
}
TF_TWIN(__openat64_2, __openat_2);

TF_EXPORT int creat(const char *path, mode_t mode)
{
	return tf_hook_open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}
TF_TWIN(creat64, creat);

/* ---- file handles: names that no view can translate ---- */

int tf_hook_name_to_handle_at(int dirfd, const char *path, struct file_handle *handle,
                              int *mount_id, int flags)
{
	if (tf_rt_view())
		return (int)tf_rt_ret(-EPERM);
	return (int)tf_rt_ret(tf_sys(SYS_name_to_handle_at, dirfd, path, handle, mount_id, flags));
}

int tf_hook_open_by_handle_at(int mount_fd, struct file_handle *handle, int flags)
{
	if (tf_rt_view())
		return (int)tf_rt_ret(-EPERM);
	return (int)tf_rt_ret(tf_sys(SYS_open_by_handle_at, mount_fd, handle, flags));
}
