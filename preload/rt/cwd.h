/*
 * The current directory with guest eyes, and what relative paths need to know of it.
 */
#ifndef TURF_RT_CWD_H
#define TURF_RT_CWD_H

#include "rt.h"

/* Changes whenever the current directory may have changed; never 0. */
uint64_t tf_rt_cwd_epoch(void);

/*
 * The mapping that the current directory lies in. NULL when relative paths need the whole treatment: mapping points
 * lie below it, or the guest cannot see it. Costs two system calls once after a change.
 */
const struct tf_mapping *tf_rt_cwd_plain(void);

/* The guest path of the directory that fd is open on. Length, -EBADF, -ENOTDIR, -EACCES (not visible). */
int tf_rt_fd_guest(int fd, char *buf, size_t size);

#endif
