/*
 * Waits for the supervisor's children: the program itself and every orphan that the kernel gives to the subreaper.
 * What they used (their own time and that of all they waited for) is added up here.
 */
#ifndef TURF_MONITOR_REAPER_H
#define TURF_MONITOR_REAPER_H

#include <stdint.h>
#include <sys/types.h>

struct tf_reaper {
	pid_t child;           /* the program (or init) */
	int has_ended, status; /* of it: as wait(2) gives it */
	int is_stopped;
	uint64_t user_us, system_us;
	uint64_t peak_rss_bytes; /* of the largest single process: ru_maxrss */
	uint32_t reaped;
};

enum tf_reaper_rest {
	TF_REAPER_NONE,    /* no child at all is left: as subreaper, no descendant */
	TF_REAPER_RUNNING, /* some are left, none has anything to tell */
	TF_REAPER_MORE,    /* stopped half way: call again soon */
};

/* Collects what has ended or stopped, without blocking, at most max children. */
enum tf_reaper_rest tf_reaper_collect(struct tf_reaper *reaper, uint32_t max);

#endif
