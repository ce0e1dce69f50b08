/*
 * Probes that ask the kernel directly, against other ways of asking. What an outer sandbox takes away: test_probe.c.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "launcher/kernel/landlock.h"
#include "launcher/kernel/probe.h"
#include "launcher/kernel/seccomp.h"
#include "unit.h"

static int answer(enum tf_probe_id id, int *ret_value)
{
	struct tf_probe_result r;

	tf_probe_run(id, &r);
	*ret_value = r.value;
	return r.is_there;
}

START_TEST(landlocks_parts_follow_its_abi)
{
	int abi = 0, value;

	ck_assert_int_eq(answer(TF_PROBE_LANDLOCK, &abi), tf_landlock_abi() > 0);
	ck_assert_int_eq(abi, tf_landlock_abi());
	ck_assert_int_eq(answer(TF_PROBE_LANDLOCK_NET, &value), abi >= TF_LL_ABI_NET);
	ck_assert_int_eq(answer(TF_PROBE_LANDLOCK_SCOPES, &value), abi >= TF_LL_ABI_SCOPES);
}
END_TEST

START_TEST(seccomp_is_asked_as_the_launcher_asks)
{
	int value;

	ck_assert_int_eq(answer(TF_PROBE_SECCOMP, &value), tf_seccomp_is_there());
}
END_TEST

START_TEST(proc_says_what_is_hidden_from_this_user)
{
	int level = -1;

	if (access("/proc/self/stat", R_OK)) {
		ck_assert_int_eq(answer(TF_PROBE_PROC, &level), 0);
		unit_skip("/proc is not mounted");
	}
	ck_assert_int_eq(answer(TF_PROBE_PROC, &level), 1);
	ck_assert_int_eq(level == 2, access("/proc/1", F_OK) != 0);
	ck_assert_int_eq(level == 0, access("/proc/1/status", R_OK) == 0);
}
END_TEST

Suite *test_probe_kernel_suite(void)
{
	Suite *suite = suite_create("probe_kernel");
	TCase *tcase = tcase_create("probes");

	tcase_add_test(tcase, landlocks_parts_follow_its_abi);
	tcase_add_test(tcase, seccomp_is_asked_as_the_launcher_asks);
	tcase_add_test(tcase, proc_says_what_is_hidden_from_this_user);
	suite_add_tcase(suite, tcase);
	return suite;
}
