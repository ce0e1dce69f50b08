/*
 * File systems' attributes. A mapping without write access reads as a read-only mount.
 */
#include "call.h"

#include <string.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

TF_EXPORT int __statfs(const char *path, struct statfs *st);

#define VALID_FLAGS 0x20 /* f_flags of struct statfs is filled in: not for the program */

static long read_statfs(const char *path, struct statfs *st)
{
	struct tf_place at;
	/* The long way, so that the mapping is known. */
	long r = tf_rt_resolve(&at, AT_FDCWD, path, TF_HOW_ABSOLUTE);

	if (r < 0)
		return r;
	r = tf_sys(SYS_statfs, at.path, st);
	if (r == 0 && at.map && !(at.map->access & TF_WRITE))
		st->f_flags |= ST_RDONLY;
	if (r == 0 && at.map && !(at.map->access & TF_EXEC))
		st->f_flags |= ST_NOEXEC;
	tf_rt_release(&at);
	return r;
}

TF_EXPORT int statfs(const char *path, struct statfs *st)
{
	return (int)tf_rt_ret(read_statfs(path, st));
}
TF_TWIN(statfs64, statfs);
TF_TWIN(__statfs, statfs);

TF_EXPORT int statvfs(const char *restrict path, struct statvfs *restrict ret)
{
	struct statfs st;
	long r = read_statfs(path, &st);

	if (r < 0)
		return (int)tf_rt_ret(r);
	memset(ret, 0, sizeof(*ret));
	ret->f_bsize = (unsigned long)st.f_bsize;
	ret->f_frsize = (unsigned long)(st.f_frsize ? st.f_frsize : st.f_bsize);
	ret->f_blocks = st.f_blocks;
	ret->f_bfree = st.f_bfree;
	ret->f_bavail = st.f_bavail;
	ret->f_files = st.f_files;
	ret->f_ffree = st.f_ffree;
	/* Nobody counts the free ones for plain users apart. */
	ret->f_favail = st.f_ffree;
	memcpy(&ret->f_fsid, &st.f_fsid, sizeof(st.f_fsid));
	ret->f_flag = (unsigned long)st.f_flags & ~(unsigned long)VALID_FLAGS;
	ret->f_namemax = (unsigned long)st.f_namelen;
	return 0;
}
TF_TWIN(statvfs64, statvfs);

TF_EXPORT long pathconf(const char *path, int name)
{
	struct tf_place at;
	long r = tf_rt_resolve(&at, AT_FDCWD, path, TF_HOW_ABSOLUTE);

	if (r < 0)
		return tf_rt_ret(r);
	r = TF_REAL(pathconf)(at.path, name);
	tf_rt_release(&at);
	return r;
}
