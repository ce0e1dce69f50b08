/*
 * access(2) and its twins. What the mapping forbids is forbidden here too: writing below a read-only mapping is
 * EROFS, executing a file below one without that right EACCES, as on a read-only or noexec mount.
 */
#include "call.h"

#include <sys/stat.h>
#include <unistd.h>

#ifndef SYS_faccessat2
#define SYS_faccessat2 439 /* Linux 5.8 */
#endif

/* The call's own rules: EROFS is for files, directories and links only, EACCES for files only. */
static int is_beyond_mapping(int dirfd, const char *path, int flags, long r)
{
	struct stat st;

	if (tf_rt_fstatat(dirfd, path, &st, flags & (AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) < 0)
		return 0;
	return r == -EROFS ? !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode) && !S_ISLNK(st.st_mode)
	                   : !S_ISREG(st.st_mode);
}

static long ask(int dirfd, const char *path, unsigned int how, int mode, int flags)
{
	long r;

	if (!flags)
		return tf_call_at(SYS_faccessat, dirfd, path, how, TF_ARGS(mode));
	r = tf_call_at(SYS_faccessat2, dirfd, path, how, TF_ARGS(mode, flags));
	/* Set-id programs do not exist under no_new_privs: effective and real ids are the same. */
	if (r == -ENOSYS && !(flags & ~AT_EACCESS))
		r = tf_call_at(SYS_faccessat, dirfd, path, how, TF_ARGS(mode));
	return r;
}

static long check(int dirfd, const char *path, int mode, int flags)
{
	unsigned int plain = flags & AT_SYMLINK_NOFOLLOW ? TF_HOW_NOFOLLOW : TF_HOW_FOLLOW;
	unsigned int how = plain;
	long r;

	if (mode & W_OK)
		how |= TF_HOW_MODIFY;
	if (mode & X_OK)
		how |= TF_HOW_EXEC;
	r = ask(dirfd, path, how, mode, flags);
	if (how != plain && tf_rt_view() && (r == -EROFS || r == -EACCES) &&
	    is_beyond_mapping(dirfd, path, flags, r))
		r = ask(dirfd, path, plain, mode, flags);
	return r;
}

TF_EXPORT int access(const char *path, int mode)
{
	return (int)tf_rt_ret(check(AT_FDCWD, path, mode, 0));
}

TF_EXPORT int faccessat(int dirfd, const char *path, int mode, int flags)
{
	return (int)tf_rt_ret(check(dirfd, path, mode, flags));
}

TF_EXPORT int eaccess(const char *path, int mode)
{
	return (int)tf_rt_ret(check(AT_FDCWD, path, mode, AT_EACCESS));
}
TF_TWIN(euidaccess, eaccess);
