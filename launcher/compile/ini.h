/*
 * INI text through inih, made strict: what inih would cut, join or pass over is an error here. Wants the whole text
 * in memory; calls back in order.
 */
#ifndef TURF_COMPILE_INI_H
#define TURF_COMPILE_INI_H

#include <stddef.h>

#include "../base/err.h"

/* Sections of one file. */
#define TF_INI_MAX_SECTIONS 32

struct tf_ini_entry {
	const char *section; /* "" before the first heading */
	const char *key;     /* NULL: the section begins */
	const char *value;   /* NULL: the section begins */
	unsigned int line;   /* from 1 */
};

/*
 * Reads n bytes of text. entry() is called for each section and each key; a negative result ends the reading, is
 * returned, and its err gets "FILE:LINE: " in front. Errors of the text itself have that form too (E_PROFILE).
 */
int tf_ini_read(const char *file, const char *text, size_t n,
                int (*entry)(void *user, const struct tf_ini_entry *entry, struct tf_err *err),
                void *user, struct tf_err *err);

#endif
