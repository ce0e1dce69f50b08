/*
 * Reads /proc/self/cgroup and /proc/self/mountinfo (proc(5), cgroups(7)). Makes one empty group and removes it again
 * when asked to try; changes nothing else.
 */
#include "cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096

/* Whether word stands in a list separated by commas (or, for cgroup.controllers, spaces). */
static int has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	while (*list) {
		size_t len = strcspn(list, ", \n");

		if (len == n && !memcmp(list, word, n))
			return 1;
		list += len;
		list += *list != '\0';
	}
	return 0;
}

/* mountinfo writes blanks, tabs, newlines and backslashes of a path as \ooo. In place. */
static void unescape(char *text)
{
	char *out = text;

	for (; *text; text++, out++) {
		*out = *text;
		if (text[0] != '\\' || strspn(text + 1, "01234567") < 3)
			continue;
		*out = (char)((text[1] - '0') << 6 | (text[2] - '0') << 3 | (text[3] - '0'));
		text += 3;
	}
	*out = '\0';
}

/* A line "N:controllers:path" of /proc/self/cgroup; version 2 is "0::path". */
static const char *path_of_line(char *line, const char *controller)
{
	char *list = strchr(line, ':');
	char *path = list ? strchr(list + 1, ':') : NULL;

	if (!path)
		return NULL;
	*path++ = '\0';
	path[strcspn(path, "\n")] = '\0';
	if (controller)
		return has_word(list + 1, controller) ? path : NULL;
	return list - line == 1 && line[0] == '0' && !list[1] ? path : NULL;
}

static int own_path(FILE *self, const char *controller, char *buf, size_t size)
{
	char *line = NULL;
	size_t room = 0;
	int rc = -ENOENT;

	while (getline(&line, &room, self) > 0) {
		const char *path = path_of_line(line, controller);

		if (rc != -ENOENT || !path)
			continue;
		rc = snprintf(buf, size, "%s", path) < (int)size ? 0 : -ENAMETOOLONG;
	}
	free(line);
	return rc;
}

/* The fields of a mountinfo line that count; they point into it. */
struct mount_line {
	char *root, *point, *type, *options;
};

static int split(char *line, struct mount_line *ret)
{
	char *tail = strstr(line, " - ");
	char *save, *word[5];

	line[strcspn(line, "\n")] = '\0';
	if (!tail)
		return -EINVAL;
	tail += 3;
	save = line;
	for (int i = 0; i < 5; i++) {
		word[i] = strsep(&save, " ");
		if (!word[i])
			return -EINVAL;
	}
	ret->root = word[3];
	ret->point = word[4];
	save = tail;
	ret->type = strsep(&save, " ");
	strsep(&save, " "); /* the source: any word */
	ret->options = save;
	return save ? 0 : -EINVAL;
}

static int is_tree(const struct mount_line *m, const char *controller)
{
	if (!controller)
		return !strcmp(m->type, "cgroup2");
	return !strcmp(m->type, "cgroup") && has_word(m->options, controller);
}

/* The mount shows the tree from root on; path must lie in it. */
static int join(struct mount_line *m, const char *path, char *buf, size_t size)
{
	size_t n;

	unescape(m->root);
	unescape(m->point);
	n = strcmp(m->root, "/") ? strlen(m->root) : 0;
	/* "/../x": the group lies above this cgroup namespace. */
	if (strncmp(path, m->root, n) || (path[n] && path[n] != '/') || !strncmp(path, "/..", 3))
		return -EXDEV;
	if (!strcmp(path + n, "/"))
		n++;
	return snprintf(buf, size, "%s%s", m->point, path + n) < (int)size ? 0 : -ENAMETOOLONG;
}

int tf_cgroup_dir(FILE *self, FILE *mounts, const char *controller, char *buf, size_t size)
{
	char path[PATH_BYTES], *line = NULL;
	struct mount_line m;
	size_t room = 0;
	int rc = own_path(self, controller, path, sizeof(path)), found = rc ? rc : -ENOENT;

	while (!rc && getline(&line, &room, mounts) > 0) {
		if (!found || split(line, &m) || !is_tree(&m, controller))
			continue;
		found = join(&m, path, buf, size);
	}
	free(line);
	return found;
}

int tf_cgroup_own_dir(const char *controller, char *buf, size_t size)
{
	FILE *self = fopen("/proc/self/cgroup", "re");
	FILE *mounts = fopen("/proc/self/mountinfo", "re");
	int rc = self && mounts ? tf_cgroup_dir(self, mounts, controller, buf, size) : -ENOENT;

	if (self)
		fclose(self);
	if (mounts)
		fclose(mounts);
	return rc;
}

int tf_cgroup_try(const char *dir)
{
	char path[PATH_BYTES];

	if (snprintf(path, sizeof(path), "%s/turf-probe-%d", dir, (int)getpid()) >=
	    (int)sizeof(path))
		return -ENAMETOOLONG;
	if (mkdir(path, 0700))
		return -errno;
	return rmdir(path) ? -errno : 0;
}

int tf_cgroup_controllers(const char *dir)
{
	char path[PATH_BYTES], text[512];
	ssize_t n;
	int fd;

	if (snprintf(path, sizeof(path), "%s/cgroup.controllers", dir) >= (int)sizeof(path))
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	return (has_word(text, "memory") ? TF_CGROUP_MEMORY : 0) |
	       (has_word(text, "pids") ? TF_CGROUP_PIDS : 0) |
	       (has_word(text, "cpu") ? TF_CGROUP_CPU : 0);
}
