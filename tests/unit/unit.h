/*
 * What every unit test includes: libcheck, and a way to say that a test cannot run here.
 * Each tests/unit/test_MODULE.c defines one global function, Suite *test_MODULE_suite(void).
 */
#ifndef TURF_TESTS_UNIT_H
#define TURF_TESTS_UNIT_H

#include <check.h>

/* Records a skip; prints "skip: NAME: reason" at the end of the run. Works in libcheck's forked child. */
void unit_note_skip(const char *name, const char *reason);

/* Ends the running test as skipped: unit_skip("no Landlock here"). */
#define unit_skip(reason)                                                                          \
	do {                                                                                       \
		unit_note_skip(__func__, reason);                                                  \
		return;                                                                            \
	} while (0)

#endif
