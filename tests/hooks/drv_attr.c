/*
 * Attributes: chmod, chown, times, truncate; extended attributes; statfs and pathconf; inotify.
 */
#include "drv.h"

#include <sys/inotify.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <utime.h>

static long host_mtime(const char *name)
{
	struct stat st;

	return tf_sys(SYS_lstat, on_host(name), &st) < 0 ? -1 : (long)st.st_mtime;
}

static void test_mode(void)
{
	int work = open("/work", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ro = open("/ro/r", O_RDONLY | O_CLOEXEC);
	int rw = open("/work/a", O_RDONLY | O_CLOEXEC);

	WORKS(chmod("/work/a", 0600));
	SAME(host_mode("one/a"), S_IFREG | 0600);
	WORKS(chmod("link_rel", 0640));
	SAME(host_mode("one/a"), S_IFREG | 0640);
	WORKS(fchmodat(work, "a", 0600, 0));
	SAME(host_mode("one/a"), S_IFREG | 0600);
	FAILS(fchmodat(work, "link_rel", 0644, AT_SYMLINK_NOFOLLOW), EOPNOTSUPP);
	WORKS(fchmodat(work, "a", 0644, AT_SYMLINK_NOFOLLOW));
	SAME(host_mode("one/a"), S_IFREG | 0644);
	WORKS(fchmod(rw, 0640));
	SAME(host_mode("one/a"), S_IFREG | 0640);
	FAILS(chmod("/ro/r", 0600), EROFS);
	FAILS(chmod("/ro/nothing", 0600), ENOENT);
	FAILS(chmod("link_up", 0600), EROFS);
	FAILS(fchmod(ro, 0600), EROFS);
	FAILS(syscall(SYS_fchmod, ro, 0600), EROFS);
	FAILS(chmod("link_host", 0600), ENOENT);
	WORKS(chmod("/ro/link_w", 0644));
	SAME(host_mode("one/a"), S_IFREG | 0644);
	close(rw);
	close(ro);
	close(work);
}

static void test_owner(void)
{
	int ro = open("/ro/r", O_RDONLY | O_CLOEXEC);

	WORKS(chown("/work/a", (uid_t)-1, getgid()));
	WORKS(lchown("link_host", getuid(), (gid_t)-1));
	FAILS(chown("link_host", getuid(), (gid_t)-1), ENOENT);
	FAILS(chown("/ro/r", getuid(), (gid_t)-1), EROFS);
	FAILS(fchown(ro, getuid(), (gid_t)-1), EROFS);
	FAILS(fchownat(ro, "", getuid(), (gid_t)-1, AT_EMPTY_PATH), EROFS);
	WORKS(fchownat(AT_FDCWD, "a", getuid(), (gid_t)-1, 0));
	close(ro);
}

static void test_times(void)
{
	const struct timeval tv[2] = {{1000, 5}, {2000, 6}};
	const struct timeval bad[2] = {{1000, 1000000}, {2000, 6}};
	const struct timespec ts[2] = {{3000, 0}, {4000, 0}};
	const struct utimbuf ut = {5000, 6000};
	int work = open("/work", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ro = open("/ro/r", O_RDONLY | O_CLOEXEC);
	int rw = open("/work/a", O_RDONLY | O_CLOEXEC);

	WORKS(utimes("/work/a", tv));
	SAME(host_mtime("one/a"), 2000);
	WORKS(utimensat(work, "a", ts, 0));
	SAME(host_mtime("one/a"), 4000);
	WORKS(utime("link_rel", &ut));
	SAME(host_mtime("one/a"), 6000);
	WORKS(lutimes("link_rel", tv));
	SAME(host_mtime("one/link_rel"), 2000);
	SAME(host_mtime("one/a"), 6000);
	WORKS(futimesat(work, "a", tv));
	SAME(host_mtime("one/a"), 2000);
	WORKS(futimens(rw, ts));
	SAME(host_mtime("one/a"), 4000);
	WORKS(futimes(rw, tv));
	SAME(host_mtime("one/a"), 2000);
	WORKS(utimes("a", NULL));
	SAME(host_mtime("one/a") > 1000000, 1);
	FAILS(lutimes("a", bad), EINVAL);
	FAILS(utimes("/ro/r", tv), EROFS);
	FAILS(utime("/ro/r", &ut), EROFS);
	FAILS(utimensat(AT_FDCWD, "/ro/r", ts, AT_SYMLINK_NOFOLLOW), EROFS);
	FAILS(futimens(ro, ts), EROFS);
	FAILS(futimes(ro, tv), EROFS);
	FAILS(utimes("/ro/none", tv), ENOENT);
	FAILS(utimensat(999, "a", ts, 0), EBADF);
	close(rw);
	close(ro);
	close(work);
}

static void test_length(void)
{
	host_put("one/long", "0123456789");
	WORKS(truncate("/work/long", 4));
	TEXT(host_text("one/long"), "0123");
	WORKS(truncate64("long", 2));
	TEXT(host_text("one/long"), "01");
	FAILS(truncate("/ro/r", 0), EROFS);
	FAILS(truncate("/ro/none", 0), ENOENT);
	TEXT(host_text("two/r"), "two r");
	unlink("long");
}

static void test_xattr(void)
{
	char buf[64] = "";
	int ro = open("/ro/r", O_RDONLY | O_CLOEXEC);

	FAILS(setxattr("/ro/r", "user.t", "x", 1, 0), EROFS);
	FAILS(fsetxattr(ro, "user.t", "x", 1, 0), EROFS);
	FAILS(removexattr("/ro/r", "user.t"), EROFS);
	FAILS(fremovexattr(ro, "user.t"), EROFS);
	FAILS(setxattr("/ro/none", "user.t", "x", 1, 0), ENOENT);
	close(ro);
	if (tf_sys(SYS_setxattr, on_host("one/a"), "user.probe", "v", 1, 0) < 0) {
		printf("skip: hooks-xattr: no user attributes on this file system\n");
		return;
	}
	WORKS(setxattr("/work/link_rel", "user.t", "val", 3, 0));
	SAME(tf_sys(SYS_getxattr, on_host("one/a"), "user.t", buf, sizeof(buf)), 3);
	SAME(getxattr("a", "user.t", buf, sizeof(buf)), 3);
	SAME(lgetxattr("/work/a", "user.t", buf, sizeof(buf)), 3);
	SAME(listxattr("/work/a", buf, sizeof(buf)) >= 7, 1);
	SAME(llistxattr("/work/link_rel", buf, sizeof(buf)) < 7, 1);
	FAILS(lsetxattr("/work/link_rel", "user.t", "x", 1, 0), EPERM);
	WORKS(removexattr("/work/a", "user.t"));
	FAILS(getxattr("/work/a", "user.t", buf, sizeof(buf)), ENODATA);
	FAILS(lremovexattr("/work/a", "user.t"), ENODATA);
}

static void test_statfs(void)
{
	struct statfs fs;
	struct statvfs vfs;

	WORKS(statfs("/work", &fs));
	SAME(fs.f_bsize > 0, 1);
	WORKS(statvfs("/work/a", &vfs));
	SAME(vfs.f_flag & ST_RDONLY, 0);
	SAME(vfs.f_namemax, 255);
	SAME(vfs.f_blocks, fs.f_blocks);
	WORKS(statvfs("/ro", &vfs));
	SAME(vfs.f_flag & ST_RDONLY, ST_RDONLY);
	WORKS(statvfs("link_absdir/r", &vfs));
	SAME(vfs.f_flag & ST_RDONLY, ST_RDONLY);
	WORKS(statfs("/proc", &fs));
	SAME(fs.f_type, 0x9fa0);
	FAILS(statfs("/home", &fs), ENOENT);
	FAILS(statvfs("/work/link_host", &vfs), ENOENT);
	SAME(pathconf("/work", _PC_NAME_MAX), 255);
#ifdef __GLIBC__ /* musl never looks at the path */
	FAILS(pathconf("/home", _PC_NAME_MAX), ENOENT);
#endif
}

static void test_inotify(void)
{
	char buf[4096];
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	WORKS(inotify_add_watch(fd, "/work/link_dir", IN_CREATE));
	host_put("one/dir/event", "");
	SAME(read(fd, buf, sizeof(buf)) > 0, 1);
	TEXT(((struct inotify_event *)buf)->name, "event");
	FAILS(inotify_add_watch(fd, "/work/link_hostdir", IN_CREATE), ENOENT);
	FAILS(inotify_add_watch(fd, "/home", IN_CREATE), ENOENT);
	WORKS(inotify_add_watch(fd, "link_host", IN_ATTRIB | IN_DONT_FOLLOW));
	unlink("dir/event");
	close(fd);
}

int main(void)
{
	test_mode();
	test_owner();
	test_times();
	test_length();
	test_xattr();
	test_statfs();
	test_inotify();
	return failures != 0;
}
