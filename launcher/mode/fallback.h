/*
 * Fallback mode: no privilege at all. The view (libturf.so), the wall (Landlock, seccomp), the monitor.
 */
#ifndef TURF_MODE_FALLBACK_H
#define TURF_MODE_FALLBACK_H

#include "../../monitor/monitor.h"
#include "../plan/settings.h"

/* See struct tf_mode_ops. */
int tf_fallback_run(const struct tf_settings *set, struct tf_outcome *ret, struct tf_err *err);

#endif
