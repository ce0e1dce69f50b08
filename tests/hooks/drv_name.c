/*
 * Names: mkdir, mknod, opendir, scandir; link, symlink, readlink; rename, unlink, rmdir, remove.
 */
#include "drv.h"

#include <dirent.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#ifndef __GLIBC__
/* This musl has none yet: a program would go by number. */
#define renameat2(...) (int)syscall(SYS_renameat2, __VA_ARGS__)
#endif

static void test_mkdir(void)
{
	int ro = open("/ro", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int work = open("/work", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	WORKS(mkdir("/work/m", 0750));
	SAME(host_mode("one/m"), S_IFDIR | 0750);
	WORKS(mkdir("m/n/", 0700));
	SAME(host_mode("one/m/n"), S_IFDIR | 0700);
	WORKS(mkdirat(work, "m/o", 0700));
	WORKS(mkdir("/work/link_dir/p", 0700));
	SAME(host_mode("one/dir/p"), S_IFDIR | 0700);
	FAILS(mkdir("/work/m", 0700), EEXIST);
	FAILS(mkdir("/work/link_rel", 0700), EEXIST);
	FAILS(mkdir("/work/x/y", 0700), ENOENT);
	FAILS(mkdir("/work/a/y", 0700), ENOTDIR);
	FAILS(mkdir("/ro/new", 0700), EROFS);
	FAILS(mkdir("/ro/d", 0700), EEXIST);
	FAILS(mkdirat(ro, "new", 0700), EROFS);
	FAILS(mkdirat(ro, "d", 0700), EEXIST);
	FAILS(mkdir("/work", 0700), EEXIST);
	FAILS(mkdir("/", 0700), EEXIST);
	FAILS(mkdir("/other", 0700), EROFS);
	FAILS(mkdir("/work/link_absdir/new", 0700), EROFS);
	WORKS(rmdir("/work/m/n"));
	WORKS(unlinkat(work, "m/o", AT_REMOVEDIR));
	WORKS(rmdir("m"));
	WORKS(rmdir("/work/dir/p/"));
	SAME(is_on_host("one/m"), 0);
	close(work);
	close(ro);
}

static void test_nodes(void)
{
	WORKS(mkfifo("/work/fifo", 0600));
	SAME(host_mode("one/fifo"), S_IFIFO | 0600);
	FAILS(mkfifo("/work/fifo", 0600), EEXIST);
	FAILS(mkfifoat(AT_FDCWD, "/ro/fifo", 0600), EROFS);
	WORKS(mknod("/tmp/node", S_IFREG | 0600, 0));
	SAME(host_mode("three/node"), S_IFREG | 0600);
	WORKS(mknodat(AT_FDCWD, "sock", S_IFSOCK | 0600, 0));
	SAME(host_mode("one/sock"), S_IFSOCK | 0600);
	FAILS(mknod("/work/null", S_IFCHR | 0600, makedev(1, 3)), EPERM);
	WORKS(unlink("/work/fifo"));
	WORKS(remove("/tmp/node"));
	WORKS(unlink("sock"));
}

static int count_names(const char *path, const char *name)
{
	DIR *dir = opendir(path);
	int n = 0;

	if (!dir)
		return -1;
	for (struct dirent *e = readdir(dir); e; e = readdir(dir))
		n += strcmp(e->d_name, name) == 0;
	closedir(dir);
	return n;
}

static int not_hidden(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static void test_list(void)
{
	struct dirent **list = NULL;

	SAME(count_names("/work", "link_rel"), 1);
	SAME(count_names(".", "link_rel"), 1);
	SAME(count_names("/work/link_absdir", "r"), 1);
	SAME(count_names("..", "work"), 1);
	SAME(count_names("/", "ro"), 1);
	SAME(count_names("/ro/..", "work"), 1);
	FAILS(count_names("/work/a", ""), ENOTDIR);
	FAILS(count_names("/home", ""), ENOENT);
	FAILS(count_names("/work/link_hostdir", ""), ENOENT);
	FAILS(count_names("/work/loop", ""), ELOOP);
	SAME(scandir("/ro/d/..", &list, not_hidden, alphasort), 4);
	TEXT(list[1]->d_name, "link_w");
	SAME(scandir("link_absdir", &list, not_hidden, alphasort), 4);
	FAILS(scandir("/home", &list, NULL, NULL), ENOENT);
#ifdef __GLIBC__
	int work = open("/work", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	SAME(scandirat(work, "../ro", &list, not_hidden, alphasort), 4);
	SAME(scandirat64(work, "link_absdir", (struct dirent64 ***)&list, NULL, NULL), 6);
	close(work);
#endif
}

static const char *link_text(const char *path)
{
	static char buf[256];
	long n = readlink(path, buf, sizeof(buf) - 1);

	if (n < 0)
		return "(none)";
	buf[n] = '\0';
	return buf;
}

static void test_symlink(void)
{
	char small[3];
	int work = open("/work", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	WORKS(symlink("/ro/r", "/work/s"));
	TEXT(host_link("one/s"), "/ro/r");
	TEXT(link_text("/work/s"), "/ro/r");
	TEXT(link_text("s"), "/ro/r");
	TEXT(text_of(open("s", O_RDONLY)), "two r");
	WORKS(symlinkat("a", work, "s2"));
	TEXT(link_text("/work/link_dir/../s2"), "a");
	SAME(readlinkat(work, "s", small, sizeof(small)), 3);
	FAILS(symlink("x", "/work/s"), EEXIST);
	FAILS(symlink("x", "/ro/s"), EROFS);
	FAILS(symlink("", "/work/s3"), ENOENT);
	FAILS(readlink("/work/a", small, sizeof(small)), EINVAL);
	FAILS(readlink("/work/nothing", small, sizeof(small)), ENOENT);
	/* What was a directory when it was last used is a link now: no answer may come from memory. */
	WORKS(mkdir("/work/turn", 0700));
	close(creat("/work/turn/t", 0600));
	WORKS(access("/work/turn/t", F_OK));
	WORKS(rename("/work/turn", "/work/turned"));
	WORKS(symlink("/ro", "/work/turn"));
	TEXT(text_of(open("/work/turn/r", O_RDONLY)), "two r");
	FAILS(access("/work/turn/t", F_OK), ENOENT);
	WORKS(access("/work/turn/r", F_OK));
	unlink("/work/turn");
	unlink("/work/turned/t");
	rmdir("/work/turned");
	unlink("s");
	unlink("s2");
	close(work);
}

/* The magic links of /proc read as guest paths. */
static void test_magic(void)
{
	char path[64];
	int fd = open("/ro/r", O_RDONLY | O_CLOEXEC);

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	TEXT(link_text(path), "/ro/r");
	TEXT(link_text("/proc/self/cwd"), "/work");
	TEXT(link_text("/proc/self/root"), "/");
	TEXT(text_of(open(path, O_RDONLY)), "two r");
	TEXT(text_of(open("/proc/self/cwd/a", O_RDONLY)), "one a");
	TEXT(text_of(open("/proc/self/root/ro/r", O_RDONLY)), "two r");
	close(fd);
}

static void test_link(void)
{
	int work = open("/work", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char path[64];

	WORKS(link("/work/a", "/work/hard"));
	TEXT(host_text("one/hard"), "one a");
	WORKS(linkat(work, "link_rel", work, "hard_link", 0));
	TEXT(host_link("one/hard_link"), "a");
	WORKS(linkat(work, "link_rel", AT_FDCWD, "/work/hard2", AT_SYMLINK_FOLLOW));
	SAME(S_ISREG(host_mode("one/hard2")), 1);
	FAILS(link("/work/a", "/work/hard"), EEXIST);
	FAILS(link("/work/nothing", "/work/hard3"), ENOENT);
	FAILS(link("/work/a", "/tmp/hard"), EXDEV);
	FAILS(link("/ro/r", "/work/hard3"), EXDEV);
	FAILS(link("/ro/r", "/ro/hard3"), EROFS);
	FAILS(link("/file", "/work/hard3"), EXDEV);
	/* The idiom that gives an unnamed file its name. */
	int fd = open("/work", O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
	WORKS(fd);
	if (fd >= 0) {
		SAME(write(fd, "named", 5), 5);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		WORKS(linkat(AT_FDCWD, path, AT_FDCWD, "/work/named", AT_SYMLINK_FOLLOW));
		TEXT(host_text("one/named"), "named");
		unlink("named");
		close(fd);
	}
	unlink("hard");
	unlink("hard2");
	unlink("hard_link");
	close(work);
}

static void test_rename(void)
{
	int work = open("/work", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ro = open("/ro", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	host_put("one/f", "f");
	WORKS(rename("/work/f", "/work/g"));
	TEXT(host_text("one/g"), "f");
	WORKS(rename("g", "dir/g"));
	TEXT(host_text("one/dir/g"), "f");
	WORKS(renameat(work, "dir/g", AT_FDCWD, "/work/f"));
	WORKS(renameat(work, "link_dir/../f", work, "g"));
	TEXT(host_text("one/g"), "f");
	FAILS(renameat2(work, "g", work, "a", 1 /* RENAME_NOREPLACE */), EEXIST);
	FAILS(rename("/work/nothing", "/work/x"), ENOENT);
	FAILS(rename("/work/g", "/tmp/g"), EXDEV);
	FAILS(rename("g", "/tmp/g"), EXDEV);
	FAILS(renameat(work, "g", ro, "g"), EXDEV);
	FAILS(rename("/ro/r", "/work/r"), EXDEV);
	FAILS(rename("/ro/r", "/ro/s"), EROFS);
	FAILS(rename("/work", "/work2"), EBUSY);
	FAILS(rename("/work/g", "/file"), EBUSY);
	FAILS(rename("/tmp", "/work/t"), EBUSY);
	TEXT(host_text("one/g"), "f");
	unlink("/work/g");
	close(ro);
	close(work);
}

static void test_remove(void)
{
	int ro = open("/ro", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	host_put("one/f", "f");
	WORKS(mkdir("/work/e", 0700));
	WORKS(symlink("a", "l"));
	WORKS(remove("/work/f"));
	WORKS(remove("/work/e"));
	WORKS(unlink("/work/l"));
	SAME(is_on_host("one/a"), 1);
	FAILS(unlink("/work/f"), ENOENT);
	FAILS(unlink("/work/dir"), EISDIR);
	FAILS(rmdir("/work/dir"), ENOTEMPTY);
	FAILS(rmdir("/work/a"), ENOTDIR);
	FAILS(unlink("/ro/r"), EROFS);
	FAILS(unlinkat(ro, "r", 0), EROFS);
	FAILS(rmdir("/ro/d"), EROFS);
	FAILS(rmdir("/work"), EBUSY);
	FAILS(rmdir("/tmp/"), EBUSY);
	FAILS(unlink("/file"), EBUSY);
	WORKS(mkdir("/work/e", 0700));
	FAILS(rmdir("/work/."), EINVAL);
	FAILS(rmdir("/work/e/."), EINVAL);
	FAILS(rmdir("."), EINVAL);
	FAILS(rmdir("e/.."), ENOTEMPTY);
	FAILS(unlink("/work/e/."), EISDIR);
	FAILS(rename("e/.", "e2"), EBUSY);
	FAILS(mkdir("/work/zz/.", 0700), ENOENT);
	FAILS(mkdir("/work/e/.", 0700), EEXIST);
	FAILS(symlink("a", "/work/e/.."), EEXIST);
	WORKS(rmdir("/work/e/"));
	SAME(is_on_host("two/r"), 1);
	SAME(is_on_host("four/file"), 1);
	close(ro);
}

static void test_nested(void)
{
	WORKS(mkdir("/work/in/d", 0700));
	SAME(is_on_host("five/d"), 1);
	FAILS(rename("/work/in/d", "/work/d"), EXDEV);
	FAILS(rename("in/d", "d"), EXDEV);
	WORKS(rmdir("in/d"));
	FAILS(rmdir("/work/in"), EBUSY);
	FAILS(rename("/work/in", "/work/out"), EBUSY);
	FAILS(rename("/work/secret", "/work/open"), ENOENT);
	FAILS(unlink("/work/secret/s"), ENOENT);
	FAILS(rename("/work/secret/s", "/work/s"), ENOENT);
	FAILS(link("/work/secret/s", "/work/s"), ENOENT);
	SAME(count_names("/work/in", "i"), 1);
	SAME(is_on_host("one/secret/s"), 1);
}

int main(void)
{
	test_mkdir();
	test_nodes();
	test_list();
	test_symlink();
	test_magic();
	test_link();
	test_rename();
	test_remove();
	if (is_nested())
		test_nested();
	return failures != 0;
}
