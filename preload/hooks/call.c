/*
 * The way of every simple hook: resolve, one system call, once more the slow way where the runtime asks for
 * it, release. Must not allocate, must not touch errno (tf_call_overflow ends the program).
 */
#include "call.h"

#include <string.h>

long tf_call_at(long nr, int dirfd, const char *path, unsigned int how, const long arg[4])
{
	struct tf_place at;
	long r;

	for (;; how |= TF_HOW_WALK) {
		r = tf_rt_resolve(&at, dirfd, path, how);
		if (r < 0)
			return r;
		r = tf_sys(nr, at.dirfd, at.path, arg[0], arg[1], arg[2], arg[3]);
		int again = tf_rt_retry(&at, r) && !(how & TF_HOW_WALK);
		tf_rt_release(&at);
		if (!again)
			return r;
	}
}

long tf_call_path(long nr, const char *path, unsigned int how, const long arg[4])
{
	struct tf_place at;
	long r;

	for (;; how |= TF_HOW_WALK) {
		r = tf_rt_resolve(&at, AT_FDCWD, path, how);
		if (r < 0)
			return r;
		r = tf_sys(nr, at.path, arg[0], arg[1], arg[2], arg[3]);
		int again = tf_rt_retry(&at, r) && !(how & TF_HOW_WALK);
		tf_rt_release(&at);
		if (!again)
			return r;
	}
}

long tf_call_change(long nr, int dirfd, const char *path, int flags, const long arg[4])
{
	unsigned int how = TF_HOW_MODIFY;
	long r;

	if (flags & AT_SYMLINK_NOFOLLOW)
		how |= TF_HOW_NOFOLLOW;
	if (path && *path)
		return tf_call_at(nr, dirfd, path, how, arg);
	r = path && !(flags & AT_EMPTY_PATH) ? -ENOENT : tf_rt_fd_modify(dirfd);
	return r < 0 ? r : tf_sys(nr, dirfd, path, arg[0], arg[1], arg[2], arg[3]);
}

/* ---- mapping points ---- */

/* 1 when the last component is ".", 2 when "..", else 0. The walk takes these away; they can be neither moved nor removed. */
static int last_dots(const char *path)
{
	size_t n = path ? strlen(path) : 0, dots = 0;

	while (n && path[n - 1] == '/')
		n--;
	for (; n && path[n - 1] == '.'; n--)
		dots++;
	return dots <= 2 && (!n || path[n - 1] == '/') ? (int)dots : 0;
}

/* Whether at is the root of its mapping: for the kernel that would be a mount point. */
static int is_mapping_point(const struct tf_place *at)
{
	if (!at->map || !at->path || at->path[0] != '/')
		return 0;
	/* The path lies in the mapping, so it is at least as long as the mapping's own. */
	const char *rest = at->path + at->map->host.len;
	return rest[0] == '\0' || (rest[0] == '/' && rest[1] == '\0');
}

/*
 * Whether a mapping lies below what name names. Moved away, it would take what a `hidden` covers out from under
 * it. Asked only where the view has such mappings at all.
 */
static int has_mapping_below(const struct tf_call_name *name)
{
	const struct tf_view *view = tf_rt_view();
	struct tf_slot *slot;
	int n;

	if (!(view->head->flags & TF_VIEW_NESTED))
		return 0;
	slot = tf_rt_slot_take();
	if (!slot)
		return 1;
	n = tf_rt_guest_path(name->dirfd, name->path, TF_HOW_NOFOLLOW, slot->path, TF_PATH_MAX);
	if (n > 0)
		n = tf_view_has_below(view, slot->path, (size_t)n);
	tf_rt_slot_give(slot);
	return n > 0;
}

