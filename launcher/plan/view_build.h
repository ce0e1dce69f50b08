/*
 * Writes the view's blob (preload/core/view.h) from a list of mappings.
 */
#ifndef TURF_PLAN_VIEW_BUILD_H
#define TURF_PLAN_VIEW_BUILD_H

#include <stddef.h>

#include "../../preload/core/view.h"

struct tf_view_entry {
	const char *guest; /* clean */
	const char *host;  /* clean, symlink-free; NULL for hidden */
	uint8_t kind, access, flags;
};

struct tf_view_info {
	const char *library; /* host path of libturf.so, "" = none */
	const char *self;    /* host path the blob will have, "" = none */
	const char *shared;  /* host path of the shared page, "" = none */
	uint32_t flags;      /* TF_VIEW_*; TF_VIEW_NESTED is found out here */
};

/*
 * Builds the blob of n mappings (one of them "/") into buf (8-byte aligned). TF_MAP_NESTED is found out here.
 * 0 with *ret_size, -EINVAL (a path that is not clean, a guest path twice, no "/"), -E2BIG (more than the
 * format's limits), -ENOSPC (size too small).
 */
int tf_view_build(const struct tf_view_entry *entry, unsigned int n,
                  const struct tf_view_info *info, void *buf, size_t size, size_t *ret_size);

#endif
