/*
 * launcher/mode/mode: which mode a run gets, and that one which is not built is never taken for another.
 */
#include <string.h>

#include "launcher/mode/mode.h"
#include "unit.h"

static struct tf_settings set;
static struct tf_err err;

START_TEST(auto_takes_the_strongest_that_is_built)
{
	const struct tf_mode_ops *mode;

	tf_settings_init(&set);
	mode = tf_mode_pick(&set, &err);
	ck_assert_ptr_nonnull(mode);
	ck_assert_ptr_nonnull(mode->run);
	ck_assert_str_eq(mode->name, tf_mode_auto_name());
}
END_TEST

START_TEST(a_named_mode_is_that_mode)
{
	tf_settings_init(&set);
	set.mode = TF_MODE_FALLBACK;
	ck_assert_str_eq(tf_mode_pick(&set, &err)->name, "fallback");
}
END_TEST

START_TEST(a_mode_that_is_not_built_is_refused_by_name)
{
	static const enum tf_mode modes[] = {TF_MODE_SYSADMIN, TF_MODE_ROOTLESS};
	static const char *const names[] = {"sysadmin", "rootless"};

	for (unsigned int i = 0; i < 2; i++) {
		tf_settings_init(&set);
		memset(&err, 0, sizeof(err));
		set.mode = modes[i];
		ck_assert_ptr_null(tf_mode_pick(&set, &err));
		ck_assert_int_eq(err.code, TF_E_NOTYET);
		ck_assert_ptr_nonnull(strstr(err.text, names[i]));
	}
}
END_TEST

Suite *test_mode_suite(void)
{
	Suite *suite = suite_create("mode");
	TCase *tc = tcase_create("mode");

	tcase_add_test(tc, auto_takes_the_strongest_that_is_built);
	tcase_add_test(tc, a_named_mode_is_that_mode);
	tcase_add_test(tc, a_mode_that_is_not_built_is_refused_by_name);
	suite_add_tcase(suite, tc);
	return suite;
}
