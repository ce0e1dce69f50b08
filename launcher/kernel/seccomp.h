/*
 * The seccomp filter (seccomp(2)): turf's own small generator. A table of rules, one per system call, sorted by
 * number, becomes classic BPF: architecture check first (foreign ABIs, x32 too, kill the process), then a binary
 * search over ranges with the same answer, so that every call takes the same few steps.
 */
#ifndef TURF_KERNEL_SECCOMP_H
#define TURF_KERNEL_SECCOMP_H

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>

#define TF_SECCOMP_MAX_INSNS 1024

/* What a run leaves open; everything else of the filter is the same for all. */
struct tf_seccomp_opts {
	int network;      /* enum tf_network: 0 none, 1 host, 2 TCP list */
	int may_unix;     /* socket(AF_UNIX) allowed */
	int may_socketpair_only; /* reserved, 0 */
};

struct tf_seccomp {
	struct sock_filter insn[TF_SECCOMP_MAX_INSNS];
	unsigned short len;
};

/* Builds the filter. 0 or -E2BIG. Pure: unit tests run it in an interpreter. */
int tf_seccomp_build(const struct tf_seccomp_opts *opts, struct tf_seccomp *ret);

/* Installs it on the calling thread (no_new_privs set). 0 or -errno, silent. */
int tf_seccomp_enter(const struct tf_seccomp *filter);

#endif
