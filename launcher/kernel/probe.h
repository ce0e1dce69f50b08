/*
 * What this host can do, found out by doing it, never by version numbers. Each probe has a name that
 * `turf info`, `turf doctor` and --require share, and says what it gives, what its absence costs, and the fix.
 */
#ifndef TURF_KERNEL_PROBE_H
#define TURF_KERNEL_PROBE_H

#include <stdint.h>
#include "../base/err.h"

enum tf_probe_id {
	TF_PROBE_LANDLOCK, /* value: ABI */
	TF_PROBE_LANDLOCK_NET,
	TF_PROBE_LANDLOCK_SCOPES,
	TF_PROBE_SECCOMP, /* a filter can be installed */
	TF_PROBE_NOTIFY,  /* user notification listener; value: TF_NOTIFY_* */
	TF_PROBE_OPENAT2,
	TF_PROBE_USERNS,
	TF_PROBE_CGROUP2, /* writable and with controllers; value: TF_CGROUP_* */
	TF_PROBE_CGROUP1, /* the same */
	TF_PROBE_OVERLAY, /* in a user namespace */
	TF_PROBE_PROC,    /* /proc is mounted; value: 0, 1 or 2 as hidepid hides from this user */
	TF_PROBE_PERF,
	TF_PROBE_CRIU,
	TF_PROBE_PASTA,
	TF_PROBE_CNI,
	TF_PROBE_COUNT
};

/* Values of TF_PROBE_NOTIFY. */
#define TF_NOTIFY_ADDFD 1      /* 5.9: inject a descriptor */
#define TF_NOTIFY_ADDFD_SEND 2 /* 5.14: and answer with it in one step */
#define TF_NOTIFY_KILLABLE 4   /* 5.19: a signal does not tear a received call */
#define TF_NOTIFY_SYNC 8       /* 6.6: wakes the listener on the same processor */

struct tf_probe {
	const char *name;  /* "landlock" */
	const char *gives; /* what it gives */
	const char *costs; /* what its absence costs */
	const char *fix;   /* the command or setting that provides it */
	int is_slow; /* needs a child process or writes: only `info`, `doctor` and --require ask */
	/* 1 = there, 0 = not; *ret_value and detail (a short text, e.g. "ABI 7") filled in. */
	int (*run)(int *ret_value, char *detail, unsigned int size);
};
extern const struct tf_probe tf_probes[TF_PROBE_COUNT];

struct tf_probe_result {
	int is_there;
	int value;
	char detail[160];
};

/* Blocks for a few ms at most. Starts and reaps a child of its own when the probe is slow. */
void tf_probe_run(enum tf_probe_id id, struct tf_probe_result *ret);

/* Either cgroup2 or cgroup1: what "cgroup" means to --require. Beyond the bits of enum tf_probe_id. */
#define TF_REQUIRE_CGROUP (1u << 31)

/* "landlock,cgroup" -> bits (1 << id, TF_REQUIRE_CGROUP); err names the unknown word and the known ones. Pure. */
int tf_probe_parse(const char *list, uint32_t *ret_bits, struct tf_err *err);

/* The name of a probe, as in tf_probes; linked without the probes themselves (turf-compile). */
extern const char *const tf_probe_names[TF_PROBE_COUNT];

/* Runs the probes of bits: 0 when all are there, or -EOPNOTSUPP with E_KERNEL naming every missing one. */
int tf_probe_require(uint32_t bits, struct tf_err *err);

#endif
