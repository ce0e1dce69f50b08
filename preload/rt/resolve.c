/*
 * Guest path → what to give to the kernel. The fast way is one look into the view and, where the prefix is known to
 * be free of symlinks, nothing else; identity paths are not even copied. Every doubt ("..", a trailing slash, a symlink
 * in the way, a mapping point below the directory) goes the slow way, the walk of core.
 */
#include "rt.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>

#include "../core/path.h"
#include "cwd.h"
#include "sys.h"
#include "verified.h"

/* resolve_x() below: it is not for the fast way to decide. */
#define GO_SLOW 1

struct query {
	const struct tf_view *view;
	int dirfd;
	const char *path;
	unsigned int how;
	struct tf_scan scan;
};

static int take_slot(struct tf_place *place)
{
	if (!place->slot)
		place->slot = tf_rt_slot_take();
	return place->slot ? 0 : -ENOMEM;
}

void tf_rt_release(struct tf_place *place)
{
	if (place->slot)
		tf_rt_slot_give(place->slot);
	place->slot = NULL;
}

int tf_rt_retry(const struct tf_place *place, long r)
{
	return r == -EACCES && place->is_relative && tf_rt_view() != NULL;
}

/* ---- what the mapping allows ---- */

/*
 * The call would write below a read-only mapping. The kernel looks the names up before it finds the file
 * system read-only: what is missing is ENOENT, what is in the way EEXIST.
 */
static int refuse_write(struct tf_place *place, unsigned int how)
{
	const char *slash = strrchr(place->path, '/');
	struct stat st;
	long rc = tf_sys(SYS_newfstatat, place->dirfd, place->path, &st, AT_SYMLINK_NOFOLLOW);

	if (rc == 0)
		return how & TF_HOW_CREATE ? -EEXIST : -EROFS;
	if (rc != -ENOENT || !(how & TF_HOW_CREATE))
		return (int)rc;
	/* The new name's directory has to be there. */
	if (!slash || slash == place->path || take_slot(place) < 0)
		return -EROFS;
	memcpy(place->slot->path2, place->path, (size_t)(slash - place->path));
	place->slot->path2[slash - place->path] = '\0';
	rc = tf_sys(SYS_newfstatat, place->dirfd, place->slot->path2, &st, 0);
	return rc < 0 ? (int)rc : -EROFS;
}

/* Nothing there may run; what is missing is ENOENT all the same: execvp(3) tells "not found" from "not allowed" by it. */
static int refuse_exec(const struct tf_place *place)
{
	struct stat st;
	long rc = tf_sys(SYS_newfstatat, place->dirfd, place->path, &st, AT_SYMLINK_NOFOLLOW);

	return rc < 0 ? (int)rc : -EACCES;
}

static int check_access(struct tf_place *place, unsigned int how)
{
	unsigned int access = place->map ? place->map->access : TF_READ | TF_WRITE | TF_EXEC;

	if (how & TF_HOW_MODIFY && !(access & TF_WRITE))
		return refuse_write(place, how);
	if (how & TF_HOW_EXEC && !(access & TF_EXEC))
		return refuse_exec(place);
	return 0;
}

/* ---- symlinks in the way ---- */

/* Asks the kernel whether the first len bytes of path lead through a symlink. 0 no, GO_SLOW yes or unknown. */
static int verify_prefix(struct tf_place *place, int dirfd, const char *path, size_t len,
                         uint64_t key)
{
	struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
	                       .resolve = RESOLVE_NO_SYMLINKS};
	int rc = take_slot(place);

	if (rc < 0)
		return rc;
	memcpy(place->slot->path2, path, len);
	place->slot->path2[len] = '\0';
	long fd = tf_sys(SYS_openat2, dirfd, place->slot->path2, &how, sizeof(how));
	if (fd >= 0) {
		tf_sys(SYS_close, fd);
		tf_rt_verified_add(key);
		return 0;
	}
	/* Nothing there, or no directory: no symlink was met before that, the caller's call will say the same. */
	return fd == -ENOENT || fd == -ENOTDIR || fd == -EACCES ? 0 : GO_SLOW;
}

