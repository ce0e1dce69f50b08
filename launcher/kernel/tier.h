/*
 * Which tier of confinement a run gets. Only ever the one that was asked for, or the best that holds: a run
 * without a boundary has to be asked for by name.
 */
#ifndef TURF_KERNEL_TIER_H
#define TURF_KERNEL_TIER_H

#include "../base/err.h"
#include "../plan/settings.h"

/* "auto", "kernel", "broker", "cooperative" */
const char *tf_tier_name(enum tf_tier tier);

/*
 * The decision itself, from what is there. Pure. 0 with *ret (never TF_TIER_AUTO); -EOPNOTSUPP with E_KERNEL (the
 * sentence names what is missing and what remains) or -ENOSYS with E_NOTYET.
 */
int tf_tier_choose(enum tf_tier wanted, int landlock_abi, int has_seccomp, enum tf_tier *ret,
                   struct tf_err *err);

/* The same for this host. Asks the kernel twice or thrice, starts no process: cheap enough for every run. */
int tf_tier_pick(enum tf_tier wanted, enum tf_tier *ret, struct tf_err *err);

#endif
