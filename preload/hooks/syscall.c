/*
 * syscall(2): by number. Path calls go where libc's functions of the same name go, all others straight to the kernel after
 * one look at a byte. A number beyond the last known one is -ENOSYS, as on an older kernel: nobody here knows whether it
 * takes a path.
 */
#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utime.h>

#include "openat2.h"
#include "socket.h"

/* Numbers that the headers of Linux 6.1 do not have yet. */
#define NR_FCHMODAT2 452
#define NR_STATMOUNT 457
#define NR_LISTMOUNT 458
#define NR_SETXATTRAT 463
#define NR_GETXATTRAT 464
#define NR_LISTXATTRAT 465
#define NR_REMOVEXATTRAT 466
#define NR_OPEN_TREE_ATTR 467
#define NR_FILE_GETATTR 468
#define NR_FILE_SETATTR 469
#define NR_LAST 469 /* Linux 6.17 */

TF_EXPORT long tf_hook_syscall(long nr, long a, long b, long c, long d, long e, long f)
        TF_NAMED(syscall);

/* ---- calls that no libc function stands for ---- */

static unsigned int link_rule(long flags)
{
	return flags & AT_SYMLINK_NOFOLLOW ? TF_HOW_NOFOLLOW : TF_HOW_FOLLOW;
}

/* nr(dirfd, path, ...) with its AT_* flags among the other arguments. */
static long read_at(long nr, const long a[6], long flags)
{
	return tf_rt_ret(tf_call_at(nr, (int)a[0], (const char *)a[1], link_rule(flags), a + 2));
}

static long change_at(long nr, const long a[6], long flags)
{
	return tf_rt_ret(tf_call_change(nr, (int)a[0], (const char *)a[1], (int)flags, a + 2));
}

/* The call counts the NUL; the function gives back the buffer. */
static long getcwd_call(char *buf, size_t size)
{
	int n = buf ? tf_rt_getcwd(buf, size) : -EFAULT;

	return tf_rt_ret(n < 0 ? n : n + 1);
}

static long ioprio_set_call(const long a[6])
{
	const int who_process = 1; /* IOPRIO_WHO_PROCESS; means one thread */
	int is_own = a[0] == who_process && a[1] && tf_sys(SYS_gettid) == a[1];

	return tf_rt_ret(tf_sys(SYS_ioprio_set, a[0], is_own ? 0 : a[1], a[2]));
}

/* nr(pid, ...) where own (SYS_gettid or SYS_getpid) says which pid is the caller's: 0 to the wall. */
static long self_call(long nr, const long a[6], long own)
{
	long pid = (int)a[0];

	if (pid && tf_sys(own) == pid)
		pid = 0;
	return tf_rt_ret(tf_sys(nr, pid, a[1], a[2], a[3], a[4], a[5]));
}

/* ---- the table: number, what is done; I, U, L, P read argument n ---- */

#define I(n) ((int)a[n])
#define U(n) ((unsigned int)a[n])
#define L(n) (a[n])
#define P(n) ((void *)a[n])
#define REFUSED(error) tf_rt_ret(-(error))

#define FILE_CALLS(X)                                                                              \
	X(SYS_open, open(P(0), I(1), U(2)))                                                        \
	X(SYS_openat, openat(I(0), P(1), I(2), U(3)))                                              \
	X(SYS_openat2, tf_rt_ret(tf_hook_openat2(I(0), P(1), P(2), (size_t)L(3))))                 \
	X(SYS_creat, creat(P(0), U(1)))                                                            \
	X(SYS_stat, stat(P(0), P(1)))                                                              \
	X(SYS_lstat, lstat(P(0), P(1)))                                                            \
	X(SYS_newfstatat, fstatat(I(0), P(1), P(2), I(3)))                                         \
	X(SYS_statx, statx(I(0), P(1), I(2), U(3), P(4)))                                          \
	X(SYS_access, access(P(0), I(1)))                                                          \
	X(SYS_faccessat, faccessat(I(0), P(1), I(2), 0))                                           \
	X(SYS_faccessat2, faccessat(I(0), P(1), I(2), I(3)))                                       \
	X(SYS_readlink, readlink(P(0), P(1), (size_t)I(2)))                                        \
	X(SYS_readlinkat, readlinkat(I(0), P(1), P(2), (size_t)I(3)))                              \
	X(SYS_statfs, statfs(P(0), P(1)))                                                          \
	X(SYS_chdir, chdir(P(0)))                                                                  \
	X(SYS_fchdir, fchdir(I(0)))                                                                \
	X(SYS_getcwd, getcwd_call(P(0), (size_t)L(1)))                                             \
	X(SYS_inotify_add_watch, inotify_add_watch(I(0), P(1), U(2)))                              \
	X(SYS_fanotify_mark, fanotify_mark(I(0), U(1), (uint64_t)L(2), I(3), P(4)))                \
	X(SYS_execve, execve(P(0), P(1), P(2)))                                                    \
	X(SYS_execveat, execveat(I(0), P(1), P(2), P(3), I(4)))