/* Whether the last component is a symlink: 0 no (or missing), GO_SLOW yes. */
static int verify_last(const struct tf_place *place, uint64_t key)
{
	char text[1];
	long rc = tf_sys(SYS_readlinkat, place->dirfd, place->path, text, sizeof(text));

	if (rc >= 0)
		return GO_SLOW;
	if (rc == -EINVAL && key)
		tf_rt_verified_add(key);
	return 0;
}

/*
 * place->path (len bytes, its last component at `last`) is as the caller or the view gave it; the first `trusted` bytes
 * are known to be free of symlinks.
 */
static int verify(struct tf_place *place, const struct query *q, size_t len, size_t last,
                  size_t trusted)
{
	uint64_t epoch = place->path[0] == '/' ? 0 : tf_rt_cwd_epoch(), key;
	int rc;

	if (q->how & TF_HOW_UNCHECKED)
		return 0;
	if (last > trusted + 1) {
		key = tf_rt_verified_key(place->path, last - 1, epoch);
		rc = tf_rt_is_verified(key)
		             ? 0
		             : verify_prefix(place, place->dirfd, place->path, last - 1, key);
		if (rc != 0)
			return rc;
	}
	if (q->how & (TF_HOW_NOFOLLOW | TF_HOW_CALLER))
		return 0;
	key = tf_rt_verified_key(place->path, len, epoch);
	return tf_rt_is_verified(key) ? 0 : verify_last(place, key);
}

/* ---- the fast ways ---- */

/* guest: a clean absolute guest path. */
static int resolve_clean(struct tf_place *place, const struct query *q, const char *guest,
                         size_t len)
{
	const struct tf_mapping *map = tf_view_find(q->view, guest, len);
	int n = (int)len, rc;

	if (map->flags & TF_MAP_LINK && map->guest.len == len)
		return GO_SLOW;
	place->map = map;
	place->dirfd = AT_FDCWD;
	if (map->kind == TF_KIND_IDENTITY) {
		place->path = guest;
	} else {
		rc = take_slot(place);
		if (rc < 0)
			return rc;
		n = tf_view_to_host(q->view, map, guest, len, place->slot->walk.host, TF_PATH_MAX);
		if (n < 0)
			return n;
		place->path = place->slot->walk.host;
	}
	size_t last = (size_t)n;
	while (place->path[last - 1] != '/')
		last--;
	/* The mapping's own place was free of symlinks when the view was built. */
	if (map->guest.len == len)
		return 0;
	return verify(place, q, (size_t)n, last, map->host.len);
}

static int resolve_absolute(struct tf_place *place, const struct query *q)
{
	int n;

	if (!(q->scan.flags & TF_PATH_UNCLEAN))
		return resolve_clean(place, q, q->path, q->scan.len);
	if (q->scan.flags & (TF_PATH_DOTDOT | TF_PATH_TRAILING))
		return GO_SLOW;
	n = take_slot(place);
	if (n == 0)
		n = tf_path_clean(q->path, place->slot->path, TF_PATH_MAX);
	/* "/usr/." has to be a directory: the walk knows. */
	if (n > 0 && q->path[q->scan.len - 1] == '.')
		return GO_SLOW;
	return n < 0 ? n : resolve_clean(place, q, place->slot->path, (size_t)n);
}

/* dir (in place->slot->path, n bytes) + "/" + the relative path, as an absolute guest path. */
static int resolve_joined(struct tf_place *place, const struct query *q, int n)
{
	char *path = place->slot->path;

	if (n < 0)
		return n;
	if (q->scan.flags & TF_PATH_UNCLEAN)
		return GO_SLOW;
	n = tf_path_join(path, q->path, path, TF_PATH_MAX);
	return n < 0 ? n : resolve_clean(place, q, path, (size_t)n);
}

