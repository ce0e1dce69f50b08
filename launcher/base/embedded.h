/*
 * Files that a program carries inside itself: tables made at build time (conf/module.mk).
 */
#ifndef TURF_BASE_EMBEDDED_H
#define TURF_BASE_EMBEDDED_H

#include <stddef.h>
#include <string.h>

struct tf_embedded {
	const char *name; /* NULL ends a table */
	const unsigned char *start, *end;
};

static inline const struct tf_embedded *tf_embedded_find(const struct tf_embedded *table,
                                                         const char *name)
{
	for (; table->name; table++)
		if (strcmp(table->name, name) == 0)
			return table;
	return NULL;
}

#endif
