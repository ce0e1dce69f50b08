/*
 * Resource limits of the calling process, and the tag that marks the members of a sandbox. All functions are
 * silent and async-signal-safe: called in the child between clone and exec.
 */
#ifndef TURF_KERNEL_RLIMIT_H
#define TURF_KERNEL_RLIMIT_H

#include <stdint.h>
#include "../plan/settings.h"

/* Sets n limits in order. 0 or -errno of the first that fails (-EPERM: above the hard limit). */
int tf_rlimit_apply(const struct tf_ulimit *limit, unsigned int n);

/*
 * Marks the process and all it will start: RLIMIT_RTTIME, soft and hard, becomes value (microseconds of
 * real-time scheduling, which no unprivileged program gets; so any large number does no harm). It survives
 * setsid, double fork and exec, is readable in /proc/PID/limits, and the seccomp filter keeps it from being changed.
 */
int tf_rlimit_tag(uint64_t value);

/* The calling process's tag; 0 with *ret, or -errno. An untagged process has UINT64_MAX as a rule. */
int tf_rlimit_read_tag(uint64_t *ret);

#endif
