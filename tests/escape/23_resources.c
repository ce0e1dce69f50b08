/*
 * Attack 23: limits, processors, scheduling and I/O priority of a process outside.
 * An escape: a call that works (the scene compares the victim's as well).
 */
#include <sched.h>
#include <sys/resource.h>

#include "escape.h"

static long victim(void)
{
	return esc_number("victim");
}

static int way_prlimit(void)
{
	struct rlimit limit = {100, 100};

	return esc_verdict("prlimit64",
	                   esc_sys(SYS_prlimit64, victim(), RLIMIT_NOFILE, &limit, NULL));
}

static int way_prlimit_read(void)
{
	struct rlimit limit;

	return esc_verdict("prlimit64",
	                   esc_sys(SYS_prlimit64, victim(), RLIMIT_NOFILE, NULL, &limit));
}

static int way_affinity(void)
{
	unsigned long mask = 1;

	return esc_verdict("sched_setaffinity",
	                   esc_sys(SYS_sched_setaffinity, victim(), sizeof(mask), &mask));
}

static int way_scheduler(void)
{
	struct sched_param param = {0};

	return esc_verdict("sched_setscheduler",
	                   esc_sys(SYS_sched_setscheduler, victim(), SCHED_BATCH, &param));
}

static int way_param(void)
{
	struct sched_param param = {0};

	return esc_verdict("sched_setparam", esc_sys(SYS_sched_setparam, victim(), &param));
}

static int way_attr(void)
{
	struct {
		uint32_t size, policy;
		uint64_t flags;
		int32_t nice;
		uint32_t priority;
		uint64_t runtime, deadline, period;
	} attr = {.size = 48, .policy = SCHED_BATCH};

	return esc_verdict("sched_setattr", esc_sys(SYS_sched_setattr, victim(), &attr, 0));
}

static int way_priority(void)
{
	return esc_verdict("setpriority", esc_sys(SYS_setpriority, PRIO_PROCESS, victim(), 5));
}

static int way_priority_group(void)
{
	return esc_verdict("setpriority", esc_sys(SYS_setpriority, PRIO_PGRP, victim(), 5));
}

static int way_ioprio(void)
{
	return esc_verdict("ioprio_set",
	                   esc_sys(SYS_ioprio_set, 1 /* process */, victim(), 3 << 13));
}

static int way_ioprio_group(void)
{
	return esc_verdict("ioprio_set", esc_sys(SYS_ioprio_set, 2 /* group */, victim(), 3 << 13));
}

/* Of the filter's checks: the number in the upper half of the register means nothing to the kernel. */
static int way_priority_high(void)
{
	return esc_verdict("setpriority", esc_sys(SYS_setpriority, PRIO_PROCESS | 1L << 32,
	                                          victim() | 1L << 32, 5));
}

static int way_oom(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%ld/oom_score_adj", victim());
	return esc_verdict(path, esc_sys(SYS_open, path, O_WRONLY));
}

static const struct esc_way ways[] = {
        {"prlimit", way_prlimit},
        {"prlimit_read", way_prlimit_read},
        {"affinity", way_affinity},
        {"scheduler", way_scheduler},
        {"param", way_param},
        {"attr", way_attr},
        {"priority", way_priority},
        {"priority_group", way_priority_group},
        {"ioprio", way_ioprio},
        {"ioprio_group", way_ioprio_group},
        {"priority_high", way_priority_high},
        {"oom", way_oom},
};
ESC_MAIN(ways)
