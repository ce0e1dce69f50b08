/*
 * launcher/plan/settings: the table, origins, contradictions.
 */
#include <errno.h>

#include "apply_key.h"

#define NELEM(a) (sizeof(a) / sizeof((a)[0]))

/* Compiled profiles hold indices: this list may only grow at its end. */
static const char *const frozen[] = {
        "ro",        "rw",       "volume",   "copy",     "hide",       "tmpfs",        "workdir",
        "env",       "env-file", "clearenv", "pass",     "set",        "clear",        "name",
        "rm",        "memory",   "timeout",  "cpu-time", "pids-limit", "ulimit",       "network",
        "unix",      "profile",  "mode",     "tier",     "require",    "preserve-fds", "report",
        "status-fd", "explain",  "quiet",    "log",      "log-format", "base",
};

START_TEST(the_order_of_the_table_is_frozen)
{
	ck_assert_uint_ge(tf_nkeys, NELEM(frozen));
	for (unsigned int i = 0; i < NELEM(frozen); i++)
		ck_assert_str_eq(tf_keys[i].name, frozen[i]);
}
END_TEST

START_TEST(names_and_letters_are_unique_and_rows_complete)
{
	for (unsigned int i = 0; i < tf_nkeys; i++) {
		ck_assert_msg(tf_keys[i].help && tf_keys[i].section && tf_keys[i].apply &&
		                      tf_keys[i].where,
		              "%s", tf_keys[i].name);
		/* completion scripts put them into single quotes */
		ck_assert_ptr_null(strchr(tf_keys[i].help, '\''));
		ck_assert_ptr_eq(tf_key_find(tf_keys[i].name), &tf_keys[i]);
		for (unsigned int j = 0; j < i; j++)
			ck_assert_msg(!tf_keys[i].letter || tf_keys[i].letter != tf_keys[j].letter,
			              "-%c twice", tf_keys[i].letter);
	}
	ck_assert_ptr_null(tf_key_find("none"));
}
END_TEST

START_TEST(init_does_not_need_clean_storage)
{
	memset(&set, 0xee, sizeof(set));
	tf_settings_init(&set);
	ck_assert_int_eq(set.status_fd, -1);
	ck_assert_uint_eq(set.nrequests + set.nenv + set.nports + set.nulimits + set.arena_used, 0);
	ck_assert_uint_eq(set.memory_bytes + set.wall_ms + set.cpu_ms + set.given, 0);
	ck_assert_uint_eq(set.pids + set.require + set.preserve_fds, 0);
	ck_assert_int_eq(set.is_env_clear | set.may_unix | set.is_rm | set.is_quiet |
	                         set.is_explain | set.is_log_json,
	                 0);
	ck_assert_int_eq(set.network, TF_NETWORK_NONE);
	ck_assert_int_eq(set.mode, TF_MODE_AUTO);
	ck_assert_int_eq(set.tier, TF_TIER_AUTO);
	ck_assert(!set.workdir && !set.name && !set.report && !set.log && !set.profile &&
	          !set.home && !set.cwd && !set.argv);
}
END_TEST

START_TEST(errors_name_the_option_or_the_key)
{
	fresh_settings();
	refused(TF_FROM_OPTION, "memory", "12q", TF_E_VALUE, "--memory: \"12q\"");
	refused(TF_FROM_PROFILE, "memory", "12q", TF_E_VALUE, "[limits] memory: \"12q\"");
	refused(TF_FROM_CONF, "mode", "x", TF_E_VALUE, "[turf] mode: \"x\"");
}
END_TEST

START_TEST(keys_stand_only_where_they_may)
{
	fresh_settings();
	refused(TF_FROM_PROFILE, "name", "x", TF_E_USAGE, "not allowed");
	refused(TF_FROM_OPTION, "pass", "x", TF_E_USAGE, "not allowed");
	refused(TF_FROM_CONF, "memory", "1g", TF_E_USAGE, "not allowed");
	refused(TF_FROM_PROFILE, "profile", "x", TF_E_USAGE, "not allowed");
}
END_TEST

START_TEST(single_values_are_given_once_on_the_command_line)
{
	fresh_settings();
	accepted(TF_FROM_PROFILE, "memory", "1g");
	accepted(TF_FROM_PROFILE, "memory", "2g");
	accepted(TF_FROM_OPTION, "memory", "3g");
	refused(TF_FROM_OPTION, "memory", "4g", TF_E_USAGE, "given twice");
	ck_assert_uint_eq(set.memory_bytes, 3ull << 30);
	accepted(TF_FROM_OPTION, "env", "A=1");
	accepted(TF_FROM_OPTION, "env", "A=2");
}
END_TEST

START_TEST(check_finds_a_hidden_workdir)
{
	fresh_settings();
	accepted(TF_FROM_OPTION, "hide", "/a");
	accepted(TF_FROM_OPTION, "workdir", "/a/b/c");
	ck_assert_int_lt(tf_settings_check(&set, &err), 0);
	ck_assert_int_eq(err.code, TF_E_PATH);
	accepted(TF_FROM_OPTION, "ro", "/x:/a/b");
	ck_assert_int_eq(tf_settings_check(&set, &err), 0);
}
END_TEST

START_TEST(check_finds_a_tier_without_fallback)
{
	fresh_settings();
	accepted(TF_FROM_OPTION, "tier", "kernel");
	ck_assert_int_eq(tf_settings_check(&set, &err), 0);
	accepted(TF_FROM_OPTION, "mode", "sysadmin");
	ck_assert_int_lt(tf_settings_check(&set, &err), 0);
	ck_assert_int_eq(err.code, TF_E_USAGE);
}
END_TEST

Suite *test_settings_suite(void)
{
	Suite *s = suite_create("settings");
	TCase *tc = tcase_create("settings");

	tcase_add_test(tc, the_order_of_the_table_is_frozen);
	tcase_add_test(tc, names_and_letters_are_unique_and_rows_complete);
	tcase_add_test(tc, init_does_not_need_clean_storage);
	tcase_add_test(tc, errors_name_the_option_or_the_key);
	tcase_add_test(tc, keys_stand_only_where_they_may);
	tcase_add_test(tc, single_values_are_given_once_on_the_command_line);
	tcase_add_test(tc, check_finds_a_hidden_workdir);
	tcase_add_test(tc, check_finds_a_tier_without_fallback);
	suite_add_tcase(s, tc);
	return s;
}
