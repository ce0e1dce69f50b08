/*
 * launcher/base/err: texts, context, names, exit codes.
 */
#include <errno.h>
#include <string.h>

#include "launcher/base/err.h"
#include "unit.h"

START_TEST(set_appends_the_text_of_errno)
{
	struct tf_err err;

	ck_assert_int_eq(tf_err_set(&err, TF_E_PATH, ENOENT, "%s %d", "x", 3), -ENOENT);
	ck_assert_str_eq(err.text, "x 3: No such file or directory");
	ck_assert_int_eq(err.code, TF_E_PATH);
	ck_assert_int_eq(err.sys, ENOENT);
}
END_TEST

START_TEST(set_without_errno_returns_einval)
{
	struct tf_err err;

	ck_assert_int_eq(tf_err_set(&err, TF_E_VALUE, 0, "text"), -EINVAL);
	ck_assert_str_eq(err.text, "text");
	ck_assert_int_eq(tf_err_set(NULL, TF_E_VALUE, EIO, "text"), -EIO);
}
END_TEST

START_TEST(context_goes_in_front_of_failures_only)
{
	struct tf_err err;

	tf_err_set(&err, TF_E_VALUE, 0, "reason");
	ck_assert_int_eq(tf_err_context(&err, 0, "never"), 0);
	ck_assert_str_eq(err.text, "reason");
	ck_assert_int_eq(tf_err_context(&err, -EBUSY, "--%s", "memory"), -EBUSY);
	ck_assert_str_eq(err.text, "--memory: reason");
	ck_assert_int_eq(err.code, TF_E_VALUE);
	ck_assert_int_eq(tf_err_context(NULL, -EBUSY, "x"), -EBUSY);
	err.text[0] = '\0';
	ck_assert_int_eq(tf_err_context(&err, -EBUSY, "x"), -EBUSY);
	ck_assert_str_eq(err.text, "");
}
END_TEST

START_TEST(long_texts_are_cut_visibly)
{
	char longer[2 * TF_ERR_TEXT];
	struct tf_err err;

	memset(longer, 'a', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	tf_err_set(&err, TF_E_PATH, ENOENT, "%s", longer);
	ck_assert_uint_eq(strlen(err.text), TF_ERR_TEXT - 1);
	ck_assert_str_eq(err.text + TF_ERR_TEXT - 4, "...");
	tf_err_set(&err, TF_E_PATH, 0, "%.1000s", longer);
	tf_err_context(&err, -1, "%.100s", longer);
	ck_assert_uint_eq(strlen(err.text), TF_ERR_TEXT - 1);
	ck_assert_str_eq(err.text + TF_ERR_TEXT - 4, "...");
}
END_TEST

START_TEST(every_code_has_a_name_of_its_own)
{
	for (int i = 0; i < TF_E_COUNT; i++) {
		ck_assert_ptr_nonnull(tf_err_name((enum tf_err_code)i));
		ck_assert_int_eq(strncmp(tf_err_name((enum tf_err_code)i), "E_", 2), 0);
		for (int j = 0; j < i; j++)
			ck_assert_str_ne(tf_err_name((enum tf_err_code)i),
			                 tf_err_name((enum tf_err_code)j));
	}
	ck_assert_str_eq(tf_err_name(TF_E_COUNT), "E_SYSTEM");
}
END_TEST

START_TEST(exit_codes_tell_missing_and_not_executable_apart)
{
	ck_assert_int_eq(tf_err_exit(TF_E_NOTFOUND), 127);
	ck_assert_int_eq(tf_err_exit(TF_E_NOEXEC), 126);
	ck_assert_int_eq(tf_err_exit(TF_E_USAGE), 125);
	ck_assert_int_eq(tf_err_exit(TF_E_NOTYET), 125);
}
END_TEST

Suite *test_err_suite(void)
{
	Suite *s = suite_create("err");
	TCase *tc = tcase_create("err");

	tcase_add_test(tc, set_appends_the_text_of_errno);
	tcase_add_test(tc, set_without_errno_returns_einval);
	tcase_add_test(tc, context_goes_in_front_of_failures_only);
	tcase_add_test(tc, long_texts_are_cut_visibly);
	tcase_add_test(tc, every_code_has_a_name_of_its_own);
	tcase_add_test(tc, exit_codes_tell_missing_and_not_executable_apart);
	suite_add_tcase(s, tc);
	return s;
}
