/*
 * The policy of the seccomp filter: the calls that have no business inside a sandbox. What is not named here is
 * allowed and left to Landlock. Data only; how it becomes BPF is seccomp.c's.
 *
 * Which error: ENOSYS where programs have a way for older kernels and take it (clone3 → clone, io_uring → threads);
 * EPERM where the kernel itself gives it to a user without privilege; EACCES where an option of turf would
 * open it, as Landlock says it too; EAFNOSUPPORT for socket families that turf never opens.
 *
 * Numbers are written out: the headers that turf is built with (6.1) do not know the newer ones.
 */
#include "seccomp_rules.h"

#include <errno.h>
#include <linux/seccomp.h>

#define ALLOW SECCOMP_RET_ALLOW
#define ERR(e) (SECCOMP_RET_ERRNO | (e))
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Tables, one rule a line: clang-format would take them apart. */
/* clang-format off */

/* Conditions. An int or unsigned int argument: the low half alone, since the kernel drops the rest. */
#define IS(arg, v) { 2 * (arg), 0, 0xffffffffu, (v) }
#define NOT(arg, v) { 2 * (arg), 1, 0xffffffffu, (v) }
#define HAS(arg, bits) { 2 * (arg), 1, (bits), 0 }
#define MASKED(arg, mask, v) { 2 * (arg), 0, (mask), (v) }
#define HIGH_IS(arg, v) { 2 * (arg) + 1, 0, 0xffffffffu, (v) }
#define HIGH_NOT(arg, v) { 2 * (arg) + 1, 1, 0xffffffffu, (v) }

/* TIOCSTI types into the terminal of the caller, TIOCLINUX pastes. Only 32 bits of the command count: a filter
 * that compared 64 let TIOCSTI + 2^32 pass (CVE-2019-10063). */
static const struct tf_seccomp_clause ioctl_clauses[] = {
	{ 0, ERR(EPERM), 1, { IS(1, 0x5412) } }, /* TIOCSTI */
	{ 0, ERR(EPERM), 1, { IS(1, 0x541c) } }, /* TIOCLINUX */
};

#define INET_ANY MASKED(0, ~8u, 2) /* AF_INET 2 and AF_INET6 10, nothing else */
#define FAMILY_UNIX IS(0, 1)
#define FAMILY_NETLINK IS(0, 16)
#define TYPE_STREAM MASKED(1, 0xf, 1) /* SOCK_NONBLOCK and SOCK_CLOEXEC stand above the type */
#define TYPE_DGRAM MASKED(1, 0xf, 2)
#define TYPE_SEQPACKET MASKED(1, 0xf, 5)

/*
 * none: no IP at all. host: what any user may open; SOCK_PACKET below AF_INET is refused with the raw types.
 * list: TCP proper alone, since Landlock's port rules hold neither UDP nor MPTCP (262), SCTP (132), SMC (256).
 */
static const struct tf_seccomp_clause socket_clauses[] = {
	{ TF_WHEN_UNIX, ALLOW, 1, { FAMILY_UNIX } },
	{ TF_WHEN_NO_UNIX, ERR(EACCES), 1, { FAMILY_UNIX } },
	{ TF_WHEN_NET_HOST, ALLOW, 2, { INET_ANY, TYPE_STREAM } },
	{ TF_WHEN_NET_HOST, ALLOW, 2, { INET_ANY, TYPE_DGRAM } },
	{ TF_WHEN_NET_HOST, ERR(EPERM), 1, { INET_ANY } },
	/* NETLINK_ROUTE: name service and `ip addr` read the interfaces. The rest talks to host services. */
	{ TF_WHEN_NET_HOST, ALLOW, 2, { FAMILY_NETLINK, IS(2, 0) } },
	{ TF_WHEN_NET_HOST, ERR(EPROTONOSUPPORT), 1, { FAMILY_NETLINK } },
	{ TF_WHEN_NET_LIST, ALLOW, 3, { INET_ANY, TYPE_STREAM, IS(2, 0) } },
	{ TF_WHEN_NET_LIST, ALLOW, 3, { INET_ANY, TYPE_STREAM, IS(2, 6) } },
	{ TF_WHEN_NET_LIST | TF_WHEN_NET_NONE, ERR(EACCES), 1, { INET_ANY } },
	{ TF_WHEN_NET_LIST | TF_WHEN_NET_NONE, ERR(EACCES), 1, { FAMILY_NETLINK } },
};

/*
 * A pair is a pipe with two ends and reaches nobody. Not so a pair of datagram sockets (SOCK_RAW becomes one):
 * each end can still connect(2) or sendto(2) to a name, so that without AF_UNIX the journal and every other
 * datagram service of the host would be open again.
 */