static int resolve_at_cwd(struct tf_place *place, const struct query *q)
{
	const struct tf_mapping *map = tf_rt_cwd_plain();

	if (q->scan.flags & (TF_PATH_DOTDOT | TF_PATH_TRAILING) || q->path[q->scan.len - 1] == '.')
		return GO_SLOW;
	if (!map || q->how & TF_HOW_ABSOLUTE) {
		int rc = take_slot(place);

		return rc < 0 ? rc
		              : resolve_joined(place, q,
		                               tf_rt_getcwd(place->slot->path, TF_PATH_MAX));
	}
	place->map = map;
	place->dirfd = AT_FDCWD;
	place->path = q->path;
	place->is_relative = 1;
	return verify(place, q, q->scan.len, q->scan.last, 0);
}

/*
 * Relative to a directory descriptor: a single name that is only read can be passed on as it is, since a skeleton's
 * mapping points answer EACCES (tf_rt_retry) and show mode 000. All else needs the directory's name.
 */
static int resolve_at_fd(struct tf_place *place, const struct query *q)
{
	unsigned int needs_name = TF_HOW_MODIFY | TF_HOW_EXEC | TF_HOW_ABSOLUTE;
	int rc;

	if (!(q->how & needs_name) && q->scan.last == 0 && !(q->scan.flags & TF_PATH_UNCLEAN) &&
	    !(q->view->head->flags & TF_VIEW_NESTED)) {
		place->dirfd = q->dirfd;
		place->path = q->path;
		place->is_relative = 1;
		if (q->how & (TF_HOW_UNCHECKED | TF_HOW_CALLER | TF_HOW_NOFOLLOW))
			return 0;
		return verify_last(place, 0);
	}
	rc = take_slot(place);
	if (rc < 0)
		return rc;
	return resolve_joined(place, q, tf_rt_fd_guest(q->dirfd, place->slot->path, TF_PATH_MAX));
}

/* ---- the slow way ---- */

static int read_link(void *ctx, const char *host, char *buf, size_t size)
{
	return (int)tf_sys(SYS_readlink, host, buf, size);
}

static int resolve_slow(struct tf_place *place, const struct query *q)
{
	static const struct tf_walk_ops ops = {.read_link = read_link};
	const char *cwd = NULL;
	int rc = take_slot(place);

	if (rc < 0)
		return rc;
	struct tf_walk *walk = &place->slot->walk;
	if (q->path[0] != '/') {
		cwd = place->slot->path;
		rc = q->dirfd == AT_FDCWD
		             ? tf_rt_getcwd(place->slot->path, TF_PATH_MAX)
		             : tf_rt_fd_guest(q->dirfd, place->slot->path, TF_PATH_MAX);
		if (rc < 0)
			return rc;
	}
	rc = tf_walk(q->view, &ops, cwd, q->path, q->how & TF_HOW_NOFOLLOW ? TF_WALK_NOFOLLOW : 0,
	             walk);
	if (rc < 0)
		return rc;
	place->map = walk->map;
	place->dirfd = AT_FDCWD;
	place->path = walk->host;
	place->is_relative = 0;
	place->is_magic = walk->is_magic;
	return 0;
}

/*
 * A descriptor that the guest has no name for (inherited with --preserve-fds, a deleted directory): the kernel
 * goes on from it, as long as the path cannot climb out of it.
 */
static int is_nameless_ok(const struct query *q, int rc)
{
	return rc == -EACCES && q->dirfd != AT_FDCWD && q->path[0] != '/' &&
	       !(q->scan.flags & TF_PATH_DOTDOT) && !(q->how & TF_HOW_ABSOLUTE) &&
	       !(q->view->head->flags & TF_VIEW_COOPERATIVE);
}

