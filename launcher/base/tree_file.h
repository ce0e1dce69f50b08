/*
 * One file of a tree that is copied: tree.c's part that deals with data.
 */
#ifndef TURF_BASE_TREE_FILE_H
#define TURF_BASE_TREE_FILE_H

#include <stdint.h>
#include <sys/stat.h>

/*
 * Copies the regular file name from directory src into directory dst, where it must not exist. Adds its length to
 * *bytes. 0 or -errno; -EINVAL is never used (tree.c means something by it).
 */
int tf_tree_copy_file(int src, int dst, const char *name, uint64_t *bytes);

/* Mode (without set-id and sticky bits) and times of st onto fd. 0 or -errno. */
int tf_tree_copy_meta(int fd, const struct stat *st);

#endif
