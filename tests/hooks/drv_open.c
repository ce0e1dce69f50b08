/*
 * open, openat, openat2, creat; stat and its twins; access.
 */
#include "drv.h"

#include <linux/openat2.h>
#include <stdint.h>
#include <sys/syscall.h>

#ifndef __GLIBC__
/* This musl has no statx() yet: a program would go by number. */
#include <linux/stat.h>
static int statx(int dirfd, const char *path, int flags, unsigned int mask, struct statx *st)
{
	return (int)syscall(SYS_statx, dirfd, path, flags, mask, st);
}
#endif

static void test_open(void)
{
	TEXT(text_of(open("/work/a", O_RDONLY)), "one a");
	TEXT(text_of(open("a", O_RDONLY)), "one a");
	TEXT(text_of(open("./dir/../a", O_RDONLY)), "one a");
	TEXT(text_of(open("/work//dir/./b", O_RDONLY)), "one b");
	TEXT(text_of(open("../ro/r", O_RDONLY)), "two r");
	TEXT(text_of(open("/work/../../../ro/r", O_RDONLY)), "two r");
	TEXT(text_of(open("/../ro/d/../r", O_RDONLY)), "two r");
	TEXT(text_of(open("/file", O_RDONLY)), "four");
	TEXT(text_of(open64("/ro/r", O_RDONLY)), "two r");
	FAILS(open("/work/nothing", O_RDONLY), ENOENT);
	FAILS(open("/home", O_RDONLY), ENOENT);
	FAILS(open("/work/a/", O_RDONLY), ENOTDIR);
	FAILS(open("/work/a/b", O_RDONLY), ENOTDIR);
	FAILS(open("", O_RDONLY), ENOENT);
	FAILS(open(getenv("T"), O_RDONLY), ENOENT);
	WORKS(open("/dev/null", O_RDWR));
	WORKS(open("/", O_RDONLY | O_DIRECTORY));
}

static void test_links(void)
{
	TEXT(text_of(open("/work/link_rel", O_RDONLY)), "one a");
	TEXT(text_of(open("link_rel", O_RDONLY)), "one a");
	TEXT(text_of(open("/work/link_abs", O_RDONLY)), "one b");
	TEXT(text_of(open("link_up", O_RDONLY)), "two r");
	TEXT(text_of(open("/work/link_absdir/r", O_RDONLY)), "two r");
	TEXT(text_of(open("/work/link_dir/b", O_RDONLY)), "one b");
	TEXT(text_of(open("/work/link_dir/../a", O_RDONLY)), "one a");
	TEXT(text_of(open("/work/link_absdir/../work/a", O_RDONLY)), "one a");
	FAILS(open("/work/link_host", O_RDONLY), ENOENT);
	FAILS(open("link_hostdir/r", O_RDONLY), ENOENT);
	FAILS(open("/work/dangling", O_RDONLY), ENOENT);
	FAILS(open("/work/loop", O_RDONLY), ELOOP);
	FAILS(open("/work/link_rel", O_RDONLY | O_NOFOLLOW), ELOOP);
	WORKS(open("/work/link_rel", O_PATH | O_NOFOLLOW));
	FAILS(open("/work/link_rel", O_WRONLY | O_CREAT | O_EXCL, 0600), EEXIST);
	FAILS(open("/work/dangling", O_WRONLY | O_CREAT | O_EXCL, 0600), EEXIST);
	WORKS(open("/work/dangling", O_WRONLY | O_CREAT, 0600));
	SAME(host_mode("one/new_by_link"), S_IFREG | 0600);
	unlink("/work/new_by_link");
}

static void test_write(void)
{
	int fd = open("/work/new", O_WRONLY | O_CREAT | O_TRUNC, 0640);

	SAME(write(fd, "hello\n", 6), 6);
	close(fd);
	TEXT(host_text("one/new"), "hello");
	SAME(host_mode("one/new"), S_IFREG | 0640);
	close(creat("/tmp/c", 0600));
	SAME(host_mode("three/c"), S_IFREG | 0600);
	close(creat64("new", 0600));
	TEXT(host_text("one/new"), "");
	unlink("/tmp/c");
	unlink("new");
	SAME(is_on_host("one/new"), 0);
	FAILS(open("/ro/r", O_WRONLY), EROFS);
	FAILS(open("/ro/r", O_RDWR | O_TRUNC), EROFS);
	FAILS(open("/ro/nothing", O_WRONLY), ENOENT);
	FAILS(open("/ro/nothing", O_WRONLY | O_CREAT, 0600), EROFS);
	FAILS(open("/ro/r", O_WRONLY | O_CREAT | O_EXCL, 0600), EEXIST);
	FAILS(open("/ro/d", O_WRONLY), EISDIR);
	TEXT(text_of(open("/ro/r", O_RDONLY | O_CREAT, 0600)), "two r");
	TEXT(text_of(open("/ro/link_w", O_RDWR)), "one a");
	FAILS(open("/newfile", O_WRONLY | O_CREAT, 0600), EROFS);
	FAILS(open("/ro/d", O_WRONLY | O_TMPFILE, 0600), EROFS);
	WORKS(open("/file", O_RDWR));
}

