/*
 * The work dir. See workdir.h. Every directory is opened as the user's own (no symlink, no foreign owner) before anything is
 * written into it.
 */
#include "workdir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../base/fd.h"
#include "../base/file.h"
#include "../base/tree.h"
#include "skeleton.h"

extern const char tf_embed_libturf[], tf_embed_libturf_end[], tf_embed_libturf_id[];

#define NAME_OF_RUN "run-"

const char *tf_workdir_path(struct tf_err *err)
{
	static char path[TF_WORK_MAX];
	const char *work = getenv("TURF_WORKDIR"), *home = getenv("HOME");
	int n;

	if (work && *work) {
		if (work[0] != '/') {
			tf_err_set(err, TF_E_WORKDIR, 0, "TURF_WORKDIR=%s is not an absolute path", work);
			return NULL;
		}
		n = snprintf(path, sizeof(path), "%s", work);
	} else {
		if (!home || home[0] != '/') {
			tf_err_set(err, TF_E_WORKDIR, 0,
				   "HOME is not set: set TURF_WORKDIR to a directory for turf's files");
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
	struct stat st;
	int rc;

	*w = (struct tf_workdir){.fd = -1};
	if (!path)
		return -EINVAL;
	if (stat(path, &st) < 0) {
		rc = tf_file_mkdirs(path, err);
		if (rc < 0) {
			if (err)
				err->code = TF_E_WORKDIR;
			return tf_err_context(err, rc, "work dir %s (set TURF_WORKDIR to another place)", path);
		}
	}
	rc = tf_file_own_dir(AT_FDCWD, path, err);
	if (rc < 0)
		return tf_err_context(err, rc, "work dir %s (set TURF_WORKDIR to another place)", path);
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

int tf_workdir_box(struct tf_workdir *w, const char *name, struct tf_err *err)
{
	tf_autoclose int boxes = open_part(w, "fallback", err);
	struct timespec now;

	if (boxes < 0)
		return boxes;
	clock_gettime(CLOCK_REALTIME, &now);
	if (name)
		snprintf(w->name, sizeof(w->name), "%s", name);
	else
		snprintf(w->name, sizeof(w->name), NAME_OF_RUN "%d-%llx", (int)getpid(),
			 (unsigned long long)now.tv_sec * 1000000000u + (unsigned long long)now.tv_nsec);
	snprintf(w->box, sizeof(w->box), "%s/fallback/%s", w->path, w->name);
	snprintf(w->view, sizeof(w->view), "%s/view", w->box);
	snprintf(w->shared, sizeof(w->shared), "%s/shared", w->box);
	if (mkdirat(boxes, w->name, 0700) == 0) {
		w->has_box = 1;
		return 0;
	}
	if (errno == EEXIST)
		return tf_err_set(err, TF_E_EXISTS, EEXIST,
				  "--name %s: remove %s first, or take another name", w->name, w->box);
	return tf_err_set(err, TF_E_WORKDIR, errno, "cannot make %s", w->box);
}

static int make_private(const struct tf_make *make, struct tf_err *err)
{
	size_t n = strlen(make->host);
	/* /tmp has everybody's mode; the directory above is the user's alone. */
	mode_t mode = n > 4 && strcmp(make->host + n - 4, "/tmp") == 0 ? 01777 : 0755;

	if (mkdir(make->host, 0700) < 0 || chmod(make->host, mode) < 0)
		return tf_err_set(err, TF_E_WORKDIR, errno, "cannot make %s", make->host);
	if (make->kind != TF_MAKE_COPY)
		return 0;
	struct tf_tree_copied copied;
	tf_autoclose int fd = open(make->host, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return tf_err_set(err, TF_E_WORKDIR, errno, "cannot open %s", make->host);
	int rc = tf_tree_copy(make->source, fd, &copied, err);
	return tf_err_context(err, rc, "--copy %s", make->source);
}

static int write_new(const char *path, const void *data, size_t n, mode_t mode, struct tf_err *err)
{
	tf_autoclose int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	int rc = fd < 0 ? -errno : tf_fd_write(fd, data, n);

	return rc < 0 ? tf_err_set(err, TF_E_WORKDIR, -rc, "cannot write %s", path) : 0;
}

int tf_workdir_apply(struct tf_workdir *w, const struct tf_plan *plan, struct tf_err *err)
{
	static const char zeros[4096];
	int rc = 0;

	for (unsigned int i = 0; i < plan->nmakes && rc == 0; i++)
		rc = make_private(&plan->make[i], err);
	if (rc == 0)
		rc = tf_skeleton_inner(plan, err);
	if (rc == 0 && plan->skeleton)
		rc = tf_skeleton_make(w->fd, w->path, plan, err);
	if (rc == 0)
		rc = write_new(w->view, plan->blob, plan->blob_bytes, 0400, err);
	if (rc == 0)
		rc = write_new(w->shared, zeros, sizeof(zeros), 0600, err);
	return rc;
}

static int remove_box(struct tf_workdir *w, const char *name, struct tf_err *err)
{
	tf_autoclose int boxes = openat(w->fd, "fallback", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

	if (boxes < 0)
		return tf_err_set(err, TF_E_WORKDIR, errno, "cannot open %s/fallback", w->path);
	return tf_tree_remove(boxes, name, err);
}

int tf_workdir_remove_box(struct tf_workdir *w, struct tf_err *err)
{
	if (!w->has_box)
		return 0;
	w->has_box = 0;
	return remove_box(w, w->name, err);
}

/* "run-<pid>-<time>" of a turf that is no more. A pid that was given to somebody else keeps it: a later sweep gets it. */
static int is_left_over(const char *name)
{
	if (strncmp(name, NAME_OF_RUN, sizeof(NAME_OF_RUN) - 1) != 0)
		return 0;
	char *end;
	long pid = strtol(name + sizeof(NAME_OF_RUN) - 1, &end, 10);
	return *end == '-' && pid > 1 && pid != getpid() && kill((pid_t)pid, 0) < 0 && errno == ESRCH;
}

void tf_workdir_sweep(struct tf_workdir *w)
{
	int fd = openat(w->fd, "fallback", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	for (struct dirent *d = readdir(dir); d; d = readdir(dir))
		if (is_left_over(d->d_name))
			remove_box(w, d->d_name, NULL);
	closedir(dir);
}
