/*
 * Looks at the sandbox when they are due: takes the readings, asks limits.h what they mean, keeps the peaks, and sees
 * to it that an idle sandbox is left alone until it works again.
 */
#ifndef TURF_MONITOR_LOOK_H
#define TURF_MONITOR_LOOK_H

#include "cputimer.h"
#include "limits.h"
#include "reaper.h"
#include "sampler.h"

struct tf_look {
	const char *proc;
	struct tf_sampler sampler;
	struct tf_watch watch;
	struct tf_cputimer cputimer;
	struct tf_usage peaks;
	uint64_t at_us;       /* when the next one is due; TF_NEVER = never */
	uint64_t pss_read_at; /* RSS at which PSS was last read for the report */
	uint32_t blind;       /* failed looks in a row */
};

/* now_us: CLOCK_MONOTONIC. Opens nothing. */
void tf_look_init(struct tf_look *look, const struct tf_monitor_opts *opts, uint64_t now_us);
void tf_look_done(struct tf_look *look);

/* Opens the set when it is not yet: for the killer. 0 or -errno. */
int tf_look_open(struct tf_look *look);

/*
 * Takes one, plans the next (at_us). reaped_us: CPU time of all that was reaped. Returns 0 with *ret, or -errno when
 * nothing has been seen for so long that limits can no longer be kept.
 */
int tf_look_take(struct tf_look *look, uint64_t reaped_us, uint64_t now_us, struct tf_verdict *ret);

/* What was used: the peaks that were seen, CPU time with what the reaper knows. */
void tf_look_usage(const struct tf_look *look, const struct tf_reaper *reaper,
                   struct tf_usage *ret);

#endif
