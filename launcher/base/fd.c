/*
 * Descriptors. See fd.h.
 */
#include "fd.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "parse.h"

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

void tf_fd_closep(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd); /* never again on EINTR: on Linux it is closed then */
	*fd = -1;
	errno = saved;
}

int tf_fd_open(int dirfd, const char *path, int flags, mode_t mode)
{
	int fd;

	do
		fd = openat(dirfd, path, flags | O_CLOEXEC | O_NOCTTY, mode);
	while (fd < 0 && errno == EINTR);
	return fd < 0 ? -errno : fd;
}

int tf_fd_write(int fd, const void *data, size_t n)
{
	const char *p = data;

	while (n) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

ssize_t tf_fd_read(int fd, void *buf, size_t n)
{
	size_t got = 0;

	while (got < n) {
		ssize_t done = read(fd, (char *)buf + got, n - got);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		if (done == 0)
			break;
		got += (size_t)done;
	}
	return (ssize_t)got;
}

ssize_t tf_fd_read_file(int dirfd, const char *path, char *buf, size_t size)
{
	tf_autoclose int fd = tf_fd_open(dirfd, path, O_RDONLY, 0);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = tf_fd_read(fd, buf, size);
	if (n < 0)
		return n;
	if ((size_t)n == size)
		return -EFBIG;
	buf[n] = '\0';
	return n;
}

/* Without close_range(2): what /proc lists. The stream's own descriptor goes last. */
static int close_listed(unsigned int first)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;
	uint64_t fd;

	if (!dir)
		return -errno;
	while ((entry = readdir(dir)) != NULL) {
		if (tf_parse_uint(entry->d_name, INT32_MAX, &fd) == 0 && fd >= first &&
		    (int)fd != dirfd(dir))
			close((int)fd);
	}
	closedir(dir);
	return 0;
}

int tf_fd_close_from(unsigned int first)
{
	struct rlimit limit;

	if (syscall(SYS_close_range, first, ~0u, 0u) == 0)
		return 0;
	if (close_listed(first) == 0)
		return 0;
	/* No /proc either. A descriptor above a limit that was lowered since would survive: refuse to guess. */
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return -errno;
	if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max > (1u << 20))
		return -ENOSYS;
	for (unsigned int fd = first; fd < limit.rlim_max; fd++)
		close((int)fd);
	return 0;
}
