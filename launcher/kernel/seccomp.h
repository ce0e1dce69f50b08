/*
 * The seccomp filter (seccomp(2)): turf's own small generator. A table of rules (seccomp_rules.c), one per system
 * call, sorted by number, becomes classic BPF: architecture check first (foreign ABIs, x32 too, kill the process),
 * then a binary search over ranges of numbers with the same answer.
 *
 * Size and depth (held by tests/unit/test_seccomp.c): at most TF_SECCOMP_SIZE instructions, and at most
 * TF_SECCOMP_DEPTH of them run for a call whose answer does not depend on arguments. An allowed one of those
 * runs none at all from Linux 5.11 on: the kernel finds out at installation that its answer is constant.
 */
#ifndef TURF_KERNEL_SECCOMP_H
#define TURF_KERNEL_SECCOMP_H

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>

#define TF_SECCOMP_MAX_INSNS 1024
#define TF_SECCOMP_SIZE 210
#define TF_SECCOMP_DEPTH 14

/* What a run leaves open; everything else of the filter is the same for all. */
struct tf_seccomp_opts {
	int network;         /* enum tf_network: 0 none, 1 host, 2 TCP list */
	int may_unix;        /* socket(AF_UNIX) allowed, and so connecting to sockets by name */
	int is_connect_only; /* list: no port to bind was granted, so listen(2) is refused too */
};

struct tf_seccomp {
	struct sock_filter insn[TF_SECCOMP_MAX_INSNS];
	unsigned short len;
};

/* Builds the filter. 0, -EINVAL (unknown network) or -E2BIG. Pure: unit tests run it in an interpreter. */
int tf_seccomp_build(const struct tf_seccomp_opts *opts, struct tf_seccomp *ret);

/*
 * Installs it on the calling thread (no_new_privs set). 0 or -errno, silent; async-signal-safe: called in the
 * child between clone and exec.
 */
int tf_seccomp_enter(const struct tf_seccomp *filter);

/*
 * Whether this kernel takes filters with turf's actions from this process, asked without installing one
 * (no child process, under 1 µs). 1 or 0.
 */
int tf_seccomp_is_there(void);

#endif
