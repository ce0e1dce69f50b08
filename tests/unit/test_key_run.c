/*
 * launcher/plan/key_run: flags, words, names, files, what is required.
 */
#include "apply_key.h"
#include "launcher/kernel/probe.h"

START_TEST(flags_are_yes_or_no)
{
	fresh_settings();
	accepted(TF_FROM_PROFILE, "unix", "yes");
	ck_assert_int_eq(set.may_unix, 1);
	accepted(TF_FROM_OPTION, "unix", "no");
	ck_assert_int_eq(set.may_unix, 0);
	refused(TF_FROM_OPTION, "rm", "maybe", TF_E_VALUE, "neither yes nor no");
	accepted(TF_FROM_OPTION, "rm", "yes");
	accepted(TF_FROM_OPTION, "quiet", "yes");
	accepted(TF_FROM_OPTION, "explain", "yes");
	ck_assert_int_eq(set.is_rm & set.is_quiet & set.is_explain, 1);
}
END_TEST

START_TEST(words_are_named_when_unknown)
{
	fresh_settings();
	accepted(TF_FROM_OPTION, "mode", "rootless");
	accepted(TF_FROM_OPTION, "tier", "cooperative");
	accepted(TF_FROM_OPTION, "log-format", "json");
	ck_assert_int_eq(set.mode, TF_MODE_ROOTLESS);
	ck_assert_int_eq(set.tier, TF_TIER_COOPERATIVE);
	ck_assert_int_eq(set.is_log_json, 1);
	refused(TF_FROM_PROFILE, "mode", "root", TF_E_VALUE,
	        "none of auto, fallback, rootless, sysadmin");
	refused(TF_FROM_PROFILE, "tier", "", TF_E_VALUE,
	        "none of auto, kernel, broker, cooperative");
	refused(TF_FROM_CONF, "log-format", "xml", TF_E_VALUE, "none of text, json");
}
END_TEST

START_TEST(every_word_means_its_own_value)
{
	static const char *const modes[] = {"auto", "fallback", "rootless", "sysadmin"};
	static const char *const tiers[] = {"auto", "kernel", "broker", "cooperative"};
	static const enum tf_mode mode[] = {TF_MODE_AUTO, TF_MODE_FALLBACK, TF_MODE_ROOTLESS,
	                                    TF_MODE_SYSADMIN};
	static const enum tf_tier tier[] = {TF_TIER_AUTO, TF_TIER_KERNEL, TF_TIER_BROKER,
	                                    TF_TIER_COOPERATIVE};

	fresh_settings();
	for (int i = 0; i < 4; i++) {
		accepted(TF_FROM_PROFILE, "mode", modes[i]);
		accepted(TF_FROM_PROFILE, "tier", tiers[i]);
		ck_assert_int_eq(set.mode, mode[i]);
		ck_assert_int_eq(set.tier, tier[i]);
	}
}
END_TEST

START_TEST(names_are_checked)
{
	fresh_settings();
	refused(TF_FROM_OPTION, "name", "../x", TF_E_NAME, "is no name");
	refused(TF_FROM_OPTION, "name", "", TF_E_NAME, "is no name");
	refused(TF_FROM_OPTION, "name", "a\nb", TF_E_NAME, "is no name");
	accepted(TF_FROM_OPTION, "name", "a-1");
	ck_assert_str_eq(set.name, "a-1");
	refused(TF_FROM_PROFILE, "base", "..", TF_E_NAME, "is no name");
	accepted(TF_FROM_PROFILE, "base", "default");
}
END_TEST

START_TEST(profiles_are_names_or_paths)
{
	fresh_settings();
	accepted(TF_FROM_CONF, "profile", "strict");
	ck_assert_str_eq(set.profile, "strict");
	accepted(TF_FROM_OPTION, "profile", "./mine.conf");
	ck_assert_str_eq(set.profile, "/home/u/here/mine.conf");
	set.given = 0;
	refused(TF_FROM_OPTION, "profile", "..", TF_E_NAME, "is no name");
	refused(TF_FROM_CONF, "profile", "a/b", TF_E_PATH, "must begin with /");
}
END_TEST

START_TEST(files_are_made_absolute)
{
	fresh_settings();
	accepted(TF_FROM_OPTION, "report", "r.json");
	accepted(TF_FROM_OPTION, "log", "/var/log/x");
	ck_assert_str_eq(set.report, "/home/u/here/r.json");
	ck_assert_str_eq(set.log, "/var/log/x");
	refused(TF_FROM_CONF, "log", "x", TF_E_PATH, "must begin with /");
	refused(TF_FROM_CONF, "log", "", TF_E_VALUE, "empty");
}
END_TEST

START_TEST(requirements_add_up)
{
	fresh_settings();
	accepted(TF_FROM_PROFILE, "require", "landlock");
	accepted(TF_FROM_OPTION, "require", "seccomp,userns");
	ck_assert_uint_eq(set.require,
	                  1u << TF_PROBE_LANDLOCK | 1u << TF_PROBE_SECCOMP | 1u << TF_PROBE_USERNS);
	refused(TF_FROM_OPTION, "require", "magic", TF_E_VALUE, "magic");
	refused(TF_FROM_OPTION, "require", "", TF_E_VALUE, "landlock");
}
END_TEST

Suite *test_key_run_suite(void)
{
	Suite *s = suite_create("key_run");
	TCase *tc = tcase_create("key_run");

	tcase_add_test(tc, flags_are_yes_or_no);
	tcase_add_test(tc, words_are_named_when_unknown);
	tcase_add_test(tc, every_word_means_its_own_value);
	tcase_add_test(tc, names_are_checked);
	tcase_add_test(tc, profiles_are_names_or_paths);
	tcase_add_test(tc, files_are_made_absolute);
	tcase_add_test(tc, requirements_add_up);
	suite_add_tcase(s, tc);
	return s;
}