static const struct tf_seccomp_clause socketpair_clauses[] = {
	{ TF_WHEN_UNIX, ALLOW, 1, { FAMILY_UNIX } },
	{ 0, ALLOW, 2, { FAMILY_UNIX, TYPE_STREAM } },
	{ 0, ALLOW, 2, { FAMILY_UNIX, TYPE_SEQPACKET } },
	{ 0, ERR(EACCES), 1, { FAMILY_UNIX } },
};

/* MSG_FASTOPEN connects without connect(2), past Landlock's port rules. */
#define FASTOPEN 0x20000000u
#define NOT_HOST (TF_WHEN_NET_NONE | TF_WHEN_NET_LIST)
static const struct tf_seccomp_clause sendto_clauses[] = {
	{ NOT_HOST, ERR(EPERM), 1, { HAS(3, FASTOPEN) } },
};
static const struct tf_seccomp_clause sendmsg_clauses[] = {
	{ NOT_HOST, ERR(EPERM), 1, { HAS(2, FASTOPEN) } },
};

/* listen(2) without bind(2) takes any free port, and Landlock is not asked. */
static const struct tf_seccomp_clause listen_clauses[] = {
	{ TF_WHEN_CONNECT_ONLY, ERR(EACCES), 0, { { 0, 0, 0, 0 } } },
};

/* Everything that makes a namespace, CLONE_NEWNS to CLONE_NEWNET. clone(2) looks at the low half alone;
 * CLONE_NEWTIME lies in its signal number and means a namespace to unshare(2) only. */
#define NEW_NAMESPACES 0x7e020000u
static const struct tf_seccomp_clause clone_clauses[] = {
	{ 0, ERR(EPERM), 1, { HAS(0, NEW_NAMESPACES) } },
};
static const struct tf_seccomp_clause unshare_clauses[] = {
	{ 0, ERR(EPERM), 1, { HAS(0, NEW_NAMESPACES | 0x80) } },
	{ 0, ERR(EPERM), 1, { HIGH_NOT(0, 0) } }, /* no such flag yet: newer kernels may put one there */
};

/* PER_LINUX, PER_LINUX32, each with UNAME26; ADDR_NO_RANDOMIZE for debuggers; the query. Never READ_IMPLIES_EXEC. */
static const struct tf_seccomp_clause personality_clauses[] = {
	{ 0, ALLOW, 1, { MASKED(0, ~0x20008u, 0) } },
	{ 0, ALLOW, 1, { IS(0, 0x40000) } },
	{ 0, ALLOW, 1, { IS(0, 0xffffffffu) } },
};

/* A process may lower its own limits, but RLIMIT_RTTIME (15) is the tag by which turf finds the members of
 * a sandbox, and other processes of the user are not its business. Reading is free. */
static const struct tf_seccomp_clause prlimit_clauses[] = {
	{ 0, ALLOW, 2, { IS(2, 0), HIGH_IS(2, 0) } },
	{ 0, ERR(EPERM), 1, { NOT(0, 0) } },
	{ 0, ERR(EPERM), 1, { IS(1, 15) } },
};
static const struct tf_seccomp_clause setrlimit_clauses[] = {
	{ 0, ERR(EPERM), 1, { IS(0, 15) } },
};

/* Scheduling: itself only. The filter cannot know the caller's own ids, so 0 it is (libturf maps them). */
static const struct tf_seccomp_clause other_pid_clauses[] = {
	{ 0, ERR(EPERM), 1, { NOT(0, 0) } },
};
static const struct tf_seccomp_clause setpriority_clauses[] = {
	{ 0, ALLOW, 2, { IS(0, 0), IS(1, 0) } }, /* PRIO_PROCESS */
};
static const struct tf_seccomp_clause ioprio_clauses[] = {
	{ 0, ALLOW, 2, { IS(0, 1), IS(1, 0) } }, /* IOPRIO_WHO_PROCESS */
};

/*
 * A set-id file that a run leaves behind would lend its user's rights to everybody else on the host. Only these calls can make one:
 * what open(2) and mknod(2) create with such a mode is empty, and writing to it takes the bits away.
 */
#define SET_ID 06000u
static const struct tf_seccomp_clause chmod_clauses[] = {
	{ 0, ERR(EPERM), 1, { HAS(1, SET_ID) } },
};
static const struct tf_seccomp_clause fchmodat_clauses[] = {
	{ 0, ERR(EPERM), 1, { HAS(2, SET_ID) } },
};

#define DENY(nr, name) { nr, nr, #name, ERR(EPERM), 0, 0 }
#define NONE(nr, name) { nr, nr, #name, ERR(ENOSYS), 0, 0 }
#define ASK(nr, name, otherwise, clauses) { nr, nr, #name, otherwise, clauses, COUNT(clauses) }

