/*
 * launcher/plan/key_env: variables that pass and that are set.
 */
#include "apply_key.h"
#include "scratch_dir.h"

START_TEST(a_value_sets_and_a_name_passes)
{
	fresh_settings();
	accepted(TF_FROM_OPTION, "env", "A=1=2");
	accepted(TF_FROM_OPTION, "env", "B");
	accepted(TF_FROM_OPTION, "env", "C=");
	accepted(TF_FROM_PROFILE, "pass", "LC_*");
	accepted(TF_FROM_PROFILE, "set", "D=x y");
	ck_assert_uint_eq(set.nenv, 5);
	ck_assert_int_eq(set.env[0].kind, TF_ENV_SET);
	ck_assert_str_eq(set.env[0].text, "A=1=2");
	ck_assert_int_eq(set.env[1].kind, TF_ENV_PASS);
	ck_assert_int_eq(set.env[2].kind, TF_ENV_SET);
	ck_assert_int_eq(set.env[3].kind, TF_ENV_PASS);
	ck_assert_int_eq(set.env[3].from_profile, 1);
	ck_assert_str_eq(set.env[4].text, "D=x y");
}
END_TEST

START_TEST(names_that_are_none_are_refused)
{
	fresh_settings();
	refused(TF_FROM_OPTION, "env", "", TF_E_VALUE, "no name");
	refused(TF_FROM_OPTION, "env", "=x", TF_E_VALUE, "no name");
	refused(TF_FROM_OPTION, "env", "A B=x", TF_E_VALUE, "no name");
	refused(TF_FROM_OPTION, "env", "A\n", TF_E_VALUE, "no name");
	refused(TF_FROM_PROFILE, "pass", "A=1", TF_E_VALUE, "no name");
	refused(TF_FROM_PROFILE, "set", "A", TF_E_VALUE, "no =VALUE");
	refused(TF_FROM_PROFILE, "pass", "*", TF_E_VALUE, "only end a name");
	refused(TF_FROM_PROFILE, "pass", "L*C", TF_E_VALUE, "only end a name");
	refused(TF_FROM_OPTION, "env", "A*=1", TF_E_VALUE, "only end a name");
	ck_assert_uint_eq(set.nenv, 0);
}
END_TEST

START_TEST(clearing_forgets_the_profile_but_not_the_command_line)
{
	fresh_settings();
	accepted(TF_FROM_PROFILE, "pass", "PATH");
	accepted(TF_FROM_OPTION, "env", "A=1");
	accepted(TF_FROM_OPTION, "clearenv", "no");
	ck_assert_uint_eq(set.nenv, 2);
	set.given = 0;
	accepted(TF_FROM_OPTION, "clearenv", "yes");
	ck_assert_uint_eq(set.nenv, 1);
	ck_assert_str_eq(set.env[0].text, "A=1");
	ck_assert_int_eq(set.is_env_clear, 1);
}
END_TEST

START_TEST(a_profile_forgets_its_base)
{
	fresh_settings();
	accepted(TF_FROM_PROFILE, "pass", "PATH");
	accepted(TF_FROM_PROFILE, "clear", "yes");
	accepted(TF_FROM_PROFILE, "pass", "HOME");
	ck_assert_uint_eq(set.nenv, 1);
	ck_assert_str_eq(set.env[0].text, "HOME");
}
END_TEST

START_TEST(files_have_lines_comments_and_carriage_returns)
{
	fresh_settings();
	scratch_write("env", "# comment\n\nA=1 # no comment\r\nB\nC=x\ry");
	accepted(TF_FROM_OPTION, "env-file", "env");
	ck_assert_uint_eq(set.nenv, 3);
	ck_assert_str_eq(set.env[0].text, "A=1 # no comment");
	ck_assert_str_eq(set.env[1].text, "B");
	ck_assert_str_eq(set.env[2].text, "C=x\ry");
	accepted(TF_FROM_OPTION, "env-file", "env");
	ck_assert_str_eq(set.env[0].text, "A=1 # no comment");
}
END_TEST

START_TEST(errors_in_files_have_a_line)
{
	fresh_settings();
	scratch_write("env", "A=1\n=2\n");
	refused(TF_FROM_OPTION, "env-file", "env", TF_E_VALUE, "--env-file: env:2: ");
	refused(TF_FROM_OPTION, "env-file", "none", TF_E_PATH, "No such file");
	ck_assert_int_eq(
	        system("printf 'A=1\\0B=2\\n' >nul; head -c 300000 /dev/zero | tr '\\0' a >large"),
	        0);
	refused(TF_FROM_OPTION, "env-file", "nul", TF_E_VALUE, "NUL");
	refused(TF_FROM_OPTION, "env-file", "large", TF_E_PATH, "too large");
}
END_TEST

START_TEST(variables_have_a_limit)
{
	fresh_settings();
	for (int i = 0; i < TF_MAX_ENV; i++)
		accepted(TF_FROM_OPTION, "env", "A=1");
	refused(TF_FROM_OPTION, "env", "A=1", TF_E_VALUE, "more than 1024");
}
END_TEST

Suite *test_key_env_suite(void)
{
	Suite *s = suite_create("key_env");
	TCase *tc = tcase_create("key_env");

	tcase_add_checked_fixture(tc, scratch_make, scratch_drop);
	tcase_add_test(tc, a_value_sets_and_a_name_passes);
	tcase_add_test(tc, names_that_are_none_are_refused);
	tcase_add_test(tc, clearing_forgets_the_profile_but_not_the_command_line);
	tcase_add_test(tc, a_profile_forgets_its_base);
	tcase_add_test(tc, files_have_lines_comments_and_carriage_returns);
	tcase_add_test(tc, errors_in_files_have_a_line);
	tcase_add_test(tc, variables_have_a_limit);
	suite_add_tcase(s, tc);
	return s;
}
