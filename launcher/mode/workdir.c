/*
 * The work dir. See workdir.h. Every directory is opened as the user's own (no symlink, no foreign owner) before anything is
 * written into it.
 */
#include "workdir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/fd.h"
#include "../base/file.h"

extern const char tf_embed_libturf[], tf_embed_libturf_end[], tf_embed_libturf_id[];

const char *tf_workdir_path(struct tf_err *err)
{
	static char path[TF_WORK_MAX];
	const char *work = getenv("TURF_WORKDIR"), *home = getenv("HOME");
	int n;

	if (work && *work) {
		if (work[0] != '/') {
			tf_err_set(err, TF_E_WORKDIR, 0, "TURF_WORKDIR=%s is not an absolute path",
			           work);
			return NULL;
		}
		n = snprintf(path, sizeof(path), "%s", work);
	} else {
		if (!home || home[0] != '/') {
			tf_err_set(err, TF_E_WORKDIR, 0,
			           "HOME is not set: set TURF_WORKDIR to a directory for turf's "
			           "files");
			return NULL;
		}
		n = snprintf(path, sizeof(path), "%s/.turf", home);
	}
	if (n < 0 || (size_t)n >= sizeof(path)) {
		tf_err_set(err, TF_E_WORKDIR, ENAMETOOLONG, "the work dir's path");
		return NULL;
	}
	return path;
}

/* The real path of an open directory. */
static int real_path(int fd, char *buf, size_t size)
{
	char link[40];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, buf, size);
	if (n < 0)
		return -errno;
	if ((size_t)n >= size)
		return -ENAMETOOLONG;
	buf[n] = '\0';
	return 0;
}

int tf_workdir_open(struct tf_workdir *w, struct tf_err *err)
{
	const char *path = tf_workdir_path(err);
	int rc;

	*w = (struct tf_workdir){.fd = -1};
	if (!path)
		return -EINVAL;
	if (access(path, F_OK) < 0) {
		rc = tf_file_mkdirs(path, err);
		if (rc < 0) {
			if (err)
				err->code = TF_E_WORKDIR;
			return tf_err_context(
			        err, rc, "work dir %s (set TURF_WORKDIR to another place)", path);
		}
	}
	rc = tf_file_own_dir(AT_FDCWD, path, err);
	if (rc < 0)
		return tf_err_context(err, rc, "work dir %s (set TURF_WORKDIR to another place)",
		                      path);
	w->fd = rc;
	rc = real_path(w->fd, w->path, sizeof(w->path));
	return rc < 0 ? tf_err_set(err, TF_E_WORKDIR, -rc, "work dir %s", path) : 0;
}

void tf_workdir_close(struct tf_workdir *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}

/* A directory of turf's own below the work dir. */
static int open_part(struct tf_workdir *w, const char *name, struct tf_err *err)
{
	int fd = tf_file_own_dir(w->fd, name, err);

	return fd < 0 ? tf_err_context(err, fd, "work dir %s", w->path) : fd;
}

int tf_workdir_library(struct tf_workdir *w, struct tf_err *err)
{
	size_t size = (size_t)(tf_embed_libturf_end - tf_embed_libturf);
	tf_autoclose int lib = -1;
	struct stat st;
	char name[64];

	snprintf(name, sizeof(name), "libturf-%s.so", tf_embed_libturf_id);
	snprintf(w->library, sizeof(w->library), "%s/lib/%s", w->path, name);
	if (lstat(w->library, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == (off_t)size &&
	    st.st_uid == geteuid() && !(st.st_mode & 022))
		return 0;
	lib = open_part(w, "lib", err);
	if (lib < 0)
		return lib;
	int rc = tf_file_replace(lib, name, tf_embed_libturf, size, 0555);
	return rc < 0 ? tf_err_set(err, TF_E_WORKDIR, -rc, "cannot write %s", w->library) : 0;
}