#define NAME_CALLS(X)                                                                              \
	X(SYS_mkdir, mkdir(P(0), U(1)))                                                            \
	X(SYS_mkdirat, mkdirat(I(0), P(1), U(2)))                                                  \
	X(SYS_mknod, mknod(P(0), U(1), U(2)))                                                      \
	X(SYS_mknodat, mknodat(I(0), P(1), U(2), U(3)))                                            \
	X(SYS_rmdir, rmdir(P(0)))                                                                  \
	X(SYS_unlink, unlink(P(0)))                                                                \
	X(SYS_unlinkat, unlinkat(I(0), P(1), I(2)))                                                \
	X(SYS_link, link(P(0), P(1)))                                                              \
	X(SYS_linkat, linkat(I(0), P(1), I(2), P(3), I(4)))                                        \
	X(SYS_symlink, symlink(P(0), P(1)))                                                        \
	X(SYS_symlinkat, symlinkat(P(0), I(1), P(2)))                                              \
	X(SYS_rename, rename(P(0), P(1)))                                                          \
	X(SYS_renameat, renameat(I(0), P(1), I(2), P(3)))                                          \
	X(SYS_renameat2, renameat2(I(0), P(1), I(2), P(3), U(4)))

#define ATTRIBUTE_CALLS(X)                                                                         \
	X(SYS_chmod, chmod(P(0), U(1)))                                                            \
	X(SYS_fchmod, fchmod(I(0), U(1)))                                                          \
	X(SYS_fchmodat, fchmodat(I(0), P(1), U(2), 0))                                             \
	X(NR_FCHMODAT2, change_at(NR_FCHMODAT2, a, L(3)))                                          \
	X(SYS_chown, chown(P(0), U(1), U(2)))                                                      \
	X(SYS_lchown, lchown(P(0), U(1), U(2)))                                                    \
	X(SYS_fchown, fchown(I(0), U(1), U(2)))                                                    \
	X(SYS_fchownat, fchownat(I(0), P(1), U(2), U(3), I(4)))                                    \
	X(SYS_utime, utime(P(0), P(1)))                                                            \
	X(SYS_utimes, utimes(P(0), P(1)))                                                          \
	X(SYS_futimesat, futimesat(I(0), P(1), P(2)))                                              \
	X(SYS_utimensat, change_at(SYS_utimensat, a, L(3)))                                        \
	X(SYS_truncate, truncate(P(0), L(1)))                                                      \
	X(SYS_setxattr, setxattr(P(0), P(1), P(2), (size_t)L(3), I(4)))                            \
	X(SYS_lsetxattr, lsetxattr(P(0), P(1), P(2), (size_t)L(3), I(4)))                          \
	X(SYS_fsetxattr, fsetxattr(I(0), P(1), P(2), (size_t)L(3), I(4)))                          \
	X(SYS_getxattr, getxattr(P(0), P(1), P(2), (size_t)L(3)))                                  \
	X(SYS_lgetxattr, lgetxattr(P(0), P(1), P(2), (size_t)L(3)))                                \
	X(SYS_listxattr, listxattr(P(0), P(1), (size_t)L(2)))                                      \
	X(SYS_llistxattr, llistxattr(P(0), P(1), (size_t)L(2)))                                    \
	X(SYS_removexattr, removexattr(P(0), P(1)))                                                \
	X(SYS_lremovexattr, lremovexattr(P(0), P(1)))                                              \
	X(SYS_fremovexattr, fremovexattr(I(0), P(1)))                                              \
	X(NR_SETXATTRAT, change_at(NR_SETXATTRAT, a, L(2)))                                        \
	X(NR_GETXATTRAT, read_at(NR_GETXATTRAT, a, L(2)))                                          \
	X(NR_LISTXATTRAT, read_at(NR_LISTXATTRAT, a, L(2)))                                        \
	X(NR_REMOVEXATTRAT, change_at(NR_REMOVEXATTRAT, a, L(2)))                                  \
	X(NR_FILE_GETATTR, read_at(NR_FILE_GETATTR, a, L(4)))                                      \
	X(NR_FILE_SETATTR, change_at(NR_FILE_SETATTR, a, L(4)))

