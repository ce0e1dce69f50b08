/*
 * Mapping points on disk. See skeleton.h and plan/points.c.
 */
#include "skeleton.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/fd.h"
#include "../base/file.h"
#include "../base/tree.h"

/*
 * The directory that path's last component (*ret_name) stands in; made 0755 where it is missing: it is what it looks like.
 * No symlink is followed on the way: in a private directory stands what an untrusted program left there, and a point
 * must not be made where that program wants it. A descriptor (O_PATH) or -errno.
 */
static int open_parent(int dir, const char *path, const char **ret_name)
{
	tf_autoclose int fd = tf_fd_open(dir, path[0] == '/' ? "/" : ".", O_PATH | O_DIRECTORY, 0);
	char part[NAME_MAX + 1];

	path += path[0] == '/';
	for (const char *slash = strchr(path, '/'); fd >= 0 && slash; slash = strchr(path, '/')) {
		size_t n = (size_t)(slash - path);
		int next;

		if (n >= sizeof(part))
			return -ENAMETOOLONG;
		memcpy(part, path, n);
		part[n] = '\0';
		next = tf_fd_open(fd, part, O_PATH | O_DIRECTORY | O_NOFOLLOW, 0);
		if (next == -ENOENT) {
			if (mkdirat(fd, part, 0755) < 0 && errno != EEXIST)
				return -errno;
			next = tf_fd_open(fd, part, O_PATH | O_DIRECTORY | O_NOFOLLOW, 0);
		}
		tf_fd_closep(&fd);
		fd = next;
		path = slash + 1;
	}
	*ret_name = path;
	return fd < 0 ? fd : tf_fd_take(&fd);
}

static int make_file(int dir, const char *path)
{
	int fd = openat(dir, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0);

	if (fd >= 0)
		close(fd);
	return fd < 0 && errno != EEXIST ? -errno : 0;
}

static int make_point(int dir, const char *path, const struct tf_point *point)
{
	const char *name;
	tf_autoclose int parent = open_parent(dir, path, &name);

	if (parent < 0)
		return parent;
	switch (point->kind) {
	case TF_POINT_LINK:
		return symlinkat(point->text, parent, name) < 0 && errno != EEXIST ? -errno : 0;
	case TF_POINT_FILE:
		return make_file(parent, name);
	default:
		return mkdirat(parent, name, 0) < 0 && errno != EEXIST ? -errno : 0;
	}
}

int tf_skeleton_inner(const struct tf_plan *plan, struct tf_err *err)
{
	for (unsigned int i = 0; i < plan->ninner; i++) {
		int rc = make_point(AT_FDCWD, plan->inner[i].path, &plan->inner[i]);

		if (rc < 0)
			return tf_err_set(err, TF_E_WORKDIR, -rc, "cannot make %s",
			                  plan->inner[i].path);
	}
	return 0;
}

static int make_all(int dir, const struct tf_plan *plan, struct tf_err *err)
{
	for (unsigned int i = 0; i < plan->npoints; i++) {
		int rc = make_point(dir, plan->point[i].path + 1, &plan->point[i]);

		if (rc < 0)
			return tf_err_set(err, TF_E_WORKDIR, -rc,
			                  "cannot make the mapping point %s", plan->point[i].path);
	}
	return 0;
}

int tf_skeleton_make(int work_fd, const char *work, const struct tf_plan *plan, struct tf_err *err)
{
	tf_autoclose int all = -1, dir = -1;
	const char *name = strrchr(plan->skeleton, '/') + 1;
	char temp[64];
	struct stat st;
	int rc;

	if (lstat(plan->skeleton, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid())
		return 0;
	all = tf_file_own_dir(work_fd, "skeleton", err);
	if (all < 0)
		return tf_err_context(err, all, "work dir %s", work);
	snprintf(temp, sizeof(temp), "%s.%d", name, (int)getpid());
	rc = mkdirat(all, temp, 0755) < 0 ? -errno : 0;
	if (rc == 0)
		dir = openat(all, temp, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (rc < 0 || dir < 0)
		return tf_err_set(err, TF_E_WORKDIR, rc < 0 ? -rc : errno,
		                  "cannot make %s/skeleton/%s", work, temp);
	rc = make_all(dir, plan, err);
	/* Another turf may have been faster: then its result is the same. */
	if (rc == 0 && renameat(all, temp, all, name) < 0 && errno != ENOTEMPTY && errno != EEXIST)
		rc = tf_err_set(err, TF_E_WORKDIR, errno, "cannot make %s", plan->skeleton);
	if (rc < 0 || faccessat(all, temp, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		tf_tree_remove(all, temp, NULL);
	return rc;
}
