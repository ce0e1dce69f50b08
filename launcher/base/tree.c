/*
 * Whole directory trees. See tree.h. Both walks keep a stack of open directories, go down by openat() with
 * O_NOFOLLOW and come up by closing, never by "..": a directory that is moved meanwhile leads nowhere else.
 */
#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fd.h"
#include "tree_file.h"

/* musl has no renameat2() before 1.2.6. */
#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1u
#endif

/* Rounds over one directory before "somebody keeps filling it" is believed. */
#define MAX_ROUNDS 64

struct level {
	DIR *dir;
	int dst;   /* copy: the directory made for it */
	int moved; /* removal: how often deeper directories were moved into it */
	int rounds;
	char name[NAME_MAX + 1];
	struct stat st; /* copy: what it gets when it is complete */
};

struct walk {
	struct level level[TF_TREE_DEPTH];
	int depth; /* levels in use */
	dev_t dev;
	unsigned int serial; /* names for moved directories */
	struct stat dst_root;
	struct tf_tree_copied copied;
};

static int is_dots(const char *name)
{
	return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

/* "a/b/c" of the levels and name, for messages; cut in front when long. */
static const char *where(const struct walk *walk, const char *name, char *buf, size_t size)
{
	size_t at = size - 1, n = strlen(name);

	buf[at] = '\0';
	for (int i = walk->depth;; name = walk->level[i].name, n = strlen(name)) {
		if (n + 1 > at)
			break;
		at -= n;
		memcpy(buf + at, name, n);
		if (--i < 0)
			break;
		buf[--at] = '/';
	}
	return buf + at;
}

/* Opens a directory to be removed; one that the program closed to everybody is opened to us first. */
static int open_to_remove(int parent, const char *name)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK;
	struct stat st;
	int fd = tf_fd_open(parent, name, flags, 0);

	if (fd == -EACCES) {
		char path[64];
		tf_autoclose int at =
		        tf_fd_open(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW, 0);

		if (at < 0)
			return at;
		/* fchmod() refuses O_PATH, and chmod() by name could be led through a symlink */
		snprintf(path, sizeof(path), "/proc/self/fd/%d", at);
		if (chmod(path, 0700) < 0)
			return -EACCES;
		fd = tf_fd_open(parent, name, flags, 0);
	}
	if (fd >= 0 && fstat(fd, &st) == 0 && (st.st_mode & 0700) != 0700)
		(void)fchmod(fd, 0700); /* if it matters, unlinkat() says so */
	return fd;
}

/* Goes down into an open directory. Takes fd. */
static int push(struct walk *walk, const char *name, int fd)
{
	struct level *level = &walk->level[walk->depth];

	level->dir = fdopendir(fd);
	if (!level->dir) {
		int rc = -errno;

		close(fd);
		return rc;
	}
	level->dst = -1;
	level->moved = level->rounds = 0;
	snprintf(level->name, sizeof(level->name), "%s", name);
	walk->depth++;
	return 0;
}

static void pop(struct walk *walk)
{
	struct level *level = &walk->level[--walk->depth];

	closedir(level->dir);
	if (level->dst >= 0)
		close(level->dst);
}

/* The stack is full: the directory goes up to the top one, to be met again there. */
static int move_up(struct walk *walk, int parent, const char *name)
{
	int top = dirfd(walk->level[0].dir);
	char fresh[32];

	for (;;) {
		snprintf(fresh, sizeof(fresh), ".turf-deep-%u", walk->serial++);
		if (syscall(SYS_renameat2, parent, name, top, fresh, RENAME_NOREPLACE) == 0)
			break;
		if (errno != EEXIST || walk->serial > 1000000)
			return -errno;
	}
	walk->level[0].moved++;
	return 0;
}

static int remove_directory(struct walk *walk, int parent, const char *name)
{
	struct stat st;
	int fd;

	if (unlinkat(parent, name, AT_REMOVEDIR) == 0)
		return 0;
	fd = open_to_remove(parent, name);
	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	if (fstat(fd, &st) < 0 || st.st_dev != walk->dev) {
		close(fd);
		return -EXDEV;
	}
	if (walk->depth < TF_TREE_DEPTH)
		return push(walk, name, fd);
	close(fd);
	return move_up(walk, parent, name);
}

static int remove_entry(struct walk *walk, int parent, const char *name)
{
	if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
		return 0;
	/* Linux says EISDIR for a directory, POSIX EPERM */
	if (errno != EISDIR && errno != EPERM)
		return -errno;
	return remove_directory(walk, parent, name);
}

/* The top directory is read to its end: removes it, or reads it again when something is left. */
static int finish_removal(struct walk *walk, int parent)
{
	struct level *level = &walk->level[walk->depth - 1];

	if (unlinkat(parent, level->name, AT_REMOVEDIR) == 0) {
		pop(walk);
		return 0;
	}
	if (errno != ENOTEMPTY && errno != EEXIST)
		return -errno;
	/* directories moved up, or entries that readdir() passed over while others went away */
	if (level->moved == 0 && ++level->rounds > MAX_ROUNDS)
		return -EBUSY;
	level->moved = 0;
	rewinddir(level->dir);
	return 0;
}

static int step_removal(struct walk *walk, int root_parent, const char **ret_name)
{
	struct level *level = &walk->level[walk->depth - 1];
	struct dirent *entry;

	errno = 0;
	entry = readdir(level->dir);
	*ret_name = entry ? entry->d_name : "";
	if (!entry && errno)
		return -errno;
	if (entry)
		return is_dots(entry->d_name)
		               ? 0
		               : remove_entry(walk, dirfd(level->dir), entry->d_name);
	return finish_removal(walk, walk->depth > 1 ? dirfd(level[-1].dir) : root_parent);
}

