/*
 * A compiled profile: the list of key=value settings that turf-compile found valid, as one versioned,
 * position-independent blob (little-endian): head, then records {u16 key index, u16 line, u32 length, text, NUL, pad to 4}.
 * turf checks every bound again before it applies one: the cache is only a file.
 */
#ifndef TURF_PLAN_PROFILE_H
#define TURF_PLAN_PROFILE_H

#include <stddef.h>
#include <stdint.h>
#include "settings.h"

#define TF_PROFILE_MAGIC 0x70467475u /* "utFp" */
#define TF_PROFILE_VERSION 1u
#define TF_PROFILE_MAX_BYTES (256u << 10)

struct tf_profile_head {
	uint32_t magic;
	uint32_t version; /* also counts changes of the key table */
	uint32_t bytes;
	uint32_t nrecords;
	uint64_t
	        source_hash; /* FNV-1a 64 of the text it was made from, continued over its base's, and so on */
};

/*
 * Records of a base profile come before those of the one that names it, so that later ones win. Each base stands in front
 * of its records as a record of the key "base" (its text is the name). line: 0 in records that came from a base.
 */
struct tf_profile_record {
	uint16_t key; /* index into tf_keys */
	uint16_t line;
	uint32_t length; /* of the text that follows, without its NUL and padding */
};

/*
 * Applies a compiled profile; blob must outlive set. name is for messages ("profile build").
 * Returns 0 or -errno with err filled in (E_PROFILE with the source's line).
 */
int tf_profile_apply(const void *blob, size_t size, const char *name, struct tf_settings *set,
                     struct tf_err *err);

/* The profiles compiled at build time: NULL when there is none of that name. */
const void *tf_profile_embedded(const char *name, size_t *ret_size);

/*
 * Finds profile NAME (or the file at a path, when name has a slash): $TURF_WORKDIR/conf/profiles/NAME.conf,
 * $XDG_CONFIG_HOME/turf/profiles/NAME.conf, PREFIX/etc/turf/profiles/NAME.conf, then the embedded ones;
 * a text file is compiled by turf-compile (cache: $TURF_WORKDIR/cache) and applied.
 */
int tf_profile_load(const char *name, const char *work, struct tf_settings *set,
                    struct tf_err *err);

/* turf.conf by the same search order (conf/turf.conf, turf/turf.conf, etc/turf/turf.conf). None = fine. 0 or -errno. */
int tf_conf_load(const char *work, struct tf_settings *set, struct tf_err *err);

#endif
