/*
 * The wall of fallback mode, prepared: what the child only has to enter.
 */
#ifndef TURF_MODE_WALL_H
#define TURF_MODE_WALL_H

#include "../kernel/landlock.h"
#include "../kernel/seccomp.h"
#include "../plan/plan.h"

struct tf_wall {
	struct tf_landlock landlock; /* fd -1 = none */
	struct tf_seccomp seccomp;
	int has_seccomp;
	struct tf_ulimit ulimits[TF_MAX_ULIMITS + 4];
	unsigned int nulimits;
	uint64_t tag;
	int is_scoped; /* the caller now sits in a domain of its own: kill(-1) reaches the sandbox only */
};

/*
 * Makes ruleset, filter and limits for a tier. Changes nothing but descriptors. 0 or -errno with err; tf_wall_done()
 * in any case.
 */
int tf_wall_make(struct tf_wall *wall, const struct tf_plan *plan, const struct tf_settings *set,
                 enum tf_tier tier, struct tf_err *err);

/*
 * Puts the supervisor itself into a domain that only scopes signals (Landlock ABI 6), so that kill(-1) reaches what is
 * inside and nothing else. No harm where it cannot be done: then the monitor goes by its process set.
 */
void tf_wall_scope_self(struct tf_wall *wall);

void tf_wall_done(struct tf_wall *wall);

#endif
