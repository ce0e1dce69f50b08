/*
 * Attack 37: namespaces of our own, in which the program would be root: a user namespace by each call that
 * makes one, then mount, pivot_root, chroot, setns, the newer mount calls.
 * An escape: a call that works.
 */
#include <linux/sched.h>
#include <sched.h>
#include <sys/mount.h>

#include "escape.h"

#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif

static int way_unshare(void)
{
	return esc_verdict("unshare", esc_sys(SYS_unshare, CLONE_NEWUSER));
}

static int way_clone(void)
{
	long pid = esc_sys(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		_exit(0);
	return esc_verdict("clone", pid);
}

static int way_clone3(void)
{
	struct clone_args args = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
	long pid = esc_sys(SYS_clone3, &args, sizeof(args));

	if (pid == 0)
		_exit(0);
	return esc_verdict("clone3", pid);
}

static int way_mount(void)
{
	esc_sys(SYS_unshare, CLONE_NEWUSER | CLONE_NEWNS);
	return esc_verdict("mount", esc_sys(SYS_mount, "none", "/", "", MS_REC | MS_PRIVATE, 0));
}

static int way_tmpfs(void)
{
	esc_sys(SYS_unshare, CLONE_NEWUSER | CLONE_NEWNS);
	return esc_verdict("mount", esc_sys(SYS_mount, "tmpfs", "/mnt", "tmpfs", 0, 0));
}

static int way_fsopen(void)
{
	esc_sys(SYS_unshare, CLONE_NEWUSER | CLONE_NEWNS);
	return esc_verdict("fsopen", esc_sys(SYS_fsopen, "tmpfs", 0));
}

static int way_open_tree(void)
{
	esc_sys(SYS_unshare, CLONE_NEWUSER | CLONE_NEWNS);
	return esc_verdict("open_tree", esc_sys(SYS_open_tree, AT_FDCWD, "/",
	                                        1 | AT_RECURSIVE /* OPEN_TREE_CLONE */));
}

static int way_pivot_root(void)
{
	esc_sys(SYS_unshare, CLONE_NEWUSER | CLONE_NEWNS);
	esc_sys(SYS_mount, "none", "/", "", MS_REC | MS_PRIVATE, 0);
	esc_sys(SYS_mount, "tmpfs", "/mnt", "tmpfs", 0, 0);
	esc_sys(SYS_chdir, "/mnt");
	return esc_verdict("pivot_root", esc_sys(SYS_pivot_root, ".", "."));
}

static int way_chroot(void)
{
	esc_sys(SYS_unshare, CLONE_NEWUSER);
	return esc_verdict("chroot", esc_sys(SYS_chroot, "/usr"));
}

/* The namespaces of a child that made its own. */
static int way_setns(void)
{
	char path[64], byte;
	int ready[2];

	if (pipe(ready) < 0)
		return CANNOT;
	pid_t pid = fork();
	if (pid == 0) {
		long r = esc_sys(SYS_unshare, CLONE_NEWUSER);
		if (write(ready[1], r < 0 ? "n" : "y", 1) == 1)
			sleep(5);
		_exit(0);
	}
	if (pid < 0 || read(ready[0], &byte, 1) != 1)
		return CANNOT;
	snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	long fd = esc_sys(SYS_open, path, O_RDONLY);
	int verdict =
	        fd < 0 ? esc_verdict(path, fd) : esc_verdict("setns", esc_sys(SYS_setns, fd, 0));
	kill(pid, SIGKILL);
	return verdict;
}

static int way_cgroup(void)
{
	esc_sys(SYS_unshare, CLONE_NEWUSER);
	return esc_verdict("unshare", esc_sys(SYS_unshare, CLONE_NEWCGROUP));
}

static const struct esc_way ways[] = {
        {"unshare", way_unshare},     {"clone", way_clone},           {"clone3", way_clone3},
        {"mount", way_mount},         {"tmpfs", way_tmpfs},           {"fsopen", way_fsopen},
        {"open_tree", way_open_tree}, {"pivot_root", way_pivot_root}, {"chroot", way_chroot},
        {"setns", way_setns},         {"cgroup", way_cgroup},
};
ESC_MAIN(ways)
