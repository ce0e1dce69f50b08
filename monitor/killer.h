/*
 * Signals to every process of a sandbox, and its end. Each is sent through a descriptor of the very process that was
 * checked to be a member, so that a number used again cannot send it to a stranger; or, where the supervisor sits in
 * a Landlock signal scope of its own, by one kill(-1) that the kernel does atomically.
 */
#ifndef TURF_MONITOR_KILLER_H
#define TURF_MONITOR_KILLER_H

#include "reaper.h"
#include "set.h"

#define TF_KILLER_PATIENCE_MS                                                                      \
	60000u /* for processes that cannot die (a dead disk or file server) */

struct tf_target {
	struct tf_set *set; /* open */
	uint64_t tag;       /* 0 = none */
	int is_scoped;
	int is_frozen_at_once; /* tf_killer_freeze() had to take kill(-1) */
};

/* Once to every process there is now: a request, which a stopped process gets too (SIGCONT follows). */
void tf_killer_ask(struct tf_target *target, int sig);

/* Stops everything; what was stopped before is left so. 0, or -EBUSY when something outran it for long. */
int tf_killer_freeze(struct tf_target *target);

/* Continues what tf_killer_freeze() has stopped, last the process with that number (init: it watches the others). */
void tf_killer_thaw(struct tf_target *target, pid_t last);

/*
 * SIGKILL to everything until no child is left, reaping on the way. Blocks; 0 or -EBUSY after the patience above.
 * Works without a set (set->root < 0) when scoped.
 */
int tf_killer_end(struct tf_target *target, struct tf_reaper *reaper);

/* The same for who is not their parent: by tree and by tag, until none of them is alive. */
int tf_killer_end_others(struct tf_target *target);

#endif
