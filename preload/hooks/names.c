/*
 * A directory's names, read in one go: what ftw, fts and glob walk over. One descriptor is open while
 * reading and none afterwards, whatever depth a walk reaches.
 */
#include "names.h"
#include "compose.h"

#define BUFFER 32768

/* linux_dirent64, as getdents64(2) gives it. */
struct entry {
	uint64_t ino;
	int64_t off;
	uint16_t reclen;
	uint8_t type;
	char name[];
};

static int append(struct tf_names *names, const struct entry *e)
{
	size_t len = strlen(e->name) + 1, need = names->len + len + 1;

	if (need > names->size) {
		size_t size = names->size ? names->size * 2 : 1024;
		char *bytes;

		while (size < need)
			size *= 2;
		bytes = realloc(names->bytes, size);
		if (!bytes)
			return -ENOMEM;
		names->bytes = bytes;
		names->size = size;
	}
	names->bytes[names->len] = (char)e->type;
	memcpy(names->bytes + names->len + 1, e->name, len);
	names->len = need;
	return 0;
}

static int read_all(int fd, struct tf_names *names, int dots, char *buf)
{
	for (;;) {
		long n = tf_sys(SYS_getdents64, fd, buf, BUFFER);

		if (n <= 0)
			return (int)n;
		for (long at = 0; at < n;) {
			const struct entry *e = (const struct entry *)(const void *)(buf + at);

			if ((dots || !tf_names_is_dot(e->name)) && append(names, e) < 0)
				return -ENOMEM;
			at += e->reclen;
		}
	}
}

int tf_names_read(struct tf_names *names, int dirfd, const char *path, int dots)
{
	int fd = tf_rt_openat(dirfd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK, 0);
	char *buf;
	int r;

	memset(names, 0, sizeof(*names));
	if (fd < 0)
		return fd;
	buf = malloc(BUFFER);
	r = buf ? read_all(fd, names, dots, buf) : -ENOMEM;
	free(buf);
	tf_sys(SYS_close, fd);
	if (r < 0)
		tf_names_done(names);
	return r;
}

const char *tf_names_next(const struct tf_names *names, size_t *at, unsigned char *ret_type)
{
	const char *name;

	if (*at >= names->len)
		return NULL;
	*ret_type = (unsigned char)names->bytes[*at];
	name = names->bytes + *at + 1;
	*at += strlen(name) + 2;
	return name;
}

void tf_names_done(struct tf_names *names)
{
	free(names->bytes);
	memset(names, 0, sizeof(*names));
}
