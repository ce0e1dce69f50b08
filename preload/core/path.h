/*
 * Path strings: scanning and joining. Lexical only; what symlinks mean is walk.h's business.
 * Pure: no allocation, locks, globals or errno; async-signal-safe.
 */
#ifndef TURF_CORE_PATH_H
#define TURF_CORE_PATH_H

#include <stddef.h>

/* What a scan found (bits of tf_path_scan's ret_flags). */
#define TF_PATH_ABSOLUTE 1u
#define TF_PATH_DOT 2u     /* a "." component */
#define TF_PATH_DOTDOT 4u  /* a ".." component */
#define TF_PATH_SLASHES 8u /* a doubled slash */
#define TF_PATH_TRAILING                                                                           \
	16u /* a trailing slash (not "/" itself): the last component must be a directory */

/* Bits that keep a path from being used as it stands. */
#define TF_PATH_UNCLEAN (TF_PATH_DOT | TF_PATH_DOTDOT | TF_PATH_SLASHES | TF_PATH_TRAILING)

struct tf_scan {
	size_t len;         /* without the NUL */
	size_t last;        /* offset of the last component: 0 for a bare name, 1 for "/name" */
	unsigned int flags; /* TF_PATH_* */
};

/*
 * One pass over a NUL-terminated path. Returns 0, -ENOENT for "" (as the kernel does) or
 * -ENAMETOOLONG for more than 4095 bytes. A component over NAME_MAX is left to the file system.
 */
int tf_path_scan(const char *path, struct tf_scan *ret);

/*
 * Cleans lexically ("//", "/./", trailing "/"; ".." too, which is right only where no symlink is in
 * the way) an absolute path into buf. Returns the length, -EINVAL for a relative path, -ENAMETOOLONG.
 */
int tf_path_clean(const char *path, char *buf, size_t size);

/* dir + "/" + name into buf; dir is clean. Returns the length or -ENAMETOOLONG. */
int tf_path_join(const char *dir, const char *name, char *buf, size_t size);

/* Whether path (length len) is prefix itself or lies below it; both clean. */
int tf_path_below(const char *path, size_t len, const char *prefix, size_t prefix_len);

/* Whether a clean absolute path of this text would be accepted: used by the blob's check. */
int tf_path_is_clean(const char *path, size_t len);

#endif
