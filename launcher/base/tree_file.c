/*
 * One file of a tree that is copied. See tree_file.h. Tries the cheapest way first: sharing the blocks (FICLONE),
 * copying inside the kernel, reading and writing. Holes stay holes, otherwise a sparse image would fill the disk.
 */
#include "tree_file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "fd.h"

#define CHUNK (64u << 10)

int tf_tree_copy_meta(int fd, const struct stat *st)
{
	const struct timespec times[2] = {st->st_atim, st->st_mtim};

	/* set-id bits would turn a private copy into a program with the copier's rights */
	if (fchmod(fd, st->st_mode & 0777) < 0 || futimens(fd, times) < 0)
		return -errno;
	return 0;
}

/* By read and write: from and to stay at the end of what was copied. */
static int copy_by_hand(int in, int out, off_t from, off_t end)
{
	static char buf[CHUNK]; /* too large for the stack; the launcher has one thread */

	while (from < end) {
		size_t want = end - from < (off_t)sizeof(buf) ? (size_t)(end - from) : sizeof(buf);
		ssize_t n = pread(in, buf, want, from);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : 0; /* it became shorter */
		for (ssize_t done = 0, k; done < n; done += k) {
			k = pwrite(out, buf + done, (size_t)(n - done), from + done);
			if (k < 0 && errno != EINTR)
				return -errno;
			if (k < 0)
				k = 0;
		}
		from += n;
	}
	return 0;
}

/* One stretch of data, inside the kernel where it can. */
static int copy_stretch(int in, int out, off_t from, off_t end)
{
	while (from < end) {
		off_t to = from;
		ssize_t n = copy_file_range(in, &from, out, &to, (size_t)(end - from), 0);

		if (n < 0 && errno == EINTR)
			continue;
		/* ENOSYS, EXDEV, EOPNOTSUPP, EINVAL, EPERM by an outer filter; 0 from /proc-like files and before 5.19 */
		if (n < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EIO || errno == EFBIG))
			return -errno;
		if (n <= 0)
			return copy_by_hand(in, out, from, end);
	}
	return 0;
}

/* All stretches of data between the holes. */
static int copy_data(int in, int out, off_t size)
{
	off_t at = 0;
	int rc = 0;

	while (rc == 0 && at < size) {
		off_t from = lseek(in, at, SEEK_DATA), end;

		if (from < 0 && errno == ENXIO)
			break; /* only a hole is left */
		if (from < 0)
			return copy_stretch(in, out, at,
			                    size); /* a file system that knows no holes */
		end = lseek(in, from, SEEK_HOLE);
		if (end < 0 || end > size)
			end = size;
		if (from >= end)
			break;
		rc = copy_stretch(in, out, from, end);
		at = end;
	}
	return rc;
}

int tf_tree_copy_file(int src, int dst, const char *name, uint64_t *bytes)
{
	/* O_NONBLOCK: it may have become a FIFO since it was looked at */
	tf_autoclose int in = tf_fd_open(src, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
	tf_autoclose int out = -1;
	struct stat st;
	int rc = 0;

	if (in < 0)
		return in;
	if (fstat(in, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EAGAIN;
	out = tf_fd_open(dst, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
	if (out < 0)
		return out;
	if (ioctl(out, FICLONE, in) < 0) {
		rc = copy_data(in, out, st.st_size);
		if (rc == 0 && ftruncate(out, st.st_size) < 0)
			rc = -errno;
	}
	if (rc == 0)
		rc = tf_tree_copy_meta(out, &st);
	if (rc == 0)
		*bytes += (uint64_t)st.st_size;
	return rc == -EINVAL ? -EIO : rc;
}
