/*
 * Descriptors: born close-on-exec, closed by scope, read and written whole. Interrupted calls are repeated.
 */
#ifndef TURF_BASE_FD_H
#define TURF_BASE_FD_H

#include <stddef.h>
#include <sys/types.h>

/* `tf_autoclose int fd = -1;`: closed at the end of the scope unless taken. */
void tf_fd_closep(int *fd);
#define tf_autoclose __attribute__((cleanup(tf_fd_closep)))

/* Gives the descriptor out of its scope's care. */
static inline int tf_fd_take(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

/* openat(2) with O_CLOEXEC and O_NOCTTY. The descriptor or -errno. May block where the file does (FIFOs). */
int tf_fd_open(int dirfd, const char *path, int flags, mode_t mode);

/* All n bytes. 0 or -errno (-EAGAIN too: not for non-blocking descriptors). */
int tf_fd_write(int fd, const void *data, size_t n);

/* Up to n bytes, until the end of the file. The count or -errno. */
ssize_t tf_fd_read(int fd, void *buf, size_t n);

/*
 * A whole file of less than size bytes into buf, NUL behind it (the count is without it). The count, -EFBIG when it
 * is longer, -EISDIR, other -errno.
 */
ssize_t tf_fd_read_file(int dirfd, const char *path, char *buf, size_t size);

/* Closes every descriptor from first on. close_range(2) (5.9), else /proc/self/fd, else one by one. 0 or -errno. */
int tf_fd_close_from(unsigned int first);

#endif
