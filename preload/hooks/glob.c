/*
 * glob over the view. glibc's glob is given our directory functions (GLOB_ALTDIRFUNC), unless the program
 * gives its own. musl's has no such door, so its programs get the walk in glob_walk.c.
 */
#include <glob.h>
#include "compose.h"
#include "glob_walk.h"

static void *open_dir(const char *path)
{
	int fd = tf_rt_openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK, 0);
	DIR *dir;

	if (fd < 0)
		return tf_null(fd);
	dir = fdopendir(fd);
	if (!dir)
		tf_sys(SYS_close, fd);
	return dir;
}

static struct dirent *read_dir(void *dir)
{
	return readdir(dir);
}

static void close_dir(void *dir)
{
	closedir(dir);
}

static int look(const char *path, struct stat *st)
{
	return (int)tf_rt_ret(tf_rt_fstatat(AT_FDCWD, path, st, 0));
}

static int look_at_link(const char *path, struct stat *st)
{
	return (int)tf_rt_ret(tf_rt_fstatat(AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW));
}

static int glob_with_ours(const char *pattern, int flags, int (*on_error)(const char *, int),
                          glob_t *g)
{
	glob_t before = *g;
	int r;

	g->gl_opendir = open_dir;
	g->gl_readdir = read_dir;
	g->gl_closedir = close_dir;
	g->gl_stat = look;
	g->gl_lstat = look_at_link;
	r = TF_REAL(glob)(pattern, flags | GLOB_ALTDIRFUNC, on_error, g);
	g->gl_opendir = before.gl_opendir;
	g->gl_readdir = before.gl_readdir;
	g->gl_closedir = before.gl_closedir;
	g->gl_stat = before.gl_stat;
	g->gl_lstat = before.gl_lstat;
	g->gl_flags &= ~GLOB_ALTDIRFUNC;
	return r;
}

TF_EXPORT int glob(const char *pattern, int flags, int (*on_error)(const char *, int), glob_t *g)
{
	if (!tf_rt_view() || (tf_is_glibc() && flags & GLOB_ALTDIRFUNC))
		return TF_REAL(glob)(pattern, flags, on_error, g);
	if (!tf_is_glibc())
		return tf_glob_walk(pattern, flags, on_error, g);
	return glob_with_ours(pattern, flags, on_error, g);
}

TF_EXPORT void globfree(glob_t *g)
{
	if (tf_rt_view() && !tf_is_glibc())
		tf_glob_free(g);
	else
		TF_REAL(globfree)(g);
}

/* glob64_t is laid out as glob_t here. */
TF_TWIN(glob64, glob);
TF_TWIN(globfree64, globfree);
