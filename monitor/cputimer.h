/*
 * Wakes the supervisor when an idle sandbox begins to work: POSIX timers on the CPU clocks of its processes. What
 * uses no CPU fires no timer, so an idle sandbox costs nothing; memory cannot grow without CPU.
 */
#ifndef TURF_MONITOR_CPUTIMER_H
#define TURF_MONITOR_CPUTIMER_H

#include <time.h>
#include "set.h"

#define TF_CPUTIMER_MAX 32

struct tf_cputimer {
	timer_t timer[TF_CPUTIMER_MAX];
	int count;
	int is_covering; /* every member had one when they were armed */
};

/* One for each living member, sending TF_SIGNAL_WAKE after 2 ms of its CPU. Arms anew when some were armed. */
void tf_cputimer_arm(struct tf_cputimer *cputimer, const struct tf_set *set);
void tf_cputimer_disarm(struct tf_cputimer *cputimer);

#endif
