/*
 * launcher/plan/environ: which variables of the caller's a program gets to see.
 */
#include <string.h>

#include "launcher/plan/plan.h"
#include "unit.h"

static struct tf_settings set;
static struct tf_plan plan;
static struct tf_err err;
static char *env[16];

static const char *const caller[] = {"PATH=/bin",
                                     "HOME=/home/caller",
                                     "AWS_SECRET=x",
                                     "LC_ALL=C",
                                     "LC_TIME=de",
                                     "LCX=1",
                                     "EMPTY=",
                                     "broken",
                                     NULL};

/* environ(7) has no const. */
static char *const *from(void)
{
	return (char *const *)(uintptr_t)caller;
}

static void setup(void)
{
	tf_settings_init(&set);
	plan.arena_used = 0;
	memset(&err, 0, sizeof(err));
}

static void rule(enum tf_env_kind kind, const char *text)
{
	set.env[set.nenv++] = (struct tf_env_rule){.kind = kind, .text = text};
}

static int make(const char *home)
{
	return tf_plan_environ(&plan, &set, home, from(), env, 16, &err);
}

static const char *value(const char *name)
{
	size_t n = strlen(name);

	for (char **e = env; *e; e++)
		if (strncmp(*e, name, n) == 0 && (*e)[n] == '=')
			return *e + n + 1;
	return "(none)";
}

START_TEST(without_rules_there_is_home_only)
{
	ck_assert_int_eq(make("/work"), 1);
	ck_assert_str_eq(env[0], "HOME=/work");
	ck_assert_ptr_null(env[1]);
}
END_TEST

START_TEST(named_variables_pass_and_no_others)
{
	rule(TF_ENV_PASS, "PATH");
	rule(TF_ENV_PASS, "NOT_SET");
	ck_assert_int_eq(make("/work"), 2);
	ck_assert_str_eq(value("PATH"), "/bin");
	ck_assert_str_eq(value("AWS_SECRET"), "(none)");
}
END_TEST

START_TEST(a_name_is_the_whole_name)
{
	rule(TF_ENV_PASS, "LC");
	rule(TF_ENV_PASS, "PATHS");
	ck_assert_int_eq(make(NULL), 0);
}
END_TEST

START_TEST(a_star_takes_all_that_begin_so)
{
	rule(TF_ENV_PASS, "LC_*");
	ck_assert_int_eq(make(NULL), 2);
	ck_assert_str_eq(value("LC_ALL"), "C");
	ck_assert_str_eq(value("LC_TIME"), "de");
	ck_assert_str_eq(value("LCX"), "(none)");
}
END_TEST

START_TEST(what_has_no_value_sign_never_passes)
{
	rule(TF_ENV_PASS, "*");
	ck_assert_int_eq(make(NULL), 7);
	ck_assert_str_eq(value("EMPTY"), "");
}
END_TEST

START_TEST(the_later_rule_wins)
{
	rule(TF_ENV_PASS, "PATH");
	rule(TF_ENV_SET, "PATH=/mine");
	ck_assert_int_eq(make(NULL), 1);
	ck_assert_str_eq(value("PATH"), "/mine");
}
END_TEST

START_TEST(a_home_that_was_set_or_passed_is_kept)
{
	rule(TF_ENV_PASS, "HOME");
	ck_assert_int_eq(make("/work"), 1);
	ck_assert_str_eq(value("HOME"), "/home/caller");
}
END_TEST

START_TEST(clearenv_adds_nothing_by_itself)
{
	set.is_env_clear = 1;
	ck_assert_int_eq(make("/work"), 0);
	ck_assert_ptr_null(env[0]);
}
END_TEST

START_TEST(too_many_are_refused_not_cut)
{
	rule(TF_ENV_PASS, "*");
	ck_assert_int_lt(tf_plan_environ(&plan, &set, NULL, from(), env, 4, &err), 0);
	ck_assert_int_eq(err.code, TF_E_VALUE);
}
END_TEST

Suite *test_environ_suite(void)
{
	Suite *suite = suite_create("environ");
	TCase *tc = tcase_create("environ");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, without_rules_there_is_home_only);
	tcase_add_test(tc, named_variables_pass_and_no_others);
	tcase_add_test(tc, a_name_is_the_whole_name);
	tcase_add_test(tc, a_star_takes_all_that_begin_so);
	tcase_add_test(tc, what_has_no_value_sign_never_passes);
	tcase_add_test(tc, the_later_rule_wins);
	tcase_add_test(tc, a_home_that_was_set_or_passed_is_kept);
	tcase_add_test(tc, clearenv_adds_nothing_by_itself);
	tcase_add_test(tc, too_many_are_refused_not_cut);
	suite_add_tcase(suite, tc);
	return suite;
}
