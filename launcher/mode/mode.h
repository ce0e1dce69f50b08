/*
 * How a run is confined: one table of modes, the strongest first. `auto` takes the first that this host and this version can do.
 */
#ifndef TURF_MODE_MODE_H
#define TURF_MODE_MODE_H

#include "../../monitor/monitor.h"
#include "../plan/settings.h"

struct tf_mode_ops {
	enum tf_mode mode;
	const char *name;
	/* Runs the program to its end. 0 with *ret, or -errno with err: then nothing is left behind. */
	int (*run)(const struct tf_settings *set, struct tf_outcome *ret, struct tf_err *err);
	const char *not_yet; /* why run is NULL */
};

/* The mode for these settings; NULL with err (E_NOTYET, E_KERNEL). */
const struct tf_mode_ops *tf_mode_pick(const struct tf_settings *set, struct tf_err *err);

/* The name of the mode that auto takes, for `turf info`. */
const char *tf_mode_auto_name(void);

#endif
