/*
 * Looks for programs of other projects. Finds, and starts none: criu and pasta take longer to start than `turf info` may.
 */
#include "probe_run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A user's PATH leaves sbin out as a rule. */
#define MORE_DIRS "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"
#define PATH_BYTES 4096

static int is_program(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode) && !access(path, X_OK);
}

int tf_probe_find(const char *dirs, const char *name, char *buf, size_t size)
{
	while (*dirs) {
		int n = (int)strcspn(dirs, ":");

		/* An empty or relative entry is the current directory: never a place to find programs. */
		if (*dirs == '/' && snprintf(buf, size, "%.*s/%s", n, dirs, name) < (int)size &&
		    is_program(buf))
			return 0;
		dirs += n;
		dirs += *dirs == ':';
	}
	return -ENOENT;
}

static int find_anywhere(const char *name, char *buf, size_t size)
{
	const char *path = getenv("PATH");

	if (path && !tf_probe_find(path, name, buf, size))
		return 0;
	return tf_probe_find(MORE_DIRS, name, buf, size);
}

/* The first of the names that is installed. */
static int find_first(const char *const *names, char *detail, unsigned int size)
{
	char path[PATH_BYTES];

	for (; *names; names++) {
		if (find_anywhere(*names, path, sizeof(path)))
			continue;
		snprintf(detail, size, "%.140s", path);
		return 1;
	}
	snprintf(detail, size, "not installed");
	return 0;
}

int tf_probe_criu(int *ret_value, char *detail, unsigned int size)
{
	static const char *const names[] = {"criu", NULL};

	return find_first(names, detail, size);
}

int tf_probe_pasta(int *ret_value, char *detail, unsigned int size)
{
	static const char *const names[] = {"pasta", "slirp4netns", NULL};

	return find_first(names, detail, size);
}

int tf_probe_cni(int *ret_value, char *detail, unsigned int size)
{
	const char *dirs = getenv("CNI_PATH");
	char path[PATH_BYTES];

	if ((dirs && !tf_probe_find(dirs, "bridge", path, sizeof(path))) ||
	    !tf_probe_find("/opt/cni/bin:/usr/lib/cni:/usr/libexec/cni", "bridge", path,
	                   sizeof(path))) {
		snprintf(detail, size, "%.140s", path);
		return 1;
	}
	snprintf(detail, size, "not installed");
	return 0;
}
