/*
 * Whole directory trees: removing and copying. The content belongs to somebody who is not trusted, so nothing here
 * follows a symlink, recurses on the stack, or leaves the tree that it was given. Blocks as long as the tree is large.
 */
#ifndef TURF_BASE_TREE_H
#define TURF_BASE_TREE_H

#include <stdint.h>

#include "err.h"

/* Directories open at the same time. Copies end there; removal goes on deeper by moving directories up. */
#define TF_TREE_DEPTH 128

/*
 * Removes name below parent (AT_FDCWD and a path too) and all it contains, also directories without any permission bit.
 * Another file system mounted in it is not entered (-EXDEV). A name that does not exist is fine. 0 or -errno with err.
 */
int tf_tree_remove(int parent, const char *name, struct tf_err *err);

struct tf_tree_copied {
	uint64_t files, bytes;
	uint64_t left_out; /* sockets, devices, FIFOs */
};

/*
 * Copies the directory src (a path; a symlink to a directory is followed only as its last component) into the
 * existing, empty directory dst_fd. Keeps modes (without set-id bits), times, symlinks as they are, holes; not owners,
 * hard links, extended attributes. Data by FICLONE, else copy_file_range, else read and write.
 * A copy into itself is -EINVAL, deeper than TF_TREE_DEPTH -ENAMETOOLONG. 0 or -errno with err; what was copied stays.
 */
int tf_tree_copy(const char *src, int dst_fd, struct tf_tree_copied *ret, struct tf_err *err);

#endif