long tf_call_remove(long nr, int dirfd, const char *path, long flag)
{
	const struct tf_call_name name = {dirfd, path, TF_HOW_NOFOLLOW | TF_HOW_MODIFY};
	struct tf_place at;
	long r = tf_rt_resolve(&at, dirfd, path, name.how);

	if (r < 0)
		return r;
	int dots = last_dots(path);
	if (dots)
		r = !(flag & AT_REMOVEDIR) ? -EISDIR : dots == 1 ? -EINVAL : -ENOTEMPTY;
	else if (tf_rt_view() && (is_mapping_point(&at) || has_mapping_below(&name)))
		r = -EBUSY;
	else
		r = tf_sys(nr, at.dirfd, at.path, flag);
	tf_rt_release(&at);
	return r;
}

/* ---- two names ---- */

/* The mapping has to be known: what is relative to a descriptor is resolved in full. */
static int resolve_name(struct tf_place *at, const struct tf_call_name *name)
{
	unsigned int how = name->how & ~(TF_HOW_MODIFY | TF_HOW_CREATE);

	int r;

	if (name->dirfd != AT_FDCWD)
		how |= TF_HOW_ABSOLUTE;
	r = tf_rt_resolve(at, name->dirfd, name->path, how);
	/* linkat("/proc/self/fd/N", AT_SYMLINK_FOLLOW) gives a file its first name: the kernel knows where it is. */
	if (r == 0 && at->is_magic)
		at->map = NULL;
	return r;
}

/* Read-only comes after -EXDEV, as in the kernel: mv then knows that it has to copy. */
static long refuse_write(const struct tf_place *at, const struct tf_call_name *name)
{
	struct tf_place unused;
	long r;

	if (!(name->how & TF_HOW_MODIFY) || !at->map || at->map->access & TF_WRITE)
		return 0;
	r = tf_rt_resolve(&unused, name->dirfd, name->path, name->how);
	if (r < 0)
		return r;
	tf_rt_release(&unused);
	return -EROFS;
}

static long check_two(const struct tf_place at[2], const struct tf_call_name *from,
                      const struct tf_call_name *to)
{
	int is_move = from->how & TF_HOW_MODIFY;
	long r;

	if (is_move && (last_dots(from->path) || last_dots(to->path)))
		return -EBUSY;
	if (is_move && (is_mapping_point(&at[0]) || is_mapping_point(&at[1])))
		return -EBUSY;
	if (at[0].map && at[1].map && at[0].map != at[1].map)
		return -EXDEV;
	r = refuse_write(&at[0], from);
	if (r == 0)
		r = refuse_write(&at[1], to);
	if (r == 0 && is_move && (has_mapping_below(from) || has_mapping_below(to)))
		r = -EBUSY;
	return r;
}

long tf_call_two(long nr, const struct tf_call_name *from, const struct tf_call_name *to,
                 unsigned int flags)
{
	struct tf_place at[2];
	long r = resolve_name(&at[0], from);

	if (r < 0)
		return r;
	r = resolve_name(&at[1], to);
	if (r < 0) {
		tf_rt_release(&at[0]);
		return r;
	}
	if (tf_rt_view())
		r = check_two(at, from, to);
	if (r == 0)
		r = tf_sys(nr, at[0].dirfd, at[0].path, at[1].dirfd, at[1].path, flags);
	tf_rt_release(&at[1]);
	tf_rt_release(&at[0]);
	return r;
}

size_t tf_call_fd_name(char *buf, int fd)
{
	static const char head[] = "/proc/self/fd/";
	unsigned int n = (unsigned int)fd, digits = 1;

	for (unsigned int rest = n; rest > 9; rest /= 10)
		digits++;
	memcpy(buf, head, sizeof(head) - 1);
	for (unsigned int i = digits; i--; n /= 10)
		buf[sizeof(head) - 1 + i] = (char)('0' + n % 10);
	buf[sizeof(head) - 1 + digits] = '\0';
	return sizeof(head) - 1 + digits;
}

void tf_call_overflow(void)
{
	void (*fail)(void) = (void (*)(void))tf_rt_real("__chk_fail");

	if (fail)
		fail();
	for (;;)
		__builtin_trap();
}
