/*
 * Sandbox directories. See box.h. All by *at calls from the directory's own descriptor; what is inside belongs to somebody
 * who is not trusted, so nothing is followed and nothing is believed to be there.
 */
#include "box.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "../base/fd.h"
#include "../base/file.h"
#include "../base/tree.h"
#include "skeleton.h"

#define MAX_SLOTS 4096
#define MODE_IN_USE 0700
#define MODE_CLEAN 0500
#define SHARED_BYTES 4096
/* A directory that has grown larger is not worth keeping: listing it stays slow. */
#define MAX_DIR_BYTES (64 << 10)

/* ---- taking one ---- */

static int open_dir(int at, const char *name)
{
	return tf_fd_open(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
}

/* 0: this slot is ours now (*box filled in); -EAGAIN: try the next one; other -errno. */
static int try_slot(struct tf_box *box, unsigned int i, struct tf_err *err)
{
	struct stat st;

	snprintf(box->name, sizeof(box->name), "run-%u", i);
	tf_autoclose int fd = open_dir(box->all, box->name);
	if (fd == -ENOENT) {
		if (mkdirat(box->all, box->name, MODE_IN_USE) < 0)
			return errno == EEXIST ? -EAGAIN
			                       : tf_err_set(err, TF_E_WORKDIR, errno,
			                                    "cannot make %s", box->name);
		fd = open_dir(box->all, box->name);
		box->is_reused = 0;
	} else {
		box->is_reused = 1;
	}
	if (fd == -EMFILE || fd == -ENFILE || fd == -ENOMEM) { /* no other slot would open either */
		if (!box->is_reused)
			unlinkat(box->all, box->name, AT_REMOVEDIR);
		return tf_err_set(err, TF_E_WORKDIR, -fd, "cannot open %s", box->name);
	}
	if (fd < 0)
		return -EAGAIN;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0 || fstat(fd, &st) < 0 || st.st_uid != geteuid())
		return -EAGAIN;
	if (box->is_reused && (st.st_nlink == 0 || (st.st_mode & 07777) != MODE_CLEAN)) {
		/* Left behind by a turf that was killed: out of the way, and the number is free again. */
		tf_tree_remove(box->all, box->name, NULL);
		return -EAGAIN;
	}
	if (box->is_reused && fchmod(fd, MODE_IN_USE) < 0)
		return tf_err_set(err, TF_E_WORKDIR, errno, "cannot take %s", box->name);
	box->fd = tf_fd_take(&fd);
	return 0;
}

static int open_slot(struct tf_box *box, struct tf_err *err)
{
	box->is_slot = 1;
	for (unsigned int i = 0; i < MAX_SLOTS; i++) {
		int rc = try_slot(box, i, err);

		if (rc != -EAGAIN)
			return rc;
	}
	return tf_err_set(err, TF_E_WORKDIR, EAGAIN,
	                  "%d runs without a name at the same time: no more slots", MAX_SLOTS);
}

/* "run-0": such a name would be taken for a slot by the next run, and emptied. */
static int is_slot_name(const char *name)
{
	return strncmp(name, "run-", 4) == 0 && name[4] &&
	       strspn(name + 4, "0123456789") == strlen(name + 4);
}

