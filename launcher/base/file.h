/*
 * Small jobs on files of turf's own: directories of the work dir, files that are replaced whole.
 * Trees (removing, copying) are tree.h's.
 */
#ifndef TURF_BASE_FILE_H
#define TURF_BASE_FILE_H

#include <stddef.h>
#include <sys/types.h>

#include "err.h"

/*
 * Makes a clean absolute path's missing directories, 0700 whatever the umask. Existing ones are left as they are, and
 * may be reached through symlinks (a home directory often is). 0 or -errno.
 */
int tf_file_mkdirs(const char *path, struct tf_err *err);

/*
 * Opens a directory that must be turf's own: made 0700 when missing (the last component only), no symlink, owned by the
 * effective user, not writable by others. The descriptor or -errno with err (E_WORKDIR).
 */
int tf_file_own_dir(int dirfd, const char *path, struct tf_err *err);

/*
 * Writes a file whole: temporary name beside it, fsync, rename. Readers see the old one or the new one; a full disk
 * leaves the old one. name is one component of dirfd, or a path with AT_FDCWD. 0 or -errno.
 */
int tf_file_replace(int dirfd, const char *name, const void *data, size_t n, mode_t mode);

#endif
