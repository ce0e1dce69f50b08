/*
 * The work dir: $TURF_WORKDIR, else ~/.turf. Private to its user. Holds libturf.so, skeletons, and a directory for
 * each sandbox.
 *
 *   lib/libturf-<id>.so   what turf carries inside itself, written once
 *   skeleton/<hash>/      empty roots, shared by all runs with the same mapping points
 *   fallback/<name>/      one sandbox (box.h)
 */
#ifndef TURF_MODE_WORKDIR_H
#define TURF_MODE_WORKDIR_H

#include "../../preload/core/view.h"
#include "../base/err.h"

/* Longest path of a work dir: what turf makes below it has to fit too. */
#define TF_WORK_MAX (TF_PATH_MAX - 256)

struct tf_workdir {
	int fd;                 /* of the work dir, -1 = closed */
	char path[TF_WORK_MAX]; /* clean, without symlinks */
	char library[TF_PATH_MAX];
};

/* The path that would be used, without looking at it. NULL with err. */
const char *tf_workdir_path(struct tf_err *err);

/* Opens the work dir, made when missing; refuses one that is not the user's own. 0 or -errno with err (E_WORKDIR). */
int tf_workdir_open(struct tf_workdir *w, struct tf_err *err);

/* Sees that libturf.so is there, whole and nobody else's to write. 0 or -errno with err. */
int tf_workdir_library(struct tf_workdir *w, struct tf_err *err);

void tf_workdir_close(struct tf_workdir *w);

#endif
