/*
 * A directory's names, read in one go. Uses the program's malloc.
 */
#ifndef TURF_HOOKS_NAMES_H
#define TURF_HOOKS_NAMES_H

#include <stddef.h>

struct tf_names {
	char *bytes; /* d_type and the NUL-terminated name, one after the other */
	size_t len, size;
};

/*
 * Reads the directory at a guest path; with "." and ".." when dots. 0 or -errno (-EACCES for one that
 * may not be read); after 0 the caller owes tf_names_done().
 */
int tf_names_read(struct tf_names *names, int dirfd, const char *path, int dots);

/* The name at *at, which begins at 0 and is moved on; NULL at the end. ret_type: DT_* of dirent.h. */
const char *tf_names_next(const struct tf_names *names, size_t *at, unsigned char *ret_type);

void tf_names_done(struct tf_names *names);

/* Whether a name is "." or "..". */
static inline int tf_names_is_dot(const char *name)
{
	return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

#endif