static int resolve_any(struct tf_place *place, const struct query *q)
{
	int rc = GO_SLOW;

	if (!(q->how & TF_HOW_WALK) && q->view->head->flags & TF_VIEW_OPENAT2) {
		if (q->scan.flags & TF_PATH_ABSOLUTE)
			rc = resolve_absolute(place, q);
		else if (q->dirfd == AT_FDCWD)
			rc = resolve_at_cwd(place, q);
		else
			rc = resolve_at_fd(place, q);
	}
	return rc == GO_SLOW ? resolve_slow(place, q) : rc;
}

int tf_rt_resolve(struct tf_place *ret, int dirfd, const char *path, unsigned int how)
{
	struct query q = {.view = tf_rt_view(), .dirfd = dirfd, .path = path, .how = how};
	int rc;

	*ret = (struct tf_place){.dirfd = dirfd, .path = path};
	if (!q.view || !path || !*path)
		return 0;
	rc = tf_path_scan(path, &q.scan);
	if (rc < 0)
		return rc;
	rc = resolve_any(ret, &q);
	if (rc < 0 && is_nameless_ok(&q, rc)) {
		tf_rt_release(ret);
		*ret = (struct tf_place){.dirfd = dirfd, .path = path};
		return 0;
	}
	if (rc == 0)
		rc = check_access(ret, how);
	if (rc < 0)
		tf_rt_release(ret);
	return rc;
}

int tf_rt_guest_path(int dirfd, const char *path, unsigned int how, char *buf, size_t size)
{
	struct tf_place place;
	int rc = tf_rt_resolve(&place, dirfd, path, how | TF_HOW_WALK);

	if (rc < 0)
		return rc;
	if (!place.slot)
		return -ENOENT;
	size_t n = strlen(place.slot->walk.guest);
	rc = n < size ? (int)n : -ENAMETOOLONG;
	if (rc >= 0)
		memcpy(buf, place.slot->walk.guest, n + 1);
	tf_rt_release(&place);
	return rc;
}

/* ---- readlink ---- */

/* The n bytes in slot->path are a magic link's text: give the guest's name for it. */
static long guest_text(struct tf_slot *slot, const char *link, long n)
{
	size_t len = strlen(link);

	if (slot->path[0] != '/')
		return n;
	if (len > 5 && strcmp(link + len - 5, "/root") == 0) {
		slot->path2[0] = '/';
		return 1;
	}
	int g = tf_rt_to_guest(slot->path, (size_t)n, slot->path2, TF_PATH_MAX);
	/* What the guest cannot see has no name: say no more than the kernel says of such things. */
	return g == -ENOENT ? -EACCES : g;
}

long tf_rt_readlink(int dirfd, const char *path, char *buf, size_t size)
{
	struct tf_place place;
	struct tf_slot *slot;
	long n = tf_rt_resolve(&place, dirfd, path, TF_HOW_NOFOLLOW);

	if (n < 0)
		return n;
	if (!tf_rt_view() || !place.path || strncmp(place.path, "/proc/", 6) != 0 ||
	    size > 0x7fffffff) {
		n = tf_sys(SYS_readlinkat, place.dirfd, place.path, buf, size);
		tf_rt_release(&place);
		return n;
	}
	slot = tf_rt_slot_take();
	if (!slot) {
		tf_rt_release(&place);
		return -ENOMEM;
	}
	n = tf_sys(SYS_readlinkat, place.dirfd, place.path, slot->path, TF_PATH_MAX);
	if (n > 0) {
		slot->path[n] = '\0';
		memcpy(slot->path2, slot->path, (size_t)n);
		n = guest_text(slot, place.path, n);
	}
	if (n > 0) {
		n = n < (long)size ? n : (long)size;
		memcpy(buf, slot->path2, (size_t)n);
	}
	tf_rt_slot_give(slot);
	tf_rt_release(&place);
	return n;
}
