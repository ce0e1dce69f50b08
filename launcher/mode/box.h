/*
 * A sandbox's directory, work/fallback/<name>: view, shared page, and the private directories that its plan asks for.
 *
 * A sandbox with a name has a directory of its own, which keeps its files from run to run unless --rm is said. Runs without one take turns in slots (run-0, run-1, ...): making and removing a
 * directory costs 0.1 ms each on ext4, more than all the rest of a start, so an emptied slot is kept for the next run. A
 * slot is held by flock(2), and its mode says whether it was left clean (0500) or not (0700: its turf was killed; what was
 * started in it may still be alive, so it is removed and never used again).
 */
#ifndef TURF_MODE_BOX_H
#define TURF_MODE_BOX_H

#include "../plan/plan.h"
#include "workdir.h"

struct tf_box {
	int all; /* work/fallback, -1 = closed */
	int fd;  /* the directory itself, locked; -1 = none */
	int is_slot;
	int is_reused; /* it was there before: its private directories may be too */
	char name[80];
	char path[TF_WORK_MAX + 96];
	char view[TF_PATH_MAX];
	char shared[TF_PATH_MAX];
};

/* Takes a directory; name NULL: a slot. 0 or -errno with err (E_EXISTS, E_WORKDIR). */
int tf_box_open(struct tf_box *box, struct tf_workdir *work, const char *name, struct tf_err *err);

/* Makes what the plan needs in it: private directories, copies, points, view, shared page. 0 or -errno with err. */
int tf_box_fill(struct tf_box *box, const struct tf_plan *plan, struct tf_err *err);

/*
 * Gives it back: is_kept leaves it as it is (a named one whose files stay); else a slot is emptied, a named one removed.
 * Everything that ran in it is dead. 0 or -errno with err. Fine for one that was never opened.
 */
int tf_box_close(struct tf_box *box, int is_kept, struct tf_err *err);

#endif
