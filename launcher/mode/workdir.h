/*
 * The work dir: $TURF_WORKDIR, else ~/.turf. Private to its user. Holds libturf.so, skeletons, and a directory for
 * each sandbox.
 *
 *   lib/libturf-<id>.so   what turf carries inside itself, written once
 *   skeleton/<hash>/      empty roots, shared by all runs with the same mapping points
 *   fallback/<name>/      one sandbox: view, shared, and code, tmp, home, ... as the plan says
 */
#ifndef TURF_MODE_WORKDIR_H
#define TURF_MODE_WORKDIR_H

#include "../../preload/core/view.h"
#include "../plan/plan.h"

/* Longest path of a work dir: what turf makes below it has to fit too. */
#define TF_WORK_MAX (TF_PATH_MAX - 256)

struct tf_workdir {
	int fd;                /* of the work dir, -1 = closed */
	char path[TF_WORK_MAX]; /* clean, without symlinks */
	char library[TF_PATH_MAX];
	char box[TF_WORK_MAX + 96];
	char view[TF_PATH_MAX];
	char shared[TF_PATH_MAX];
	char name[80]; /* of the sandbox */
	int has_box;
};

/* The path that would be used, without looking at it. NULL with err. */
const char *tf_workdir_path(struct tf_err *err);

/* Opens the work dir, made when missing; refuses one that is not the user's own. 0 or -errno with err (E_WORKDIR). */
int tf_workdir_open(struct tf_workdir *w, struct tf_err *err);

/* Sees that libturf.so is there, whole and nobody else's to write. 0 or -errno with err. */
int tf_workdir_library(struct tf_workdir *w, struct tf_err *err);

/* Makes the sandbox's directory; name NULL: one is made up. 0 or -errno with err (E_EXISTS, E_WORKDIR). */
int tf_workdir_box(struct tf_workdir *w, const char *name, struct tf_err *err);

/* Makes all that the plan needs on disk: private directories, copies, points, skeleton, view. 0 or -errno with err. */
int tf_workdir_apply(struct tf_workdir *w, const struct tf_plan *plan, struct tf_err *err);

/* Removes the sandbox's directory. 0 or -errno with err. */
int tf_workdir_remove_box(struct tf_workdir *w, struct tf_err *err);

/* Removes what runs without a name have left that were killed before they could (their turf is gone). */
void tf_workdir_sweep(struct tf_workdir *w);

void tf_workdir_close(struct tf_workdir *w);

#endif
