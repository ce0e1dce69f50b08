/*
 * Attack 1: the program makes the system call itself, past every library. Built static too (attack 2).
 * An escape: the secret's bytes, any change in the directory outside, a program outside run. The last group
 * only looks (metadata) or changes attributes, which Landlock does not govern.
 */
#include <linux/openat2.h>
#include <sys/inotify.h>

#include "escape.h"

static int way_open(void)
{
	return esc_opened("open", esc_sys(SYS_open, esc_secret(), O_RDONLY));
}

static int way_openat(void)
{
	return esc_open_raw(esc_secret());
}

static int way_openat2(void)
{
	struct open_how how = {.flags = O_RDONLY};

	return esc_opened("openat2",
	                  esc_sys(SYS_openat2, AT_FDCWD, esc_secret(), &how, sizeof(how)));
}

static int way_openat_root(void)
{
	long root = esc_sys(SYS_open, "/", O_PATH | O_DIRECTORY);

	if (root < 0)
		return esc_verdict("open /", root);
	return esc_opened("openat", esc_sys(SYS_openat, root, esc_secret() + 1, O_RDONLY));
}

/* O_PATH asks for no right at all; the right is asked for when it is opened again. */
static int way_open_path(void)
{
	char again[64];
	long fd = esc_sys(SYS_open, esc_secret(), O_PATH);

	if (fd < 0)
		return esc_verdict("O_PATH", fd);
	snprintf(again, sizeof(again), "/proc/self/fd/%ld", fd);
	return esc_open_raw(again);
}

static int way_chdir(void)
{
	long r = esc_sys(SYS_chdir, esc_at("outside"));

	if (r < 0)
		return esc_verdict("chdir", r);
	return esc_open_raw("secret");
}

static int way_list(void)
{
	char buf[1024];
	long fd = esc_sys(SYS_open, esc_at("outside"), O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		return esc_verdict("open", fd);
	return esc_verdict("getdents64", esc_sys(SYS_getdents64, fd, buf, sizeof(buf)));
}

static int way_create(void)
{
	return esc_verdict("creat", esc_sys(SYS_creat, esc_at("outside/made"), 0600));
}

static int way_append(void)
{
	return esc_verdict("open", esc_sys(SYS_open, esc_at("outside/file"), O_WRONLY | O_APPEND));
}

static int way_truncate(void)
{
	return esc_verdict("truncate", esc_sys(SYS_truncate, esc_at("outside/file"), 0));
}

static int way_mkdir(void)
{
	return esc_verdict("mkdir", esc_sys(SYS_mkdir, esc_at("outside/made"), 0700));
}

static int way_mknod(void)
{
	return esc_verdict("mknod", esc_sys(SYS_mknod, esc_at("outside/made"), S_IFIFO | 0600, 0));
}

static int way_symlink(void)
{
	return esc_verdict("symlink", esc_sys(SYS_symlink, "x", esc_at("outside/made")));
}

static int way_unlink(void)
{
	return esc_verdict("unlink", esc_sys(SYS_unlink, esc_at("outside/file")));
}

static int way_rmdir(void)
{
	return esc_verdict("rmdir", esc_sys(SYS_rmdir, esc_at("outside/dir")));
}

static int way_rename(void)
{
	return esc_verdict("rename",
	                   esc_sys(SYS_rename, esc_at("outside/file"), esc_at("outside/moved")));
}

static int way_rename_over(void)
{
	long fd = esc_sys(SYS_creat, "own", 0600);

	if (fd < 0)
		return CANNOT;
	return esc_verdict("rename", esc_sys(SYS_rename, "own", esc_at("outside/file")));
}

static int way_exec(void)
{
	char *argv[] = {(char *)"program", NULL};
	pid_t pid = fork();

	if (pid == 0) {
		long r = esc_sys(SYS_execve, esc_at("outside/program"), argv, argv + 1);
		esc_verdict("execve", r);
		_exit(CONTAINED);
	}
	return esc_wait(pid);
}

static int way_stat(void)
{
	struct stat st;

	return esc_verdict("stat", esc_sys(SYS_newfstatat, AT_FDCWD, esc_secret(), &st, 0));
}

static int way_access(void)
{
	return esc_verdict("access", esc_sys(SYS_access, esc_secret(), R_OK));
}

static int way_readlink(void)
{
	char buf[64];

	return esc_verdict("readlink",
	                   esc_sys(SYS_readlink, esc_at("outside/link"), buf, sizeof(buf)));
}

static int way_inotify(void)
{
	long fd = esc_sys(SYS_inotify_init1, 0);

	if (fd < 0)
		return esc_verdict("inotify_init1", fd);
	return esc_verdict("inotify_add_watch",
	                   esc_sys(SYS_inotify_add_watch, fd, esc_at("outside"), IN_ALL_EVENTS));
}

static int way_chmod(void)
{
	return esc_verdict("chmod", esc_sys(SYS_chmod, esc_at("outside/file"), 0777));
}

static int way_utimes(void)
{
	struct timespec ts[2] = {{1, 0}, {1, 0}};

	return esc_verdict("utimensat",
	                   esc_sys(SYS_utimensat, AT_FDCWD, esc_at("outside/file"), ts, 0));
}

static int way_setxattr(void)
{
	return esc_verdict("setxattr",
	                   esc_sys(SYS_setxattr, esc_at("outside/file"), "user.turf", "x", 1, 0));
}

static int way_chown(void)
{
	return esc_verdict("chown", esc_sys(SYS_chown, esc_at("outside/file"), getuid(), getgid()));
}

static const struct esc_way ways[] = {
        {"open", way_open},
        {"openat", way_openat},
        {"openat2", way_openat2},
        {"openat_root", way_openat_root},
        {"open_path", way_open_path},
        {"chdir", way_chdir},
        {"list", way_list},
        {"create", way_create},
        {"append", way_append},
        {"truncate", way_truncate},
        {"mkdir", way_mkdir},
        {"mknod", way_mknod},
        {"symlink", way_symlink},
        {"unlink", way_unlink},
        {"rmdir", way_rmdir},
        {"rename", way_rename},
        {"rename_over", way_rename_over},
        {"exec", way_exec},
        {"stat", way_stat},
        {"access", way_access},
        {"readlink", way_readlink},
        {"inotify", way_inotify},
        {"chmod", way_chmod},
        {"utimes", way_utimes},
        {"setxattr", way_setxattr},
        {"chown", way_chown},
};
ESC_MAIN(ways)
