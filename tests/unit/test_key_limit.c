/*
 * launcher/plan/key_limit: memory, times, numbers, rlimits.
 */
#include <sys/resource.h>

#include "apply_key.h"

START_TEST(memory_is_at_least_a_mebibyte_or_none)
{
	fresh_settings();
	accepted(TF_FROM_PROFILE, "memory", "1.5g");
	ck_assert_uint_eq(set.memory_bytes, 3ull << 29);
	refused(TF_FROM_OPTION, "memory", "512", TF_E_VALUE, "at least 1m");
	refused(TF_FROM_OPTION, "memory", "lots", TF_E_VALUE, "not a size");
	refused(TF_FROM_OPTION, "memory", "99999999t", TF_E_VALUE, "too large");
	ck_assert_uint_eq(set.memory_bytes, 3ull << 29);
	accepted(TF_FROM_OPTION, "memory", "0");
	ck_assert_uint_eq(set.memory_bytes, 0);
}
END_TEST

START_TEST(times_go_to_their_own_field)
{
	fresh_settings();
	accepted(TF_FROM_OPTION, "timeout", "1.5s");
	accepted(TF_FROM_OPTION, "cpu-time", "2m");
	ck_assert_uint_eq(set.wall_ms, 1500);
	ck_assert_uint_eq(set.cpu_ms, 120000);
	refused(TF_FROM_PROFILE, "timeout", "soon", TF_E_VALUE, "not a time");
	refused(TF_FROM_PROFILE, "timeout", "4000d", TF_E_VALUE, "out of range");
	refused(TF_FROM_PROFILE, "timeout", "99999999999999999999", TF_E_VALUE, "out of range");
}
END_TEST

START_TEST(numbers_have_their_range)
{
	fresh_settings();
	accepted(TF_FROM_OPTION, "pids-limit", "64");
	accepted(TF_FROM_OPTION, "preserve-fds", "2");
	accepted(TF_FROM_OPTION, "status-fd", "5");
	ck_assert_uint_eq(set.pids, 64);
	ck_assert_uint_eq(set.preserve_fds, 2);
	ck_assert_int_eq(set.status_fd, 5);
	set.given = 0;
	refused(TF_FROM_OPTION, "pids-limit", "-1", TF_E_VALUE, "from 0 to 4194304");
	refused(TF_FROM_OPTION, "preserve-fds", "1001", TF_E_VALUE, "from 0 to 1000");
	refused(TF_FROM_OPTION, "status-fd", "2147483648", TF_E_VALUE, "from 0 to 2147483647");
	refused(TF_FROM_OPTION, "status-fd", "x", TF_E_VALUE, "\"x\"");
}
END_TEST

START_TEST(ulimits_are_soft_and_hard)
{
	fresh_settings();
	accepted(TF_FROM_PROFILE, "ulimit", "nofile=256:512");
	accepted(TF_FROM_PROFILE, "ulimit", "core=0");
	accepted(TF_FROM_PROFILE, "ulimit", "fsize=64m:unlimited");
	ck_assert_uint_eq(set.nulimits, 3);
	ck_assert_int_eq(set.ulimits[0].resource, RLIMIT_NOFILE);
	ck_assert_uint_eq(set.ulimits[0].soft, 256);
	ck_assert_uint_eq(set.ulimits[0].hard, 512);
	ck_assert_uint_eq(set.ulimits[1].hard, 0);
	ck_assert_uint_eq(set.ulimits[2].soft, 64u << 20);
	ck_assert_uint_eq(set.ulimits[2].hard, RLIM_INFINITY);
	/* a later one wins */
	accepted(TF_FROM_OPTION, "ulimit", "core=-1");
	ck_assert_uint_eq(set.nulimits, 3);
	ck_assert_uint_eq(set.ulimits[1].soft, RLIM_INFINITY);
}
END_TEST

START_TEST(bad_ulimits_are_refused)
{
	fresh_settings();
	refused(TF_FROM_OPTION, "ulimit", "nofile", TF_E_VALUE, "NAME=SOFT[:HARD]");
	refused(TF_FROM_OPTION, "ulimit", "files=1", TF_E_VALUE, "\"files\" is no limit");
	refused(TF_FROM_OPTION, "ulimit", "=1", TF_E_VALUE, "no limit");
	refused(TF_FROM_OPTION, "ulimit", "nofile=", TF_E_VALUE, "NAME=SOFT[:HARD]");
	refused(TF_FROM_OPTION, "ulimit", "nofile=1:", TF_E_VALUE, "NAME=SOFT[:HARD]");
	refused(TF_FROM_OPTION, "ulimit", "nofile=1m", TF_E_VALUE, "NAME=SOFT[:HARD]");
	refused(TF_FROM_OPTION, "ulimit", "nofile=2:1", TF_E_VALUE, "above the hard one");
	refused(TF_FROM_OPTION, "ulimit", "rttime=1", TF_E_VALUE, "rttime is taken");
	ck_assert_uint_eq(set.nulimits, 0);
}
END_TEST

Suite *test_key_limit_suite(void)
{
	Suite *s = suite_create("key_limit");
	TCase *tc = tcase_create("key_limit");

	tcase_add_test(tc, memory_is_at_least_a_mebibyte_or_none);
	tcase_add_test(tc, times_go_to_their_own_field);
	tcase_add_test(tc, numbers_have_their_range);
	tcase_add_test(tc, ulimits_are_soft_and_hard);
	tcase_add_test(tc, bad_ulimits_are_refused);
	suite_add_tcase(s, tc);
	return s;
}
