/*
 * Applies one key of the table to settings of the test's own, and keeps the error.
 */
#ifndef TURF_TESTS_APPLY_KEY_H
#define TURF_TESTS_APPLY_KEY_H

#include <string.h>

#include "launcher/plan/settings.h"
#include "unit.h"

static struct tf_settings set;
static struct tf_err err;

/* Fresh settings of somebody whose home is /home/u and who stands in /home/u/here. */
static inline void fresh_settings(void)
{
	tf_settings_init(&set);
	set.home = "/home/u";
	set.cwd = "/home/u/here";
	err.text[0] = '\0';
}

static inline int apply_from(enum tf_origin origin, const char *name, const char *text)
{
	const struct tf_key *key = tf_key_find(name);

	ck_assert_ptr_nonnull(key);
	return tf_settings_apply(&set, key, text, origin, &err);
}

static inline int apply(const char *name, const char *text)
{
	return apply_from(TF_FROM_OPTION, name, text);
}

/* Refused with this code and a text that holds word. */
#define refused(origin, name, value, want_code, word)                                              \
	do {                                                                                       \
		int rc_ = apply_from(origin, name, value);                                         \
		ck_assert_msg(rc_ < 0, "%s %s: accepted", name, value);                            \
		ck_assert_msg(err.code == (want_code), "%s %s: %s %s", name, value,                \
		              tf_err_name(err.code), err.text);                                    \
		ck_assert_msg(strstr(err.text, word) != NULL, "%s %s: \"%s\"", name, value,        \
		              err.text);                                                           \
	} while (0)

#define accepted(origin, name, value)                                                              \
	do {                                                                                       \
		int rc_ = apply_from(origin, name, value);                                         \
		ck_assert_msg(rc_ == 0, "%s %s: %s", name, value, err.text);                       \
	} while (0)

#endif
