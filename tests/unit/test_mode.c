/*
 * launcher/mode/mode: which mode is taken, and what is said about those that are not built.
 */
#include <string.h>

#include "launcher/mode/fallback.h"
#include "launcher/mode/mode.h"
#include "unit.h"

static const struct tf_mode_ops *pick(enum tf_mode mode, struct tf_err *err)
{
	static struct tf_settings set;

	tf_settings_init(&set);
	set.mode = mode;
	return tf_mode_pick(&set, err);
}

START_TEST(auto_takes_the_strongest_that_is_built)
{
	struct tf_err err = {.code = TF_E_NONE};
	const struct tf_mode_ops *mode = pick(TF_MODE_AUTO, &err);

	ck_assert_ptr_nonnull(mode);
	ck_assert_ptr_nonnull(mode->run);
	ck_assert_str_eq(mode->name, tf_mode_auto_name());
	ck_assert_int_eq(err.code, TF_E_NONE);
}
END_TEST

START_TEST(fallback_is_there_by_its_name)
{
	const struct tf_mode_ops *mode = pick(TF_MODE_FALLBACK, NULL);

	ck_assert_ptr_nonnull(mode);
	ck_assert_str_eq(mode->name, "fallback");
	ck_assert_ptr_eq(mode->run, tf_fallback_run);
}
END_TEST

START_TEST(a_mode_that_is_not_built_is_refused_and_not_replaced)
{
	static const struct {
		enum tf_mode mode;
		const char *word;
	} modes[] = {{TF_MODE_ROOTLESS, "--mode=rootless"}, {TF_MODE_SYSADMIN, "--mode=sysadmin"}};

	for (unsigned int i = 0; i < 2; i++) {
		struct tf_err err = {.code = TF_E_NONE};

		ck_assert_ptr_null(pick(modes[i].mode, &err));
		ck_assert_int_eq(err.code, TF_E_NOTYET);
		ck_assert_msg(strstr(err.text, modes[i].word) != NULL, "%s", err.text);
		ck_assert_msg(strstr(err.text, "--mode=fallback") != NULL, "%s", err.text);
	}
}
END_TEST

Suite *test_mode_suite(void)
{
	Suite *suite = suite_create("mode");
	TCase *tc = tcase_create("mode");

	tcase_add_test(tc, auto_takes_the_strongest_that_is_built);
	tcase_add_test(tc, fallback_is_there_by_its_name);
	tcase_add_test(tc, a_mode_that_is_not_built_is_refused_and_not_replaced);
	suite_add_tcase(suite, tc);
	return suite;
}
