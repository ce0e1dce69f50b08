/*
 * What the composite hooks share: the host path for a libc function that
 * opens a file by itself, and the question whether libc would see the same file as the guest.
 * Sets no errno.
 */
#include "compose.h"

int tf_compose_host(struct tf_place *place, const char *path, unsigned int how)
{
	return tf_rt_resolve(place, AT_FDCWD, path, how | TF_HOW_ABSOLUTE);
}

int tf_compose_is_host(const char *path)
{
	struct stat guest, host;
	int there = tf_rt_fstatat(AT_FDCWD, path, &guest, 0) == 0;

	if (tf_sys(SYS_newfstatat, AT_FDCWD, path, &host, 0) < 0)
		return !there;
	return there && guest.st_dev == host.st_dev && guest.st_ino == host.st_ino;
}

const char *tf_compose_getenv(const char *name)
{
	size_t len = strlen(name);

	if (!&environ || !environ)
		return NULL;
	for (char **e = environ; *e; e++) {
		size_t i = 0;

		while (i < len && (*e)[i] == name[i])
			i++;
		if (i == len && (*e)[i] == '=')
			return *e + len + 1;
	}
	return NULL;
}
