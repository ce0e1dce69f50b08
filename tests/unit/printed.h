/*
 * What a function prints to a stream, as a string.
 */
#ifndef TURF_TESTS_PRINTED_H
#define TURF_TESTS_PRINTED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

static char *printed_text;
static size_t printed_size;

static inline FILE *printed_open(void)
{
	FILE *out = open_memstream(&printed_text, &printed_size);

	ck_assert_ptr_nonnull(out);
	return out;
}

static inline const char *printed_close(FILE *out)
{
	static char text[65536];

	ck_assert_int_eq(fclose(out), 0);
	ck_assert_uint_lt(printed_size, sizeof(text));
	memcpy(text, printed_text, printed_size + 1);
	free(printed_text);
	return text;
}

static inline void holds(const char *text, const char *word)
{
	ck_assert_msg(strstr(text, word) != NULL, "\"%s\" is not in:\n%s", word, text);
}

#endif
