/*
 * Probes that change the process that asks: each runs in a child, which tells its parent how far it came and ends.
 * Mounts and namespaces go with it.
 */
#include "probe_run.h"
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Longer than this and the probe counts as failed (SIGALRM ends the child). */
#define CHILD_SECONDS 2

/* What a child says: how far it came, and why not further. */
struct finding {
	int is_there;
	int value;
	int error;        /* errno */
	const char *step; /* the same address in parent and child */
};

static int failed(struct finding *f, const char *step)
{
	f->error = errno;
	f->step = step;
	return -1;
}

static int read_finding(int fd, pid_t pid, struct finding *ret)
{
	struct finding f;
	ssize_t n;
	int status;

	do
		n = read(fd, &f, sizeof(f));
	while (n < 0 && errno == EINTR);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (n != sizeof(f))
		return -EPROTO;
	*ret = f;
	return 0;
}

/* Runs work in a child. 0 with *ret, or -errno when there was no child or it died without a word. */
static int in_child(void (*work)(struct finding *f), struct finding *ret)
{
	struct finding f = {0, 0, 0, ""};
	int pipes[2], rc;
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (!pid) {
		alarm(CHILD_SECONDS);
		work(&f);
		_exit(write(pipes[1], &f, sizeof(f)) != sizeof(f));
	}
	rc = -errno;
	close(pipes[1]);
	if (pid > 0)
		rc = read_finding(pipes[0], pid, ret);
	close(pipes[0]);
	return rc;
}

/* The common end of these probes: what to say. */
static int report(void (*work)(struct finding *f), struct finding *f, char *detail,
                  unsigned int size)
{
	int rc = in_child(work, f);

	if (rc) {
		snprintf(detail, size, "the probe's child failed: %s", strerror(-rc));
		return 0;
	}
	if (!f->is_there)
		snprintf(detail, size, "%s: %s", f->step, strerror(f->error));
	return f->is_there;
}

/* ---- user notification ---- */

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1ul << 5)
#endif
#define NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#define NOTIF_SYNC_WAKE_UP 1ul

/* A filter with a listener, on a call that this child never makes. */
static int open_listener(void)
{
	struct sock_filter insn[] = {
	        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_acct, 0, 1),
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = {sizeof(insn) / sizeof(insn[0]), insn};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
	                    &prog);
}

/* There is no such notification, so a kernel that knows the call and its flags says ENOENT. */
static int knows_addfd(int listener, unsigned int flags)
{
	struct seccomp_notif_addfd add = {.id = 1, .flags = flags, .srcfd = (unsigned int)listener};

	return ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add) && errno == ENOENT;
}

/* Flags are looked at before the missing program is: EFAULT means known. */
static int knows_killable(void)
{
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
	               SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
	               NULL) &&
	       errno == EFAULT;
}

static void try_notify(struct finding *f)
{
	int listener = open_listener();

	if (listener < 0) {
		failed(f, errno == EBUSY ? "another supervisor listens" : "no listener");
		return;
	}
	f->is_there = 1;
	f->value |= knows_addfd(listener, 0) ? TF_NOTIFY_ADDFD : 0;
	f->value |= knows_addfd(listener, SECCOMP_ADDFD_FLAG_SEND) ? TF_NOTIFY_ADDFD_SEND : 0;
	f->value |= knows_killable() ? TF_NOTIFY_KILLABLE : 0;
	f->value |= ioctl(listener, NOTIF_SET_FLAGS, NOTIF_SYNC_WAKE_UP) ? 0 : TF_NOTIFY_SYNC;
}

int tf_probe_notify(int *ret_value, char *detail, unsigned int size)
{
	struct finding f;

	if (!report(try_notify, &f, detail, size))
		return 0;
	*ret_value = f.value;
	snprintf(detail, size, "listener%s%s%s%s", f.value & TF_NOTIFY_ADDFD ? ", addfd" : "",
	         f.value & TF_NOTIFY_ADDFD_SEND ? ", addfd+send" : "",
	         f.value & TF_NOTIFY_KILLABLE ? ", killable wait" : "",
	         f.value & TF_NOTIFY_SYNC ? ", sync wake-up" : "");
	return 1;
}

/* ---- namespaces ---- */

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
	return n < 0 ? -1 : 0;
}

/*
 * A user namespace with a mount namespace, its user mapped, and a mount call made in it: some distributions let it be
 * made and then take the capabilities away.
 */
static int enter_userns(struct finding *f)
{
	char uids[32], gids[32];

	snprintf(uids, sizeof(uids), "0 %u 1", (unsigned int)geteuid());
	snprintf(gids, sizeof(gids), "0 %u 1", (unsigned int)getegid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS))
		return failed(f, "unshare");
	write_file("/proc/self/setgroups", "deny"); /* not there before 3.19 */
	/* The group too: files that are made by one that is not mapped have no owner (EOVERFLOW). */
	if (write_file("/proc/self/uid_map", uids) || write_file("/proc/self/gid_map", gids))
		return failed(f, "mapping the user");
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return failed(f, "made, but mounting in it is refused");
	return 0;
}

static void try_userns(struct finding *f)
{
	f->is_there = !enter_userns(f);
}

int tf_probe_userns(int *ret_value, char *detail, unsigned int size)
{
	struct finding f;

	if (!report(try_userns, &f, detail, size))
		return 0;
	snprintf(detail, size, "user and mount namespace");
	return 1;
}

static int make_dirs(void)
{
	return mkdir("lower", 0700) || mkdir("upper", 0700) || mkdir("work", 0700) ||
	       mkdir("merged", 0700);
}

static void try_overlay(struct finding *f)
{
	/* userxattr (5.11): without it whiteouts need privileges that no user namespace has. */
	const char *options = "lowerdir=lower,upperdir=upper,workdir=work,userxattr";

	if (enter_userns(f))
		return;
	if (mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "size=1m") || chdir("/tmp"))
		failed(f, "tmpfs");
	else if (make_dirs() || mount("overlay", "merged", "overlay", 0, options))
		failed(f, "overlay");
	else
		f->is_there = 1;
}

int tf_probe_overlay(int *ret_value, char *detail, unsigned int size)
{
	struct finding f;

	if (!report(try_overlay, &f, detail, size))
		return 0;
	snprintf(detail, size, "in a user namespace");
	return 1;
}