#define SOCKET_CALLS(X)                                                                            \
	X(SYS_bind, bind(I(0), P(1), U(2)))                                                        \
	X(SYS_connect, connect(I(0), P(1), U(2)))                                                  \
	X(SYS_accept, accept(I(0), P(1), P(2)))                                                    \
	X(SYS_accept4, accept4(I(0), P(1), P(2), I(3)))                                            \
	X(SYS_getsockname, getsockname(I(0), P(1), P(2)))                                          \
	X(SYS_getpeername, getpeername(I(0), P(1), P(2)))                                          \
	X(SYS_sendto, sendto(I(0), P(1), (size_t)L(2), I(3), P(4), U(5)))                          \
	X(SYS_recvfrom, recvfrom(I(0), P(1), (size_t)L(2), I(3), P(4), P(5)))                      \
	X(SYS_sendmsg, sendmsg(I(0), P(1), I(2)))                                                  \
	X(SYS_recvmsg, recvmsg(I(0), P(1), I(2)))                                                  \
	X(SYS_sendmmsg, sendmmsg(I(0), P(1), U(2), I(3)))                                          \
	X(SYS_recvmmsg, recvmmsg(I(0), P(1), U(2), I(3), P(4)))

#define SELF_CALLS(X)                                                                              \
	X(SYS_sched_setaffinity, sched_setaffinity(I(0), (size_t)U(1), P(2)))                      \
	X(SYS_sched_setscheduler, sched_setscheduler(I(0), I(1), P(2)))                            \
	X(SYS_sched_setparam, sched_setparam(I(0), P(1)))                                          \
	X(SYS_sched_setattr, self_call(SYS_sched_setattr, a, SYS_gettid))                          \
	X(SYS_setpriority, setpriority(U(0), U(1), I(2)))                                          \
	X(SYS_ioprio_set, ioprio_set_call(a))                                                      \
	X(SYS_move_pages, self_call(SYS_move_pages, a, SYS_getpid))                                \
	X(SYS_migrate_pages, self_call(SYS_migrate_pages, a, SYS_getpid))                          \
	X(SYS_prlimit64, prlimit(I(0), U(1), P(2), P(3)))

/* io_uring opens files by itself; message queues are the host's; the rest is hooks.def's mount family. */
#define REFUSED_CALLS(X)                                                                           \
	X(SYS_io_uring_setup, REFUSED(ENOSYS))                                                     \
	X(SYS_uselib, REFUSED(EPERM))                                                              \
	X(SYS_mq_open, REFUSED(ENOSYS))                                                            \
	X(SYS_mq_unlink, REFUSED(ENOSYS))                                                          \
	X(SYS_name_to_handle_at, REFUSED(EPERM))                                                   \
	X(SYS_open_by_handle_at, REFUSED(EPERM))                                                   \
	X(SYS_mount, REFUSED(EPERM))                                                               \
	X(SYS_umount2, REFUSED(EPERM))                                                             \
	X(SYS_pivot_root, REFUSED(EPERM))                                                          \
	X(SYS_chroot, REFUSED(EPERM))                                                              \
	X(SYS_swapon, REFUSED(EPERM))                                                              \
	X(SYS_swapoff, REFUSED(EPERM))                                                             \
	X(SYS_acct, REFUSED(EPERM))                                                                \
	X(SYS_quotactl, REFUSED(EPERM))                                                            \
	X(SYS_open_tree, REFUSED(EPERM))                                                           \
	X(NR_STATMOUNT, REFUSED(EPERM))                                                            \
	X(NR_LISTMOUNT, REFUSED(EPERM))                                                            \
	X(NR_OPEN_TREE_ATTR, REFUSED(EPERM))                                                       \
	X(SYS_move_mount, REFUSED(EPERM))                                                          \
	X(SYS_fsopen, REFUSED(EPERM))                                                              \
	X(SYS_fsconfig, REFUSED(EPERM))                                                            \
	X(SYS_fsmount, REFUSED(EPERM))                                                             \
	X(SYS_fspick, REFUSED(EPERM))                                                              \
	X(SYS_mount_setattr, REFUSED(EPERM))

#define CALLS(X)                                                                                   \
	FILE_CALLS(X)                                                                              \
	NAME_CALLS(X) ATTRIBUTE_CALLS(X) SOCKET_CALLS(X) SELF_CALLS(X) REFUSED_CALLS(X)

#define MARK(nr, call) [nr] = 1,
static const unsigned char is_ours[NR_LAST + 1] = {CALLS(MARK)};

#define CASE(nr, call)                                                                             \
	case nr:                                                                                   \
		return call;

/* Functions of type int widen by themselves: -1 stays -1. */
static long dispatch(long nr, const long a[6])
{
	switch (nr) {
		CALLS(CASE)
	}
	return tf_rt_ret(-ENOSYS);
}

long tf_hook_syscall(long nr, long a, long b, long c, long d, long e, long f)
{
	if (__builtin_expect((unsigned long)nr > NR_LAST || is_ours[nr], 0) && tf_rt_view()) {
		const long args[6] = {a, b, c, d, e, f};

		return dispatch(nr, args);
	}
	return tf_rt_ret(tf_sys6(nr, a, b, c, d, e, f));
}
