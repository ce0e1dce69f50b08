/*
 * open and stat: the two calls that everything else is made of. Both let the kernel itself say that a symlink was in
 * the way (openat2's RESOLVE_NO_SYMLINKS, Linux 5.6; fstatat's AT_SYMLINK_NOFOLLOW), so that the common case is one system call and
 * exact, also when another process changes the tree at the same time.
 */
#include "rt.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>

#include "sys.h"

/* What openat(2) takes; it ignores the rest, openat2(2) refuses it. VALID_OPEN_FLAGS of Linux 6.x. */
#define OPEN_FLAGS                                                                                 \
	(O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | O_NONBLOCK | O_SYNC |      \
	 O_DSYNC | O_ASYNC | O_DIRECT | 0100000 /* O_LARGEFILE of the kernel */ | O_DIRECTORY |    \
	 O_NOFOLLOW | O_NOATIME | O_CLOEXEC | O_PATH | O_TMPFILE)
#define PATH_FLAGS (O_DIRECTORY | O_NOFOLLOW | O_PATH | O_CLOEXEC)
#define TMPFILE_BIT (O_TMPFILE & ~O_DIRECTORY)

static int is_writing(int flags)
{
	if (flags & O_PATH)
		return 0;
	return (flags & O_ACCMODE) != O_RDONLY || flags & (O_CREAT | O_TRUNC | TMPFILE_BIT);
}

static int is_plain_creating(int flags)
{
	return !(flags & O_PATH) && flags & (O_CREAT | TMPFILE_BIT);
}

static long open_strictly(const struct tf_place *place, int flags, unsigned int mode)
{
	struct open_how how = {
	        .flags = (uint64_t)(unsigned int)(flags &
	                                          (flags & O_PATH ? PATH_FLAGS : OPEN_FLAGS)),
	        .mode = is_plain_creating(flags) ? mode & 07777 : 0,
	        .resolve = RESOLVE_NO_SYMLINKS,
	};

	return tf_sys(SYS_openat2, place->dirfd, place->path, &how, sizeof(how));
}

/*
 * A descriptor's link, followed by the kernel. What it is open on may lie outside the wall (standard output
 * into a file of the caller): then the descriptor is copied, which is all that /dev/stdout promises.
 */
static long open_magic(const struct tf_place *place, int flags, unsigned int mode)
{
	long fd = tf_sys(SYS_openat, place->dirfd, place->path, flags, mode);
	const char *digits = strrchr(place->path, '/') + 1;
	int n = 0;

	if ((fd != -EACCES && fd != -ENXIO) || *digits < '0' || *digits > '9')
		return fd;
	for (; *digits >= '0' && *digits <= '9' && n < 1 << 20; digits++)
		n = n * 10 + *digits - '0';
	long have = tf_sys(SYS_fcntl, n, F_GETFL, 0);
	if (have < 0 || ((have & O_ACCMODE) != O_RDWR && (have & O_ACCMODE) != (flags & O_ACCMODE)))
		return fd;
	return tf_sys(SYS_fcntl, n, flags & O_CLOEXEC ? F_DUPFD_CLOEXEC : F_DUPFD, 0);
}

/*
 * Opening for writing below a read-only mapping: reading flags may be left (O_CREAT of a file that is there), devices
 * may be written on any file system; all else is what the kernel would say on one mounted read-only.
 */
static long open_readonly(const struct tf_place *place, int *flags)
{
	struct stat st;
	long rc = tf_sys(SYS_newfstatat, place->dirfd, place->path, &st, AT_SYMLINK_NOFOLLOW);

	if (*flags & TMPFILE_BIT)
		return rc < 0 ? rc : S_ISDIR(st.st_mode) ? -EROFS : -ENOTDIR;
	if (rc < 0)
		return rc == -ENOENT && *flags & O_CREAT ? -EROFS : rc;
	if (*flags & O_CREAT && *flags & O_EXCL)
		return -EEXIST;
	if (S_ISLNK(st.st_mode))
		return -ELOOP;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	*flags &= ~O_CREAT;
	if (!S_ISREG(st.st_mode) || !is_writing(*flags))
		return 0;
	return -EROFS;
}

static long open_place(const struct tf_place *place, int flags, unsigned int mode)
{
	if (place->map && !(place->map->access & TF_WRITE) && is_writing(flags) &&
	    !place->is_magic) {
		long rc = open_readonly(place, &flags);

		if (rc < 0)
			return rc;
	}
	if (place->is_magic)
		return open_magic(place, flags, mode);
	if (tf_rt_view()->head->flags & TF_VIEW_OPENAT2)
		return open_strictly(place, flags, mode);
	/* A walked path: no symlink but the last could have come since. */
	return tf_sys(SYS_openat, place->dirfd, place->path, flags | O_NOFOLLOW, mode);
}

