/*
 * The choice of the tier. Fails closed: what is missing is named, and the cooperative tier is never slid into.
 */
#include "tier.h"
#include "landlock.h"
#include "seccomp.h"

#include <errno.h>

static const char *const names[] = {
        [TF_TIER_AUTO] = "auto",
        [TF_TIER_KERNEL] = "kernel",
        [TF_TIER_BROKER] = "broker",
        [TF_TIER_COOPERATIVE] = "cooperative",
};

const char *tf_tier_name(enum tf_tier tier)
{
	return names[tier];
}

static const char *missing(int landlock_abi, int has_seccomp)
{
	if (landlock_abi <= 0 && !has_seccomp)
		return "Landlock (Linux 5.13, lsm=...,landlock) and seccomp filters (Linux 4.14) "
		       "are";
	if (landlock_abi <= 0)
		return "Landlock (Linux 5.13, switched on by lsm=...,landlock at boot) is";
	return "seccomp filtering (Linux 4.14, not refused by an outer sandbox) is";
}

int tf_tier_choose(enum tf_tier wanted, int landlock_abi, int has_seccomp, enum tf_tier *ret,
                   struct tf_err *err)
{
	if (wanted == TF_TIER_COOPERATIVE) {
		*ret = TF_TIER_COOPERATIVE;
		return 0;
	}
	if (wanted == TF_TIER_BROKER) {
		tf_err_set(err, TF_E_NOTYET, 0,
		           "tier broker is not built yet; use --tier=kernel or --tier=cooperative");
		return -ENOSYS;
	}
	if (landlock_abi > 0 && has_seccomp) {
		*ret = TF_TIER_KERNEL;
		return 0;
	}
	tf_err_set(
	        err, TF_E_KERNEL, 0,
	        "tier kernel is not possible on this host: %s missing; --tier=cooperative runs the "
	        "program all the same, guarded against accidents but not against malice",
	        missing(landlock_abi, has_seccomp));
	return -EOPNOTSUPP;
}

int tf_tier_pick(enum tf_tier wanted, enum tf_tier *ret, struct tf_err *err)
{
	if (wanted == TF_TIER_COOPERATIVE || wanted == TF_TIER_BROKER)
		return tf_tier_choose(wanted, 0, 0, ret, err);
	return tf_tier_choose(wanted, tf_landlock_abi(), tf_seccomp_is_there(), ret, err);
}
