/*
 * Current directory and directory descriptors. See cwd.h. The kernel knows the host's path of both; here they
 * are turned into guest paths. Nothing is kept but one word: epoch and mapping of the current directory.
 */
#include "cwd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "../core/path.h"
#include "sys.h"

static uint64_t epoch = 1;

/*
 * (epoch << 16 | index of the mapping + 1), 0 in the low bits: not plain. One word, so that epoch and answer belong
 * together whatever other threads do.
 */
static uint64_t plain;

uint64_t tf_rt_cwd_epoch(void)
{
	return __atomic_load_n(&epoch, __ATOMIC_RELAXED);
}

void tf_rt_cwd_changed(void)
{
	__atomic_fetch_add(&epoch, 1, __ATOMIC_RELAXED);
}

int tf_rt_to_guest(const char *host, size_t len, char *buf, size_t size)
{
	const struct tf_view *view = tf_rt_view();

	if (!view || !tf_path_is_clean(host, len))
		return -ENOENT;
	return tf_view_to_guest(view, host, len, buf, size);
}

int tf_rt_getcwd(char *buf, size_t size)
{
	struct tf_slot *slot = tf_rt_slot_take();
	int n;

	if (!slot)
		return -ENOMEM;
	/* The kernel counts the NUL. A directory outside its root begins with "(unreachable)". */
	n = (int)tf_sys(SYS_getcwd, slot->path, sizeof(slot->path));
	if (n > 0)
		n = tf_rt_to_guest(slot->path, (size_t)n - 1, slot->path2, sizeof(slot->path2));
	if (n >= 0 && (size_t)n >= size)
		n = -ERANGE;
	if (n >= 0)
		memcpy(buf, slot->path2, (size_t)n + 1);
	tf_rt_slot_give(slot);
	return n;
}

static uint64_t find_plain(uint64_t now)
{
	const struct tf_view *view = tf_rt_view();
	struct tf_slot *slot = tf_rt_slot_take();
	uint64_t index = 0;

	if (!slot)
		return now << 16;
	int n = tf_rt_getcwd(slot->path, sizeof(slot->path));
	if (n > 0 && !tf_view_has_below(view, slot->path, (size_t)n))
		index = (uint64_t)(tf_view_find(view, slot->path, (size_t)n) - view->map) + 1;
	tf_rt_slot_give(slot);
	return now << 16 | index;
}

const struct tf_mapping *tf_rt_cwd_plain(void)
{
	uint64_t now = tf_rt_cwd_epoch(), known = __atomic_load_n(&plain, __ATOMIC_RELAXED);

	if (known >> 16 != now) {
		known = find_plain(now);
		__atomic_store_n(&plain, known, __ATOMIC_RELAXED);
	}
	return known & 0xffff ? &tf_rt_view()->map[(known & 0xffff) - 1] : NULL;
}

/* "/proc/self/fd/N" */
static void fd_path(int fd, char *buf)
{
	char digits[12];
	size_t n = 0;

	memcpy(buf, "/proc/self/fd/", 14);
	buf += 14;
	do
		digits[n++] = (char)('0' + fd % 10);
	while (fd /= 10);
	while (n)
		*buf++ = digits[--n];
	*buf = '\0';
}

int tf_rt_fd_guest(int fd, char *buf, size_t size)
{
	struct tf_slot *slot;
	char link[32];
	int n;

	if (fd < 0)
		return -EBADF;
	fd_path(fd, link);
	slot = tf_rt_slot_take();
	if (!slot)
		return -ENOMEM;
	n = (int)tf_sys(SYS_readlink, link, slot->path, TF_PATH_MAX);
	if (n < 0)
		n = n == -ENOENT ? -EBADF : n;
	else if (slot->path[0] != '/')
		n = -ENOTDIR;
	else {
		slot->path[n] = '\0';
		n = tf_rt_to_guest(slot->path, (size_t)n, buf, size);
	}
	if (n == -ENOENT)
		n = -EACCES;
	tf_rt_slot_give(slot);
	return n;
}

int tf_rt_fd_modify(int fd)
{
	const struct tf_view *view = tf_rt_view();
	struct tf_slot *slot;
	int n, rc = 0;

	if (!view)
		return 0;
	slot = tf_rt_slot_take();
	if (!slot)
		return -ENOMEM;
	n = tf_rt_fd_guest(fd, slot->path, sizeof(slot->path));
	if (n > 0 && !(tf_view_find(view, slot->path, (size_t)n)->access & TF_WRITE))
		rc = -EROFS;
	tf_rt_slot_give(slot);
	return rc;
}
