/*
 * glob(3) as musl has it, over the view. Not for glibc's extensions (braces, GLOB_ONLYDIR, ...).
 */
#ifndef TURF_HOOKS_GLOB_WALK_H
#define TURF_HOOKS_GLOB_WALK_H

#include <glob.h>

/* As glob(3); the strings are the program's malloc's. */
int tf_glob_walk(const char *pattern, int flags, int (*on_error)(const char *, int), glob_t *g);

/* Frees what tf_glob_walk() made. */
void tf_glob_free(glob_t *g);

#endif
