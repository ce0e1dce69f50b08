/*
 * The slow way: resolves a guest path component by component, with the kernel's meaning of "..",
 * symlinks and trailing slashes inside the view (path_resolution(7)). It cannot leave a mapping:
 * ".." is taken from the guest path, never from the host's.
 *
 * Pure but for the one operation that the caller lends: reading a link. Async-signal-safe if that is.
 */
#ifndef TURF_CORE_WALK_H
#define TURF_CORE_WALK_H

#include "view.h"

#define TF_WALK_MAX_LINKS 40 /* MAXSYMLINKS of Linux: then -ELOOP */

#define TF_WALK_NOFOLLOW 1u /* a symlink as the last component is the result, not followed */

struct tf_walk_ops {
	/*
	 * readlink(2) of a host path: bytes written to buf (not NUL-terminated) or -errno; -EINVAL
	 * means that it exists and is no link. Called with "<dir>/." to ask whether dir is a directory.
	 */
	int (*read_link)(void *ctx, const char *host, char *buf, size_t size);
	void *ctx;
};

/* Room for one walk: about 16 KiB, the caller's. */
struct tf_walk {
	char guest[TF_PATH_MAX]; /* result: clean guest path */
	char host[TF_PATH_MAX +
	          2];           /* result: host path, with the trailing slash if one was given */
	char rest[TF_PATH_MAX]; /* what is still to be walked */
	char text[TF_PATH_MAX]; /* a link's text */
	const struct tf_mapping *map; /* result */
	int is_magic; /* result: the host path is a magic link that the kernel has to follow */
};

/*
 * Walks path from the clean guest directory cwd (used when path is relative; may be NULL otherwise).
 * On success the last component may or may not exist: the caller's system call will say.
 * Magic links below /proc (exe, cwd, root, fd/N) have host paths as texts: these are translated back;
 * one that names no path ("pipe:[1]") or nothing the guest can see is left for the kernel to follow.
 * Returns 0; -ENOENT, -ENOTDIR, -ELOOP, -ENAMETOOLONG, -EACCES as path_resolution(7) has them.
 */
int tf_walk(const struct tf_view *view, const struct tf_walk_ops *ops, const char *cwd,
            const char *path, unsigned int flags, struct tf_walk *walk);

#endif
