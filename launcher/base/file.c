/*
 * Files of turf's own. See file.h.
 */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fd.h"

/* mkdir(2) with mode 0700 whatever the umask. */
static int make_private(int dirfd, const char *path)
{
	if (mkdirat(dirfd, path, 0700) < 0)
		return -errno;
	/* a umask such as 0277 would leave it closed to ourselves */
	if (fchmodat(dirfd, path, 0700, 0) < 0)
		return -errno;
	return 0;
}

int tf_file_mkdirs(const char *path, struct tf_err *err)
{
	char buf[PATH_MAX];
	size_t len = strlen(path);
	struct stat st;

	if (len >= sizeof(buf))
		return tf_err_set(err, TF_E_PATH, ENAMETOOLONG, "%.60s...", path);
	memcpy(buf, path, len + 1);
	for (size_t i = 1; i <= len; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		buf[i] = '\0';
		int rc = make_private(AT_FDCWD, buf);

		if (rc < 0 && rc != -EEXIST && stat(buf, &st) < 0)
			return tf_err_set(err, TF_E_WORKDIR, -rc, "%s cannot be made", buf);
		buf[i] = path[i];
	}
	if (stat(path, &st) < 0)
		return tf_err_set(err, TF_E_WORKDIR, errno, "%s", path);
	if (!S_ISDIR(st.st_mode))
		return tf_err_set(err, TF_E_WORKDIR, ENOTDIR, "%s", path);
	return 0;
}

int tf_file_own_dir(int dirfd, const char *path, struct tf_err *err)
{
	tf_autoclose int fd = -1;
	struct stat st;

	/* Nearly always it is there already. */
	fd = tf_fd_open(dirfd, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	if (fd == -ENOENT) {
		int rc = make_private(dirfd, path);

		if (rc < 0 && rc != -EEXIST)
			return tf_err_set(err, TF_E_WORKDIR, -rc, "%s cannot be made", path);
		fd = tf_fd_open(dirfd, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	}
	if (fd < 0)
		return tf_err_set(err, TF_E_WORKDIR, -fd, "%s cannot be opened", path);
	if (fstat(fd, &st) < 0)
		return tf_err_set(err, TF_E_WORKDIR, errno, "%s", path);
	if (st.st_uid != geteuid())
		return tf_err_set(err, TF_E_WORKDIR, EPERM,
		                  "%s belongs to user %u, not to you (%u)", path,
		                  (unsigned int)st.st_uid, (unsigned int)geteuid());
	if (st.st_mode & 022)
		return tf_err_set(err, TF_E_WORKDIR, EPERM,
		                  "others may write to %s (chmod go-w it)", path);
	return tf_fd_take(&fd);
}

/* A temporary file beside name: "NAME.tmp-PID-N". */
static int open_temporary(int dirfd, const char *name, mode_t mode, char *temp, size_t size)
{
	for (unsigned int i = 0; i < 100; i++) {
		int n = snprintf(temp, size, "%s.tmp-%d-%u", name, (int)getpid(), i);
		int fd;

		if (n < 0 || (size_t)n >= size)
			return -ENAMETOOLONG;
		fd = tf_fd_open(dirfd, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
		if (fd != -EEXIST)
			return fd;
	}
	return -EEXIST;
}

static int write_synced(int fd, const void *data, size_t n, mode_t mode)
{
	int rc = tf_fd_write(fd, data, n);

	if (rc == 0 && fchmod(fd, mode) < 0)
		rc = -errno;
	if (rc == 0 && fsync(fd) < 0)
		rc = -errno;
	return rc;
}

int tf_file_replace(int dirfd, const char *name, const void *data, size_t n, mode_t mode)
{
	char temp[PATH_MAX];
	tf_autoclose int fd = open_temporary(dirfd, name, mode, temp, sizeof(temp));
	int rc;

	if (fd < 0)
		return fd;
	rc = write_synced(fd, data, n, mode);
	if (rc == 0 && renameat(dirfd, temp, dirfd, name) < 0)
		rc = -errno;
	if (rc < 0)
		unlinkat(dirfd, temp, 0);
	return rc;
}
