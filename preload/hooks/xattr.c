/*
 * Extended attributes. The wall (Landlock) does not govern them: the mapping's access is checked here in every tier.
 */
#include "call.h"

#include <sys/xattr.h>

TF_EXPORT int setxattr(const char *path, const char *name, const void *value, size_t size,
                       int flags)
{
	return (int)tf_rt_ret(tf_call_path(SYS_setxattr, path, TF_HOW_MODIFY,
	                                   TF_ARGS((long)name, (long)value, (long)size, flags)));
}

TF_EXPORT int lsetxattr(const char *path, const char *name, const void *value, size_t size,
                        int flags)
{
	return (int)tf_rt_ret(tf_call_path(SYS_lsetxattr, path, TF_HOW_MODIFY | TF_HOW_NOFOLLOW,
	                                   TF_ARGS((long)name, (long)value, (long)size, flags)));
}

TF_EXPORT int fsetxattr(int fd, const char *name, const void *value, size_t size, int flags)
{
	long r = tf_rt_fd_modify(fd);

	return (int)tf_rt_ret(r < 0 ? r : tf_sys(SYS_fsetxattr, fd, name, value, size, flags));
}

TF_EXPORT ssize_t getxattr(const char *path, const char *name, void *value, size_t size)
{
	return tf_rt_ret(tf_call_path(SYS_getxattr, path, TF_HOW_FOLLOW,
	                              TF_ARGS((long)name, (long)value, (long)size)));
}

TF_EXPORT ssize_t lgetxattr(const char *path, const char *name, void *value, size_t size)
{
	return tf_rt_ret(tf_call_path(SYS_lgetxattr, path, TF_HOW_NOFOLLOW,
	                              TF_ARGS((long)name, (long)value, (long)size)));
}

TF_EXPORT ssize_t listxattr(const char *path, char *list, size_t size)
{
	return tf_rt_ret(
	        tf_call_path(SYS_listxattr, path, TF_HOW_FOLLOW, TF_ARGS((long)list, (long)size)));
}

TF_EXPORT ssize_t llistxattr(const char *path, char *list, size_t size)
{
	return tf_rt_ret(tf_call_path(SYS_llistxattr, path, TF_HOW_NOFOLLOW,
	                              TF_ARGS((long)list, (long)size)));
}

TF_EXPORT int removexattr(const char *path, const char *name)
{
	return (int)tf_rt_ret(
	        tf_call_path(SYS_removexattr, path, TF_HOW_MODIFY, TF_ARGS((long)name)));
}

TF_EXPORT int lremovexattr(const char *path, const char *name)
{
	return (int)tf_rt_ret(tf_call_path(SYS_lremovexattr, path, TF_HOW_MODIFY | TF_HOW_NOFOLLOW,
	                                   TF_ARGS((long)name)));
}

TF_EXPORT int fremovexattr(int fd, const char *name)
{
	long r = tf_rt_fd_modify(fd);

	return (int)tf_rt_ret(r < 0 ? r : tf_sys(SYS_fremovexattr, fd, name));
}
