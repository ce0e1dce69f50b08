/*
 * Decisions: what a reading means for the limits, and when to look again. Pure: no clock, no system call, so that
 * every case can be tested with invented numbers.
 */
#ifndef TURF_MONITOR_LIMITS_H
#define TURF_MONITOR_LIMITS_H

#include <stdint.h>
#include "monitor.h"

#define TF_NEVER UINT64_MAX

/* One look at the whole sandbox. */
struct tf_reading {
	uint64_t since_us; /* between the look before and this one */
	uint64_t cpu_us;   /* used so far: living, reaped and known to be lost */
	uint64_t rss_bytes;
	uint64_t pss_bytes;       /* when has_pss */
	uint64_t pss_error_bytes; /* it may be so much too high */
	int has_pss;
	uint32_t processes;
	int is_active;      /* CPU was used or processes came and went since the look before */
	int is_covered;     /* a timer wakes the supervisor when an idle member begins to work */
	int is_cpu_sampled; /* some CPU time is known only as far as it was looked at */
	uint64_t cost_us;   /* that the look took */
};

struct tf_watch {
	struct tf_limits limits;
	int is_measured;     /* looks are wanted for the report alone, too */
	uint32_t processors; /* that the sandbox can keep busy at once */
	/* state */
	uint32_t over, surely_over; /* readings in a row above the memory limit */
	uint64_t last_rss;
	uint64_t idle_us; /* for how long nothing has happened */
};

enum tf_act {
	TF_ACT_NONE,
	TF_ACT_READ_PSS,  /* fill in pss_bytes and ask again */
	TF_ACT_TERMINATE, /* SIGTERM, and after the grace SIGKILL */
	TF_ACT_KILL,
};

struct tf_verdict {
	enum tf_act act;
	enum tf_reason reason; /* with TERMINATE and KILL */
	uint64_t next_us;      /* until the next look; TF_NEVER; 0 = at once */
};

/* Whether anything makes looks necessary. Without, the supervisor never wakes up by itself. */
int tf_limits_need_looks(const struct tf_watch *watch);

struct tf_verdict tf_limits_judge(struct tf_watch *watch, const struct tf_reading *reading);

/* What is left of the wall-clock limit, TF_NEVER without one, 0 when it is over. */
uint64_t tf_limits_wall_left(const struct tf_limits *limits, uint64_t elapsed_us);

#endif