static void test_openat(void)
{
	int work = open("/work", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int dir = openat(work, "dir", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int ro = openat(root, "ro", O_RDONLY | O_DIRECTORY);

	TEXT(text_of(openat(work, "a", O_RDONLY)), "one a");
	TEXT(text_of(openat64(work, "dir/b", O_RDONLY)), "one b");
	TEXT(text_of(openat(dir, "b", O_RDONLY)), "one b");
	TEXT(text_of(openat(dir, "../a", O_RDONLY)), "one a");
	TEXT(text_of(openat(dir, "../../ro/r", O_RDONLY)), "two r");
	TEXT(text_of(openat(dir, "/ro/r", O_RDONLY)), "two r");
	TEXT(text_of(openat(root, "work/a", O_RDONLY)), "one a");
	TEXT(text_of(openat(ro, "r", O_RDONLY)), "two r");
	TEXT(text_of(openat(work, "link_abs", O_RDONLY)), "one b");
	TEXT(text_of(openat(work, "link_up", O_RDONLY)), "two r");
	FAILS(openat(ro, "r", O_WRONLY), EROFS);
	FAILS(openat(ro, "new", O_WRONLY | O_CREAT, 0600), EROFS);
	FAILS(openat(work, "link_host", O_RDONLY), ENOENT);
	FAILS(openat(work, "a/x", O_RDONLY), ENOTDIR);
	FAILS(openat(999, "a", O_RDONLY), EBADF);
	WORKS(openat(work, "created", O_WRONLY | O_CREAT, 0600));
	SAME(is_on_host("one/created"), 1);
	unlink("/work/created");
	close(ro);
	close(root);
	close(dir);
	close(work);
}

static long openat2_call(int dirfd, const char *path, uint64_t flags, uint64_t resolve)
{
	struct open_how how = {.flags = flags, .resolve = resolve};

	return syscall(SYS_openat2, dirfd, path, &how, sizeof(how));
}

static void test_openat2(void)
{
	int work = open("/work", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	TEXT(text_of((int)openat2_call(AT_FDCWD, "/ro/r", O_RDONLY, 0)), "two r");
	TEXT(text_of((int)openat2_call(work, "link_up", O_RDONLY, 0)), "two r");
	FAILS(openat2_call(AT_FDCWD, "/ro/r", O_WRONLY, 0), EROFS);
	FAILS(openat2_call(AT_FDCWD, "/ro/r", 1ull << 40, 0), EINVAL);
	FAILS(openat2_call(AT_FDCWD, "/ro/r", O_RDONLY, RESOLVE_NO_SYMLINKS), ENOSYS);
	if (is_nested()) {
		FAILS(openat2_call(work, "a", O_RDONLY, RESOLVE_BENEATH), ENOSYS);
	} else {
		TEXT(text_of((int)openat2_call(work, "link_rel", O_RDONLY, RESOLVE_BENEATH)),
		     "one a");
		FAILS(openat2_call(work, "link_up", O_RDONLY, RESOLVE_BENEATH), EXDEV);
	}
	close(work);
}

static void test_stat(void)
{
	struct stat st, host;
	struct stat64 st64;

	WORKS(stat("/work/a", &st));
	tf_sys(SYS_stat, on_host("one/a"), &host);
	SAME(st.st_ino, host.st_ino);
	WORKS(stat64("a", &st64));
	SAME(st64.st_ino, host.st_ino);
	WORKS(stat("/work/link_rel", &st));
	SAME(st.st_ino, host.st_ino);
	WORKS(lstat("/work/link_rel", &st));
	SAME(S_ISLNK(st.st_mode), 1);
	WORKS(lstat64("link_rel", &st64));
	SAME(S_ISLNK(st64.st_mode), 1);
	WORKS(stat("link_up", &st));
	tf_sys(SYS_stat, on_host("two/r"), &host);
	SAME(st.st_ino, host.st_ino);
	WORKS(stat("..", &st));
	tf_sys(SYS_stat, on_host("root"), &host);
	SAME(st.st_ino, host.st_ino);
	WORKS(stat("/work/..", &st));
	SAME(st.st_ino, host.st_ino);
	FAILS(stat("/work/link_host", &st), ENOENT);
	FAILS(stat("/work/a/", &st), ENOTDIR);
	FAILS(stat("/work/loop", &st), ELOOP);
	FAILS(stat(getenv("T"), &st), ENOENT);
	FAILS(stat("", &st), ENOENT);
}

static void test_fstatat(void)
{
	int work = open("/work", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat st, host;
	struct statx stx;

	tf_sys(SYS_stat, on_host("one/a"), &host);
	WORKS(fstatat(work, "link_rel", &st, 0));
	SAME(st.st_ino, host.st_ino);
	WORKS(fstatat(work, "link_rel", &st, AT_SYMLINK_NOFOLLOW));
	SAME(S_ISLNK(st.st_mode), 1);
	WORKS(fstatat(work, "", &st, AT_EMPTY_PATH));
	SAME(S_ISDIR(st.st_mode), 1);
	WORKS(statx(work, "link_rel", 0, STATX_INO, &stx));
	SAME(stx.stx_ino, host.st_ino);
	WORKS(statx(AT_FDCWD, "/work/link_rel", AT_SYMLINK_NOFOLLOW, STATX_TYPE, &stx));
	SAME(S_ISLNK(stx.stx_mode), 1);
	WORKS(statx(work, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &stx));
	FAILS(statx(AT_FDCWD, "/work/a/", 0, STATX_INO, &stx), ENOTDIR);
	FAILS(fstatat(work, "a", &st, 1 << 30), EINVAL);
	/* A mapping point of the skeleton, by the name in its directory. */
	tf_sys(SYS_stat, on_host("one"), &host);
	WORKS(fstatat(root, "work", &st, 0));
	SAME(st.st_ino, host.st_ino);
	WORKS(fstatat(root, "work", &st, AT_SYMLINK_NOFOLLOW));
	SAME(st.st_ino, host.st_ino);
	WORKS(statx(root, "work", 0, STATX_INO, &stx));
	SAME(stx.stx_ino, host.st_ino);
	WORKS(chdir("/"));
	WORKS(stat("work", &st));
	SAME(st.st_ino, host.st_ino);
	WORKS(statx(AT_FDCWD, "work", 0, STATX_INO, &stx));
	SAME(stx.stx_ino, host.st_ino);
	WORKS(chdir("/work"));
	close(root);
	close(work);
}

static void test_access(void)
{
	int work = open("/work", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	WORKS(access("/work/a", R_OK | W_OK));
	WORKS(access("/ro/r", R_OK));
	FAILS(access("/ro/r", W_OK), EROFS);
	FAILS(access("/ro/nothing", W_OK), ENOENT);
	FAILS(access("/ro", W_OK), EROFS);
	FAILS(access("/work/a", X_OK), EACCES);
	WORKS(access("/work/tool", X_OK));
	WORKS(access("/ro/tool", X_OK));
	FAILS(access("/tmp/tool", X_OK), EACCES);
	WORKS(access("/tmp", X_OK));
	WORKS(access("/tmp/d", R_OK | W_OK | X_OK));
	WORKS(access("/dev/null", R_OK | W_OK));
	WORKS(access("link_up", F_OK));
	FAILS(access("/work/link_host", F_OK), ENOENT);
	WORKS(faccessat(work, "a", R_OK, 0));
	WORKS(faccessat(work, "a", R_OK, AT_EACCESS));
	WORKS(faccessat(work, "link_host", F_OK, AT_SYMLINK_NOFOLLOW));
	FAILS(faccessat(work, "../ro/r", W_OK, AT_EACCESS), EROFS);
	FAILS(faccessat(work, "a", 64, 0), EINVAL);
	WORKS(eaccess("/work/a", R_OK));
	WORKS(euidaccess("/work/tool", X_OK));
	close(work);
}

static void test_nested(void)
{
	struct stat st;
	int work = open("/work", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int in = openat(work, "in", O_RDONLY | O_DIRECTORY);

	TEXT(text_of(open("/work/in/i", O_RDONLY)), "five i");
	TEXT(text_of(open("in/i", O_RDONLY)), "five i");
	TEXT(text_of(openat(work, "in/i", O_RDONLY)), "five i");
	TEXT(text_of(openat(in, "i", O_RDONLY)), "five i");
	TEXT(text_of(openat(in, "../a", O_RDONLY)), "one a");
	TEXT(text_of(open("link_in", O_RDONLY)), "five i");
	FAILS(open("/work/in/shadowed", O_RDONLY), ENOENT);
	FAILS(open("/work/secret", O_RDONLY), ENOENT);
	FAILS(open("/work/secret/s", O_RDONLY), ENOENT);
	FAILS(open("secret/s", O_RDONLY), ENOENT);
	FAILS(openat(work, "secret/s", O_RDONLY), ENOENT);
	FAILS(openat(work, "dir/../secret/s", O_RDONLY), ENOENT);
	FAILS(openat(work, "secret", O_PATH), ENOENT);
	FAILS(open("link_secret", O_RDONLY), ENOENT);
	FAILS(stat("/work/secret/s", &st), ENOENT);
	FAILS(fstatat(work, "secret", &st, 0), ENOENT);
	FAILS(fstatat(work, "secret", &st, AT_SYMLINK_NOFOLLOW), ENOENT);
	FAILS(access("secret/s", F_OK), ENOENT);
	FAILS(mkdir("/work/secret", 0700), ENOENT);
	close(in);
	close(work);
}

int main(void)
{
	test_open();
	test_links();
	test_write();
	test_openat();
	test_openat2();
	test_stat();
	test_fstatat();
	test_access();
	if (is_nested())
		test_nested();
	return failures != 0;
}
