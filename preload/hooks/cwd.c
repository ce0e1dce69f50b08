/*
 * The current directory. The kernel's is a host directory; the program sees the guest's name for it. Memory that
 * getcwd(NULL, n) gives out comes from the program's own malloc, since its free will get it.
 */
#include "call.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#pragma weak malloc
#pragma weak environ

/* libc's header warns of this one's use, and promises that buf is not NULL. */
TF_EXPORT char *tf_hook_getwd(char *buf) TF_NAMED(getwd);
TF_EXPORT char *__getcwd_chk(char *buf, size_t size, size_t room);
TF_EXPORT char *__getwd_chk(char *buf, size_t room);

static int moved(long r)
{
	if (r == 0)
		tf_rt_cwd_changed();
	return (int)tf_rt_ret(r);
}

TF_EXPORT int chdir(const char *path)
{
	return moved(tf_call_path(SYS_chdir, path, TF_HOW_FOLLOW, TF_NO_ARGS));
}

TF_EXPORT int fchdir(int fd)
{
	return moved(tf_sys(SYS_fchdir, fd));
}

/* ---- getcwd ---- */

/* size 0: as much as is needed. */
static char *in_new_memory(const char *path, size_t len, size_t size)
{
	char *buf;

	if (!size)
		size = len + 1;
	buf = len < size ? malloc(size) : NULL;
	if (buf)
		memcpy(buf, path, len + 1);
	else
		tf_rt_set_errno(len < size ? ENOMEM : ERANGE);
	return buf;
}

static char *allocated_cwd(size_t size)
{
	struct tf_slot *slot = tf_rt_slot_take();
	char *ret = NULL;

	if (!slot) {
		tf_rt_set_errno(ENOMEM);
		return NULL;
	}
	int n = tf_rt_getcwd(slot->path, TF_PATH_MAX);
	if (tf_rt_ret(n) >= 0)
		ret = in_new_memory(slot->path, (size_t)n, size);
	tf_rt_slot_give(slot);
	return ret;
}

TF_EXPORT char *getcwd(char *buf, size_t size)
{
	if (!tf_rt_view())
		return TF_REAL(getcwd)(buf, size);
	if (!buf)
		return allocated_cwd(size);
	if (!size) {
		tf_rt_set_errno(EINVAL);
		return NULL;
	}
	return tf_rt_ret(tf_rt_getcwd(buf, size)) < 0 ? NULL : buf;
}

char *__getcwd_chk(char *buf, size_t size, size_t room)
{
	if (size > room)
		tf_call_overflow();
	return getcwd(buf, size);
}

char *tf_hook_getwd(char *buf)
{
	if (!buf) {
		tf_rt_set_errno(EINVAL);
		return NULL;
	}
	return getcwd(buf, TF_PATH_MAX);
}

/* buf may be smaller than PATH_MAX as long as the name fits. */
char *__getwd_chk(char *buf, size_t room)
{
	char *ret;

	if (!buf || room >= TF_PATH_MAX)
		return tf_hook_getwd(buf);
	ret = getcwd(buf, room);
	if (!ret && tf_rt_errno() == ERANGE)
		tf_call_overflow();
	return ret;
}

/* ---- get_current_dir_name: $PWD when that is the same directory ---- */

static const char *pwd(void)
{
	for (char **e = environ; e && *e; e++)
		if (strncmp(*e, "PWD=", 4) == 0)
			return *e + 4;
	return NULL;
}

static int is_cwd(const char *path)
{
	struct stat named, here;

	return tf_rt_fstatat(AT_FDCWD, path, &named, 0) == 0 &&
	       tf_rt_fstatat(AT_FDCWD, ".", &here, 0) == 0 && named.st_dev == here.st_dev &&
	       named.st_ino == here.st_ino;
}

TF_EXPORT char *get_current_dir_name(void)
{
	const char *path = pwd();

	if (!tf_rt_view())
		return TF_REAL(get_current_dir_name)();
	if (path && *path == '/' && is_cwd(path))
		return in_new_memory(path, strlen(path), 0);
	return getcwd(NULL, 0);
}
