/*
 * Takes readings of a sandbox: CPU time, resident and proportional memory, processes.
 *
 * CPU time is what the living have used and have waited for, plus what the supervisor has reaped; it is never a
 * process's own time as last seen alone, which misses nearly all of a build's short jobs. A parent that ignores
 * SIGCHLD makes its children's time vanish: what was seen of them is kept and the total is marked as sampled.
 *
 * Memory that no process has mapped (a memfd, a pipe's or socket's contents, tmpfs) and swap are not seen here.
 */
#ifndef TURF_MONITOR_SAMPLER_H
#define TURF_MONITOR_SAMPLER_H

#include <stdint.h>
#include "limits.h"
#include "set.h"

struct tf_sampler {
	struct tf_set set;
	int is_open;
	int is_live; /* the set is of this machine's processes, not a recorded tree: clocks and kcmp make sense */
	int is_cpu_sampled;
	uint64_t lost_us, owed_us;         /* surely, and not yet surely */
	uint64_t reaped_us, cpu_us, at_us; /* of the look before */
	uint32_t looks;
};

/* Nothing is opened before the first look. */
void tf_sampler_init(struct tf_sampler *sampler);
void tf_sampler_done(struct tf_sampler *sampler);

/* The set, opened when it is not yet. 0 or -errno. */
int tf_sampler_open(struct tf_sampler *sampler, const char *proc, pid_t top);

/*
 * A look, without PSS. reaped_us: CPU time of all that was reaped so far; now_us: a clock that only goes forward.
 * 0 or -errno, also then with *ret filled from what could be seen.
 */
int tf_sampler_look(struct tf_sampler *sampler, uint64_t reaped_us, uint64_t now_us,
                    struct tf_reading *ret);

/*
 * Adds PSS over the last look to a reading. A member that cannot be read counts with its RSS. Costs 50 us a process
 * and more.
 */
void tf_sampler_pss(struct tf_sampler *sampler, struct tf_reading *reading);

#endif
