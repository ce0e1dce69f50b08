/*
 * Streams: fopen, freopen, tmpfile and their twins. libc opens the file with a call of its own; here it is
 * opened in the view and the stream made from the descriptor. Everything about the stream itself stays libc's.
 */
#include "compose.h"

#define MODE_MAX 128

/* fopen's mode as open(2) flags, or -EINVAL. What follows a ',' is not ours (",ccs=UTF-8"). */
static int mode_flags(const char *mode)
{
	int flags;

	switch (mode[0]) {
	case 'r':
		flags = O_RDONLY;
		break;
	case 'w':
		flags = O_WRONLY | O_CREAT | O_TRUNC;
		break;
	case 'a':
		flags = O_WRONLY | O_CREAT | O_APPEND;
		break;
	default:
		return -EINVAL;
	}
	for (const char *m = mode + 1; *m && *m != ','; m++) {
		if (*m == '+')
			flags = (flags & ~O_ACCMODE) | O_RDWR;
		else if (*m == 'x')
			flags |= O_EXCL;
		else if (*m == 'e')
			flags |= O_CLOEXEC;
	}
	return flags;
}

/* mode without 'x': the file exists by now. -EINVAL when it is longer than any mode is. */
static int mode_again(const char *mode, char *buf)
{
	size_t out = 0;
	int options = 1;

	for (; *mode; mode++) {
		if (*mode == ',')
			options = 0;
		if (options && *mode == 'x')
			continue;
		if (out + 1 == MODE_MAX)
			return -EINVAL;
		buf[out++] = *mode;
	}
	buf[out] = 0;
	return 0;
}

/* A second open of fd by libc itself, for what fdopen() cannot do: a conversion, or an old FILE. */
static FILE *open_again(int fd, const char *mode, FILE *old)
{
	char name[32], again[MODE_MAX];
	int r = mode_again(mode, again);
	FILE *f;

	if (r < 0)
		return tf_null(r);
	tf_call_fd_name(name, fd);
	f = old ? TF_REAL(freopen)(name, again, old) : TF_REAL(fopen)(name, again);
	return f;
}

TF_EXPORT FILE *fopen(const char *path, const char *mode)
{
	int flags, fd, e;
	FILE *f;

	if (!tf_rt_view())
		return TF_REAL(fopen)(path, mode);
	flags = mode_flags(mode);
	if (flags < 0)
		return tf_null(flags);
	fd = tf_rt_openat(AT_FDCWD, path, flags, 0666);
	if (fd < 0)
		return tf_null(fd);
	if (!strchr(mode, ',')) {
		f = fdopen(fd, mode);
		if (f)
			return f;
	} else {
		f = open_again(fd, mode, NULL);
	}
	e = tf_rt_errno();
	tf_sys(SYS_close, fd);
	tf_rt_set_errno(e);
	return f;
}

TF_EXPORT FILE *freopen(const char *path, const char *mode, FILE *stream)
{
	int flags, fd, e;
	FILE *f;

	/* Without a path libc opens /proc/self/fd/N: the same file, whatever its name. */
	if (!tf_rt_view() || !path)
		return TF_REAL(freopen)(path, mode, stream);
	flags = mode_flags(mode);
	fd = flags < 0 ? flags : tf_rt_openat(AT_FDCWD, path, flags, 0666);
	if (fd < 0) {
		/* The stream is closed also when the open fails: let libc fail by itself. */
		TF_REAL(freopen)("", "r", stream);
		return tf_null(fd);
	}
	f = open_again(fd, mode, stream);
	e = tf_rt_errno();
	tf_sys(SYS_close, fd);
	tf_rt_set_errno(e);
	return f;
}

static int tmp_descriptor(void)
{
	char name[] = "/tmp/tmpfXXXXXX";
	int fd = tf_rt_openat(AT_FDCWD, "/tmp", O_RDWR | O_TMPFILE | O_EXCL, 0600);

	/* Not every file system has O_TMPFILE; an old kernel takes it for O_DIRECTORY (EISDIR). */
	if (fd != -EOPNOTSUPP && fd != -EISDIR && fd != -ENOENT && fd != -EINVAL)
		return fd;
	fd = tf_tmp_make(name, 0, 0, TF_TMP_FILE, 0600);
	if (fd >= 0)
		tf_call_remove(SYS_unlinkat, AT_FDCWD, name, 0);
	return fd;
}

TF_EXPORT FILE *tmpfile(void)
{
	int fd, e;
	FILE *f;

	if (!tf_rt_view())
		return TF_REAL(tmpfile)();
	fd = tmp_descriptor();
	if (fd < 0)
		return tf_null(fd);
	f = fdopen(fd, "w+");
	if (f)
		return f;
	e = tf_rt_errno();
	tf_sys(SYS_close, fd);
	return tf_null(-e);
}

/* off_t has 64 bits here; _IO_fopen is what programs built before glibc 2.28 may call. */
TF_TWIN(fopen64, fopen);
TF_TWIN(_IO_fopen, fopen);
TF_TWIN(freopen64, freopen);
TF_TWIN(tmpfile64, tmpfile);
