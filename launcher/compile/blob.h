/*
 * Writes a compiled profile (plan/profile.h has the format).
 */
#ifndef TURF_COMPILE_BLOB_H
#define TURF_COMPILE_BLOB_H

#include <stddef.h>
#include <stdint.h>

#include "../plan/profile.h"

struct tf_blob {
	size_t size;
	uint32_t nrecords;
	uint64_t hash; /* FNV-1a so far */
	_Alignas(8) unsigned char data[TF_PROFILE_MAX_BYTES];
};

void tf_blob_init(struct tf_blob *blob);

/* Adds source text to the hash. */
void tf_blob_hash(struct tf_blob *blob, const void *text, size_t n);

/* Appends a record. 0 or -E2BIG. */
int tf_blob_add(struct tf_blob *blob, const struct tf_key *key, unsigned int line,
                const char *text);

/* Fills the head in: data[0 .. size) is the compiled profile. */
void tf_blob_finish(struct tf_blob *blob);

#endif
