/*
 * What this host can do, found out by doing it, never by version numbers. Each probe has a name that
 * `turf info`, `turf doctor` and --require share, and says what it gives, what its absence costs, and the fix.
 */
#ifndef TURF_KERNEL_PROBE_H
#define TURF_KERNEL_PROBE_H

#include <stdint.h>
#include "../base/err.h"

enum tf_probe_id {
	TF_PROBE_LANDLOCK,   /* value: ABI */
	TF_PROBE_LANDLOCK_NET,
	TF_PROBE_LANDLOCK_SCOPES,
	TF_PROBE_SECCOMP,    /* a filter can be installed */
	TF_PROBE_NOTIFY,     /* user notification listener; value: bits for addfd, addfd+send, killable, sync wake-up */
	TF_PROBE_OPENAT2,
	TF_PROBE_USERNS,
	TF_PROBE_CGROUP2,    /* writable or not */
	TF_PROBE_CGROUP1,
	TF_PROBE_OVERLAY,    /* in a user namespace */
	TF_PROBE_PROC,       /* /proc mounted, hidepid or not */
	TF_PROBE_PERF,
	TF_PROBE_CRIU,
	TF_PROBE_PASTA,
	TF_PROBE_CNI,
	TF_PROBE_COUNT
};

struct tf_probe {
	const char *name;   /* "landlock" */
	const char *gives;  /* what it gives */
	const char *costs;  /* what its absence costs */
	const char *fix;    /* the command or setting that provides it */
	int is_slow;        /* needs a child process: only `info` and `doctor` and --require ask */
	/* 1 = there, 0 = not; *ret_value and detail (a short text, e.g. "ABI 7") filled in. */
	int (*run)(int *ret_value, char *detail, unsigned int size);
};
extern const struct tf_probe tf_probes[TF_PROBE_COUNT];

struct tf_probe_result {
	int is_there;
	int value;
	char detail[160];
};
void tf_probe_run(enum tf_probe_id id, struct tf_probe_result *ret);

/* "landlock,cgroup" -> bits; err names the unknown word and the known ones. */
int tf_probe_parse(const char *list, uint32_t *ret_bits, struct tf_err *err);

#endif
