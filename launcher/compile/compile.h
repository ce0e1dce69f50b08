/*
 * Text of a profile or of turf.conf to a compiled profile: every section, key and value is checked by the table of
 * settings, a profile's base is put in front.
 */
#ifndef TURF_COMPILE_COMPILE_H
#define TURF_COMPILE_COMPILE_H

#include <stddef.h>

#include "../base/err.h"
#include "blob.h"

/* Longest source. */
#define TF_SOURCE_MAX (128u << 10)
/* [profile] base = ... of a base of a base ... */
#define TF_BASE_DEPTH 8
#define TF_COMPILE_MAX_PATHS 8

struct tf_compile {
	int is_conf; /* turf.conf: one section [turf] */
	const char *const *
	        paths; /* directories where a base NAME.conf is looked for, in order; then the built-in ones */
	unsigned int npaths;
	struct tf_blob *blob;
};

/*
 * Compiles n bytes of text; file is for messages, fd (or -1) is the file that it was read from, so that a profile may
 * be based on the next one of the same name. Fills job->blob. 0 or -errno with err = "FILE:LINE: [section] key: reason".
 */
int tf_compile_text(const struct tf_compile *job, const char *file, int fd, const char *text,
                    size_t n, struct tf_err *err);

/* The texts of the shipped profiles, built in. NULL when there is none of that name. */
const char *tf_compile_shipped(const char *name, size_t *ret_n);

#endif
