/*
 * Finds the program with the guest's eyes, before anything is started, so that errors can say why.
 */
#ifndef TURF_MODE_PROGRAM_H
#define TURF_MODE_PROGRAM_H

#include "../../preload/rt/rt.h"
#include "../plan/plan.h"

/*
 * The directory to start in: host path into buf. 0 or -errno with err (E_PATH). Needs the view (tf_rt_adopt).
 */
int tf_program_cwd(const struct tf_plan *plan, char *buf, size_t size, struct tf_err *err);

/*
 * argv[0] as the guest would find it (PATH of env, or a path from plan->cwd) → how to exec it. 0 or -errno with err
 * (E_NOTFOUND, E_NOEXEC).
 */
int tf_program_find(const struct tf_plan *plan, char *const *argv, char *const *env,
                    struct tf_exec *ret, struct tf_err *err);

#endif