int tf_tree_remove(int parent, const char *name, struct tf_err *err)
{
	struct walk walk;
	char text[256];
	const char *at = name;
	struct stat st;
	int rc;

	walk.depth = 0;
	walk.serial = 0;
	if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : tf_err_set(err, TF_E_SYSTEM, errno, "%s", name);
	walk.dev = st.st_dev;
	rc = S_ISDIR(st.st_mode) ? remove_directory(&walk, parent, name)
	                         : remove_entry(&walk, parent, name);
	while (rc == 0 && walk.depth > 0)
		rc = step_removal(&walk, parent, &at);
	if (rc < 0)
		rc = tf_err_set(err, TF_E_SYSTEM, -rc, "%s cannot be removed",
		                where(&walk, at, text, sizeof(text)));
	while (walk.depth > 0)
		pop(&walk);
	return rc;
}

/* Makes the copy of a directory and goes down into it. Takes fd. */
static int copy_directory(struct walk *walk, int dst, const char *name, int fd)
{
	struct level *level = &walk->level[walk->depth];
	struct stat st;
	int made, rc;

	if (walk->depth == TF_TREE_DEPTH)
		rc = -ENAMETOOLONG;
	else
		rc = fstat(fd, &st) < 0 ? -errno : 0;
	if (rc == 0 && st.st_dev == walk->dst_root.st_dev && st.st_ino == walk->dst_root.st_ino)
		rc = -EINVAL;
	if (rc == 0 && mkdirat(dst, name, 0700) < 0)
		rc = -errno;
	if (rc < 0) {
		close(fd);
		return rc;
	}
	made = tf_fd_open(dst, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	if (made < 0) {
		close(fd);
		return made;
	}
	rc = push(walk, name, fd);
	if (rc < 0) {
		close(made);
		return rc;
	}
	level->dst = made;
	level->st = st;
	return 0;
}

static int copy_symlink(int src, int dst, const char *name, const struct stat *st)
{
	const struct timespec times[2] = {st->st_atim, st->st_mtim};
	char target[PATH_MAX];
	ssize_t n = readlinkat(src, name, target, sizeof(target));

	if (n < 0)
		return -errno;
	if ((size_t)n == sizeof(target))
		return -ENAMETOOLONG;
	target[n] = '\0';
	if (symlinkat(target, dst, name) < 0)
		return -errno;
	(void)utimensat(dst, name, times,
	                AT_SYMLINK_NOFOLLOW); /* some file systems keep no times of links */
	return 0;
}

static int copy_entry(struct walk *walk, int src, int dst, const char *name)
{
	struct stat st;
	int rc = 0;

	if (fstatat(src, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (S_ISDIR(st.st_mode)) {
		int fd = tf_fd_open(src, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);

		return fd < 0 ? fd : copy_directory(walk, dst, name, fd);
	}
	if (S_ISREG(st.st_mode))
		rc = tf_tree_copy_file(src, dst, name, &walk->copied.bytes);
	else if (S_ISLNK(st.st_mode))
		rc = copy_symlink(src, dst, name, &st);
	else
		walk->copied.left_out++;
	if (rc == 0 && (S_ISREG(st.st_mode) || S_ISLNK(st.st_mode)))
		walk->copied.files++;
	return rc;
}

/* A directory is complete: only now may it become read-only, and its time stay. */
static int finish_copy(struct walk *walk)
{
	struct level *level = &walk->level[walk->depth - 1];
	int rc = walk->depth > 1 ? tf_tree_copy_meta(level->dst, &level->st) : 0;

	pop(walk);
	return rc;
}

static int step_copy(struct walk *walk, const char **ret_name)
{
	struct level *level = &walk->level[walk->depth - 1];
	struct dirent *entry;

	errno = 0;
	entry = readdir(level->dir);
	*ret_name = entry ? entry->d_name : "";
	if (!entry)
		return errno ? -errno : finish_copy(walk);
	if (is_dots(entry->d_name))
		return 0;
	return copy_entry(walk, dirfd(level->dir), level->dst, entry->d_name);
}

/* The root level: its copy is there already, and belongs to the caller. */
static int start_copy(struct walk *walk, const char *src, int dst_fd)
{
	struct stat st;
	int rc, fd;

	if (fstat(dst_fd, &walk->dst_root) < 0)
		return -errno;
	fd = tf_fd_open(AT_FDCWD, src, O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0 ||
	    (st.st_dev == walk->dst_root.st_dev && st.st_ino == walk->dst_root.st_ino)) {
		close(fd);
		return -EINVAL;
	}
	rc = push(walk, "", fd);
	if (rc < 0)
		return rc;
	walk->level[0].dst = fcntl(dst_fd, F_DUPFD_CLOEXEC, 3);
	return walk->level[0].dst < 0 ? -errno : 0;
}

int tf_tree_copy(const char *src, int dst_fd, struct tf_tree_copied *ret, struct tf_err *err)
{
	struct walk walk; /* large: only the levels that are used are touched */
	const char *at = "";
	char text[256];
	int rc;

	walk.depth = 0;
	walk.copied = (struct tf_tree_copied){0};
	rc = start_copy(&walk, src, dst_fd);
	while (rc == 0 && walk.depth > 0)
		rc = step_copy(&walk, &at);
	if (rc == -EINVAL)
		tf_err_set(err, TF_E_PATH, 0, "%s contains the place it would be copied to", src);
	else if (rc < 0)
		tf_err_set(err, TF_E_PATH, -rc, "%s%s cannot be copied", src,
		           where(&walk, at, text, sizeof(text)));
	else
		*ret = walk.copied;
	while (walk.depth > 0)
		pop(&walk);
	return rc;
}
