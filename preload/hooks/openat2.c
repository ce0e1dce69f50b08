/*
 * openat2(2), which glibc has a function for since 2.43 and others call by number. Its rules of resolution are about
 * directories of the view. Those that stay inside one directory are kept by the kernel as well as by us; for the others the
 * answer is -ENOSYS, as on Linux 5.5: its users all know what to do then.
 */
#include "openat2.h"

#define INSIDE (RESOLVE_BENEATH | RESOLVE_IN_ROOT)
#define WRITES (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY))

TF_EXPORT int openat2(int dirfd, const char *path, const struct open_how *how, size_t size);

/* The kernel looks at the flags before the path: asked without a path, it says whether they are in order. */
static long check_how(int dirfd, const struct open_how *how, size_t size)
{
	long r = tf_sys(SYS_openat2, dirfd, "", how, size);

	return r == -ENOENT ? 0 : r;
}

/* Whether a mapping lies below the directory: there the kernel would see what is under it. */
static long has_mapping_below(int dirfd)
{
	struct tf_slot *slot = tf_rt_slot_take();
	long n;

	if (!slot)
		return -ENOMEM;
	n = tf_rt_guest_path(dirfd, ".", TF_HOW_FOLLOW, slot->path, TF_PATH_MAX);
	if (n >= 0)
		n = tf_view_has_below(tf_rt_view(), slot->path, (size_t)n);
	tf_rt_slot_give(slot);
	return n;
}

/* Symlinks that stay below a directory (or have it as their root) mean the same to the kernel and to the guest. */
static long open_inside(int dirfd, const char *path, const struct open_how *how)
{
	int is_writing = how->flags & WRITES && !(how->flags & O_PATH);
	struct tf_place dir;
	long r = has_mapping_below(dirfd);

	if (r != 0)
		return r < 0 ? r : -ENOSYS;
	r = tf_rt_resolve(&dir, dirfd, ".", TF_HOW_ABSOLUTE | (is_writing ? TF_HOW_MODIFY : 0));
	if (r < 0)
		return r;
	tf_rt_release(&dir);
	return tf_sys(SYS_openat2, dirfd, path, how, sizeof(*how));
}

long tf_hook_openat2(int dirfd, const char *path, const struct open_how *how, size_t size)
{
	long r;

	if (!tf_rt_view() || !path || !*path)
		return tf_sys(SYS_openat2, dirfd, path, how, size);
	r = check_how(dirfd, how, size);
	if (r < 0)
		return r;
	if (how->resolve & INSIDE)
		return open_inside(dirfd, path, how);
	if (how->resolve)
		return -ENOSYS;
	return tf_rt_openat(dirfd, path, (int)how->flags, (unsigned int)how->mode);
}

int openat2(int dirfd, const char *path, const struct open_how *how, size_t size)
{
	return (int)tf_rt_ret(tf_hook_openat2(dirfd, path, how, size));
}