/* A name's directory keeps its files from run to run; one at a time may use it. */
static int open_named(struct tf_box *box, const char *work, struct tf_err *err)
{
	if (mkdirat(box->all, box->name, MODE_IN_USE) < 0 && errno != EEXIST)
		return tf_err_set(err, TF_E_WORKDIR, errno, "cannot make %s/fallback/%s", work,
		                  box->name);
	box->is_reused = errno == EEXIST;
	box->fd = tf_file_own_dir(box->all, box->name, err);
	if (box->fd < 0)
		return tf_err_context(err, box->fd, "--name %s", box->name);
	if (flock(box->fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	tf_fd_closep(&box->fd);
	return tf_err_set(err, TF_E_EXISTS, 0, "--name %s: a sandbox of that name is running",
	                  box->name);
}

int tf_box_open(struct tf_box *box, struct tf_workdir *work, const char *name, struct tf_err *err)
{
	int rc;

	*box = (struct tf_box){.all = -1, .fd = -1};
	if (name && is_slot_name(name))
		return tf_err_set(err, TF_E_NAME, 0,
		                  "--name %s: run-NUMBER is what turf calls runs without a name",
		                  name);
	box->all = tf_file_own_dir(work->fd, "fallback", err);
	if (box->all < 0)
		return tf_err_context(err, box->all, "work dir %s", work->path);
	if (name)
		snprintf(box->name, sizeof(box->name), "%s", name);
	rc = name ? open_named(box, work->path, err) : open_slot(box, err);
	if (rc < 0)
		return rc;
	snprintf(box->path, sizeof(box->path), "%s/fallback/%s", work->path, box->name);
	snprintf(box->view, sizeof(box->view), "%s/view", box->path);
	snprintf(box->shared, sizeof(box->shared), "%s/shared", box->path);
	return 0;
}

/* ---- filling it ---- */

static const char *name_in_box(const char *path)
{
	return strrchr(path, '/') + 1;
}

/* /tmp has everybody's mode; the directory above is the user's alone. */
static mode_t mode_of(const char *name)
{
	return strcmp(name, "tmp") == 0 ? 01777 : 0755;
}

/*
 * A private directory that need not be made: a clean slot still has it, just as a new one would be; or it belongs to a name
 * and holds what earlier runs left (also in place of a copy).
 */
static int is_there(const struct tf_box *box, const struct tf_make *make)
{
	struct stat st;

	if (!box->is_reused ||
	    fstatat(box->fd, name_in_box(make->host), &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	/* A program may have taken its own directory's rights away; that must not be the end of the name. */
	if (!box->is_slot && S_ISDIR(st.st_mode) && (st.st_mode & 0700) != 0700 &&
	    fchmodat(box->fd, name_in_box(make->host), (st.st_mode & 07777) | 0700, 0) < 0)
		return 0;
	if (!box->is_slot)
		return S_ISDIR(st.st_mode);
	return make->kind == TF_MAKE_PRIVATE &&
	       st.st_mode == (S_IFDIR | mode_of(name_in_box(make->host)));
}

static int make_private(struct tf_box *box, const struct tf_make *make, struct tf_err *err)
{
	const char *name = name_in_box(make->host);
	struct tf_tree_copied copied;

	if (is_there(box, make))
		return 0;
	if (box->is_reused && tf_tree_remove(box->fd, name, err) < 0)
		return -EIO;
	/* With the umask out of the way (tf_box_fill) this is the mode. */
	if (mkdirat(box->fd, name, mode_of(name)) < 0)
		return tf_err_set(err, TF_E_WORKDIR, errno, "cannot make %s", make->host);
	if (make->kind != TF_MAKE_COPY)
		return 0;
	tf_autoclose int fd = open_dir(box->fd, name);
	if (fd < 0)
		return tf_err_set(err, TF_E_WORKDIR, -fd, "cannot open %s", make->host);
	return tf_err_context(err, tf_tree_copy(make->source, fd, &copied, err), "--copy %s",
	                      make->source);
}

/* Whether name already holds exactly these bytes: a slot's view is the same from run to run. */
static int is_same(int at, const char *name, const void *data, size_t n)
{
	static char have[TF_VIEW_MAX_BYTES];
	tf_autoclose int fd = tf_fd_open(at, name, O_RDONLY | O_NOFOLLOW, 0);

	return fd >= 0 && tf_fd_read(fd, have, n + 1) == (ssize_t)n && memcmp(have, data, n) == 0;
}

/* Whether name is as write_new() would leave it. Zeros are looked for as well: else a run could leave 4 KiB to the next. */
static int is_as_new(int at, const char *name, const void *data, size_t n, mode_t mode)
{
	static const char zeros[SHARED_BYTES];
	struct stat st;

	if (data)
		return is_same(at, name, data, n);
	return fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_mode == (S_IFREG | mode) &&
	       is_same(at, name, zeros, n);
}

/* A new file of n bytes: data, or zeros (SHARED_BYTES at most) when that is NULL. */
static int write_new(struct tf_box *box, const char *name, const void *data, size_t n, mode_t mode)
{
	tf_autoclose int fd = -1;

	if (box->is_reused) {
		if (is_as_new(box->fd, name, data, n, mode))
			return 0;
		if (unlinkat(box->fd, name, 0) < 0 && errno != ENOENT)
			return -errno;
	}
	fd = tf_fd_open(box->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
	if (fd < 0)
		return fd;
	return data ? tf_fd_write(fd, data, n) : ftruncate(fd, (off_t)n) < 0 ? -errno : 0;
}

int tf_box_fill(struct tf_box *box, const struct tf_plan *plan, struct tf_err *err)
{
	mode_t mask = umask(0);
	int rc = 0, written;

	for (unsigned int i = 0; i < plan->nmakes && rc == 0; i++)
		rc = make_private(box, &plan->make[i], err);
	if (rc == 0)
		rc = tf_skeleton_inner(plan, err);
	if (rc == 0) {
		written = write_new(box, "view", plan->blob, plan->blob_bytes, 0400);
		if (written == 0)
			written = write_new(box, "shared", NULL, SHARED_BYTES, 0600);
		if (written < 0)
			rc = tf_err_set(err, TF_E_WORKDIR, -written, "cannot write in %s",
			                box->path);
	}
	umask(mask);
	return rc;
}

/* ---- giving it back ---- */

/* Attributes and ACLs would be a message to the next run. A label (security.*) is the host's. */
static int has_attributes(int fd)
{
	char names[256];
	ssize_t n = flistxattr(fd, names, sizeof(names));

	for (ssize_t at = 0; at < n; at += (ssize_t)strlen(names + at) + 1)
		if (strncmp(names + at, "security.", 9) != 0)
			return 1;
	return n < 0 && errno == ERANGE;
}

/* 0: the private directory name is there, empty, and as small as a new one; 1: it is not. */
static int is_used(int at, const char *name)
{
	tf_autoclose int fd = open_dir(at, name);
	char entries[512];
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || st.st_size > MAX_DIR_BYTES || has_attributes(fd))
		return 1;
	/* "." and ".." take 48 bytes together. */
	return syscall(SYS_getdents64, fd, entries, sizeof(entries)) > 48;
}

static int empty_slot(struct tf_box *box, struct tf_err *err)
{
	char entries[4096];
	ssize_t n;
	int rc = 0;

	/* Few entries, all of turf's making but for names that only the plan could have chosen. */
	lseek(box->fd, 0, SEEK_SET);
	while (rc == 0 && (n = syscall(SYS_getdents64, box->fd, entries, sizeof(entries))) > 0) {
		for (ssize_t at = 0; at < n && rc == 0;) {
			const struct dirent *d = (const struct dirent *)(entries + at);
			int is_ours = strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0 ||
			              strcmp(d->d_name, "view") == 0 ||
			              strcmp(d->d_name, "shared") == 0;

			at += d->d_reclen;
			if (!is_ours && is_used(box->fd, d->d_name))
				rc = tf_tree_remove(box->fd, d->d_name, err);
		}
	}
	if (rc == 0 && fchmod(box->fd, MODE_CLEAN) < 0)
		rc = tf_err_set(err, TF_E_WORKDIR, errno, "cannot give %s back", box->path);
	return rc;
}

int tf_box_close(struct tf_box *box, int is_kept, struct tf_err *err)
{
	int rc = 0;

	if (box->fd >= 0 && !is_kept)
		rc = box->is_slot ? empty_slot(box, err) : tf_tree_remove(box->all, box->name, err);
	/* The lock goes with the descriptor: last. */
	tf_fd_closep(&box->fd);
	tf_fd_closep(&box->all);
	return rc;
}