/*
 * ELOOP: a symlink in the way, so walk. EACCES, ENOTDIR relative to a directory: a mapping point may stand there.
 * O_EXCL makes the kernel not follow a last symlink: EEXIST is the answer.
 */
static int is_walk_needed(const struct tf_place *place, long fd)
{
	return fd == -ELOOP || tf_rt_retry(place, fd) || (place->is_relative && fd == -ENOTDIR);
}

/* A skeleton's mapping point, met by name: it must not be opened as the empty thing that it is on the host. */
static int is_mapping_point(const struct tf_place *place, long fd, int flags)
{
	struct stat st;

	return place->is_relative && flags & O_PATH && fd >= 0 && tf_sys(SYS_fstat, fd, &st) == 0 &&
	       !(st.st_mode & 07777);
}

static unsigned int link_rule(int flags)
{
	int is_link_kept = flags & O_NOFOLLOW || (flags & O_CREAT && flags & O_EXCL);

	return is_link_kept ? TF_HOW_NOFOLLOW : TF_HOW_FOLLOW;
}

static long open_walked(int dirfd, const char *path, int flags, unsigned int mode)
{
	struct tf_place place;
	long fd = tf_rt_resolve(&place, dirfd, path, link_rule(flags) | TF_HOW_WALK);

	if (fd < 0)
		return fd;
	fd = open_place(&place, flags, mode);
	tf_rt_release(&place);
	return fd;
}

int tf_rt_openat(int dirfd, const char *path, int flags, unsigned int mode)
{
	/* Writing relative to a descriptor: whether it may is a question of where that is. */
	unsigned int how = TF_HOW_UNCHECKED | TF_HOW_CALLER | link_rule(flags);
	struct tf_place place;
	long fd;

	if (__builtin_expect(!tf_rt_view(), 0))
		return (int)tf_sys(SYS_openat, dirfd, path, flags, mode);
	if (dirfd != AT_FDCWD && is_writing(flags))
		how |= TF_HOW_ABSOLUTE;
	fd = tf_rt_resolve(&place, dirfd, path, how);
	if (fd < 0)
		return (int)fd;
	if (!path || !*path) {
		fd = tf_sys(SYS_openat, dirfd, path, flags, mode);
		return (int)fd;
	}
	fd = open_place(&place, flags, mode);
	if (__builtin_expect(is_mapping_point(&place, fd, flags), 0)) {
		tf_sys(SYS_close, fd);
		fd = -ELOOP;
	}
	int is_needed = fd < 0 && is_walk_needed(&place, fd);
	tf_rt_release(&place);
	return (int)(is_needed ? open_walked(dirfd, path, flags, mode) : fd);
}

/* ---- stat ---- */

static int is_stat_walk_needed(const struct tf_place *place, long rc, const struct stat *st,
                               int flags)
{
	if (rc == 0 && S_ISLNK(st->st_mode))
		return !(flags & AT_SYMLINK_NOFOLLOW);
	if (!place->is_relative)
		return 0;
	return rc == -EACCES || (rc == 0 && !(st->st_mode & 07777));
}

static long stat_walked(int dirfd, const char *path, struct stat *st, int flags)
{
	struct tf_place place;
	unsigned int how = flags & AT_SYMLINK_NOFOLLOW ? TF_HOW_NOFOLLOW : TF_HOW_FOLLOW;
	long rc = tf_rt_resolve(&place, dirfd, path, how | TF_HOW_WALK);

	if (rc < 0)
		return rc;
	if (!place.is_magic)
		flags |= AT_SYMLINK_NOFOLLOW;
	rc = tf_sys(SYS_newfstatat, place.dirfd, place.path, st, flags);
	tf_rt_release(&place);
	return rc;
}

int tf_rt_fstatat(int dirfd, const char *path, struct stat *st, int flags)
{
	struct tf_place place;
	long rc;

	if (!tf_rt_view() || !path || !*path)
		return (int)tf_sys(SYS_newfstatat, dirfd, path, st, flags);
	rc = tf_rt_resolve(&place, dirfd, path,
	                   flags & AT_SYMLINK_NOFOLLOW ? TF_HOW_NOFOLLOW : TF_HOW_CALLER);
	if (rc < 0)
		return (int)rc;
	rc = tf_sys(SYS_newfstatat, place.dirfd, place.path, st,
	            place.is_magic ? flags : flags | AT_SYMLINK_NOFOLLOW);
	/* A magic link that the kernel followed is what it is. */
	int is_needed = !place.is_magic && is_stat_walk_needed(&place, rc, st, flags);
	tf_rt_release(&place);
	return (int)(is_needed ? stat_walked(dirfd, path, st, flags) : rc);
}
