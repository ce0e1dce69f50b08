/*
 * realpath and its twins: the canonical guest path. libc's own would read the host's links and give back
 * a host path.
 */
#include "compose.h"

char *__realpath_chk(const char *path, char *resolved, size_t size);

/* Into buf (TF_PATH_MAX bytes). The object has to exist, with the rights to get there. */
static int canonical(const char *path, char *buf)
{
	struct stat st;
	int r;

	if (!path)
		return -EINVAL;
	r = tf_rt_fstatat(AT_FDCWD, path, &st, 0);
	if (r < 0)
		return r;
	return tf_rt_guest_path(AT_FDCWD, path, TF_HOW_FOLLOW, buf, TF_PATH_MAX);
}

static char *result(const char *path, char *resolved)
{
	struct tf_slot *slot = tf_rt_slot_take();
	char *to = resolved;
	int r;

	if (!slot)
		return tf_null(-ENOMEM);
	r = canonical(path, slot->path);
	if (r >= 0 && !to) {
		to = malloc((size_t)r + 1);
		if (!to)
			r = -ENOMEM;
	}
	if (r >= 0)
		memcpy(to, slot->path, (size_t)r + 1);
	tf_rt_slot_give(slot);
	return r < 0 ? tf_null(r) : to;
}

TF_EXPORT char *realpath(const char *path, char *resolved)
{
	if (!tf_rt_view())
		return TF_REAL(realpath)(path, resolved);
	return result(path, resolved);
}

TF_EXPORT char *__realpath_chk(const char *path, char *resolved, size_t size)
{
	if (size < TF_PATH_MAX)
		tf_call_overflow();
	return realpath(path, resolved);
}

TF_EXPORT char *canonicalize_file_name(const char *path)
{
	return realpath(path, NULL);
}
