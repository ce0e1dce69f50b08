/*
 * A temporary directory for one test: scratch_make() before, scratch_drop() after (libcheck's checked fixture).
 */
#ifndef TURF_TESTS_SCRATCH_DIR_H
#define TURF_TESTS_SCRATCH_DIR_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

static char scratch[64];

static inline void scratch_make(void)
{
	snprintf(scratch, sizeof(scratch), "/tmp/turf-unit.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(scratch));
	ck_assert_int_eq(chdir(scratch), 0);
}

/* By rm(1), not by the code under test. */
static inline void scratch_drop(void)
{
	char command[256];

	ck_assert_int_eq(chdir("/"), 0);
	snprintf(command, sizeof(command), "chmod -R u+rwx %s; rm -rf %s", scratch, scratch);
	ck_assert_int_eq(system(command), 0);
}

static inline void scratch_write(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");

	ck_assert_ptr_nonnull(out);
	ck_assert_int_ge(fputs(text, out), 0);
	ck_assert_int_eq(fclose(out), 0);
}

static inline const char *scratch_read(const char *path)
{
	static char text[8192];
	FILE *in = fopen(path, "r");
	size_t n;

	ck_assert_ptr_nonnull(in);
	n = fread(text, 1, sizeof(text) - 1, in);
	text[n] = '\0';
	fclose(in);
	return text;
}

#endif
