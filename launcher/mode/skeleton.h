/*
 * Makes mapping points on disk: skeletons (the guest's empty "/", kept and shared by runs) and points inside private
 * directories.
 */
#ifndef TURF_MODE_SKELETON_H
#define TURF_MODE_SKELETON_H

#include "../plan/plan.h"

/* plan->skeleton, unless it is there already. Made under another name and renamed: always whole. 0 or -errno with err. */
int tf_skeleton_make(int work_fd, const char *work, const struct tf_plan *plan, struct tf_err *err);

/* The points inside the plan's private directories. 0 or -errno with err. */
int tf_skeleton_inner(const struct tf_plan *plan, struct tf_err *err);

#endif