const struct tf_seccomp_rule tf_seccomp_rules[] = {
	ASK(16, ioctl, ALLOW, ioctl_clauses),
	/* SysV IPC is one space for all processes of the host, and Landlock does not know it. */
	DENY(29, shmget),
	DENY(30, shmat),
	DENY(31, shmctl),
	ASK(41, socket, ERR(EAFNOSUPPORT), socket_clauses),
	ASK(44, sendto, ALLOW, sendto_clauses),
	ASK(46, sendmsg, ALLOW, sendmsg_clauses),
	ASK(50, listen, ALLOW, listen_clauses),
	ASK(53, socketpair, ERR(EAFNOSUPPORT), socketpair_clauses),
	ASK(56, clone, ALLOW, clone_clauses),
	DENY(64, semget),
	DENY(65, semop),
	DENY(66, semctl),
	DENY(67, shmdt),
	DENY(68, msgget),
	DENY(69, msgsnd),
	DENY(70, msgrcv),
	DENY(71, msgctl),
	ASK(90, chmod, ALLOW, chmod_clauses),
	ASK(91, fchmod, ALLOW, chmod_clauses),
	DENY(103, syslog), /* the kernel's log, not syslog(3) */
	DENY(134, uselib),
	ASK(135, personality, ERR(EPERM), personality_clauses),
	ASK(141, setpriority, ERR(EPERM), setpriority_clauses),
	ASK(142, sched_setparam, ALLOW, other_pid_clauses),
	ASK(144, sched_setscheduler, ALLOW, other_pid_clauses),
	DENY(153, vhangup),
	DENY(155, pivot_root),
	DENY(156, _sysctl),
	DENY(159, adjtimex),
	ASK(160, setrlimit, ALLOW, setrlimit_clauses),
	DENY(161, chroot),
	DENY(163, acct),
	DENY(164, settimeofday),
	DENY(165, mount),
	DENY(166, umount2),
	DENY(167, swapon),
	DENY(168, swapoff),
	DENY(169, reboot),
	DENY(170, sethostname),
	DENY(171, setdomainname),
	DENY(172, iopl),
	DENY(173, ioperm),
	DENY(174, create_module),
	DENY(175, init_module),
	DENY(176, delete_module),
	DENY(177, get_kernel_syms),
	DENY(178, query_module),
	DENY(179, quotactl),
	DENY(180, nfsservctl),
	ASK(203, sched_setaffinity, ALLOW, other_pid_clauses),
	DENY(212, lookup_dcookie),
	DENY(220, semtimedop),
	DENY(227, clock_settime),
	DENY(241, mq_unlink), /* Landlock refuses mq_open, but lets a queue of the host be removed */
	DENY(246, kexec_load),
	DENY(248, add_key),
	DENY(249, request_key),
	DENY(250, keyctl),
	ASK(251, ioprio_set, ERR(EPERM), ioprio_clauses),
	ASK(256, migrate_pages, ALLOW, other_pid_clauses),
	ASK(268, fchmodat, ALLOW, fchmodat_clauses),
	ASK(272, unshare, ALLOW, unshare_clauses),
	ASK(279, move_pages, ALLOW, other_pid_clauses),
	DENY(298, perf_event_open),
	DENY(300, fanotify_init),
	DENY(301, fanotify_mark),
	ASK(302, prlimit64, ALLOW, prlimit_clauses),
	DENY(303, name_to_handle_at),
	DENY(304, open_by_handle_at),
	DENY(305, clock_adjtime),
	ASK(307, sendmmsg, ALLOW, sendto_clauses),
	DENY(308, setns),
	DENY(313, finit_module),
	ASK(314, sched_setattr, ALLOW, other_pid_clauses),
	DENY(320, kexec_file_load),
	DENY(321, bpf),
	DENY(323, userfaultfd),
	/* 335 and 336 are uretprobe and uprobe, which the kernel's own trampolines call. */
	{ 337, 423, "(unused)", ERR(ENOSYS), 0, 0 },
	NONE(425, io_uring_setup), /* the filter sees no call that goes through a ring */
	NONE(426, io_uring_enter),
	NONE(427, io_uring_register),
	DENY(428, open_tree),
	DENY(429, move_mount),
	DENY(430, fsopen),
	DENY(431, fsconfig),
	DENY(432, fsmount),
	DENY(433, fspick),
	NONE(435, clone3), /* its flags lie in memory, where no filter can look */
	DENY(442, mount_setattr),
	DENY(443, quotactl_fd),
	ASK(452, fchmodat2, ALLOW, fchmodat_clauses),
	DENY(457, statmount),
	DENY(458, listmount),
	DENY(467, open_tree_attr),
	/* Newer than this table, file_setattr: what it does is not known, so it is not there. */
	{ TF_SECCOMP_LAST_KNOWN + 1, 0x3fffffff, "(newer)", ERR(ENOSYS), 0, 0 },
};
const unsigned int tf_seccomp_nrules = COUNT(tf_seccomp_rules);
/* clang-format on */
