/*
 * The choice of the tier: what is asked for or a refusal, never less in silence.
 */
#include <errno.h>
#include <string.h>

#include "launcher/kernel/landlock.h"
#include "launcher/kernel/seccomp.h"
#include "launcher/kernel/tier.h"
#include "unit.h"

START_TEST(kernel_needs_both)
{
	static const enum tf_tier wanted[] = {TF_TIER_AUTO, TF_TIER_KERNEL};
	enum tf_tier tier;

	for (int i = 0; i < 2; i++) {
		tier = TF_TIER_BROKER;
		ck_assert_int_eq(tf_tier_choose(wanted[i], 1, 1, &tier, NULL), 0);
		ck_assert_int_eq(tier, TF_TIER_KERNEL);
		ck_assert_int_eq(tf_tier_choose(wanted[i], 0, 1, &tier, NULL), -EOPNOTSUPP);
		ck_assert_int_eq(tf_tier_choose(wanted[i], 7, 0, &tier, NULL), -EOPNOTSUPP);
		ck_assert_int_eq(tf_tier_choose(wanted[i], 0, 0, &tier, NULL), -EOPNOTSUPP);
	}
}
END_TEST

START_TEST(a_refusal_names_what_is_missing_and_what_remains)
{
	enum tf_tier tier = TF_TIER_BROKER;
	struct tf_err err;

	tf_tier_choose(TF_TIER_AUTO, 0, 1, &tier, &err);
	ck_assert_int_eq(err.code, TF_E_KERNEL);
	ck_assert_ptr_nonnull(strstr(err.text, "Landlock"));
	ck_assert_ptr_null(strstr(err.text, "seccomp"));
	ck_assert_ptr_nonnull(strstr(err.text, "--tier=cooperative"));
	tf_tier_choose(TF_TIER_AUTO, 1, 0, &tier, &err);
	ck_assert_ptr_nonnull(strstr(err.text, "seccomp"));
	ck_assert_ptr_null(strstr(err.text, "Landlock"));
	tf_tier_choose(TF_TIER_KERNEL, 0, 0, &tier, &err);
	ck_assert_ptr_nonnull(strstr(err.text, "seccomp"));
	ck_assert_ptr_nonnull(strstr(err.text, "Landlock"));
	/* nothing was chosen */
	ck_assert_int_eq(tier, TF_TIER_BROKER);
}
END_TEST

START_TEST(cooperative_only_by_name)
{
	enum tf_tier tier = TF_TIER_AUTO;

	ck_assert_int_eq(tf_tier_choose(TF_TIER_COOPERATIVE, 7, 1, &tier, NULL), 0);
	ck_assert_int_eq(tier, TF_TIER_COOPERATIVE);
	ck_assert_int_eq(tf_tier_pick(TF_TIER_COOPERATIVE, &tier, NULL), 0);
	ck_assert_int_eq(tier, TF_TIER_COOPERATIVE);
}
END_TEST

START_TEST(broker_is_not_there_yet)
{
	enum tf_tier tier = TF_TIER_AUTO;
	struct tf_err err;

	ck_assert_int_eq(tf_tier_pick(TF_TIER_BROKER, &tier, &err), -ENOSYS);
	ck_assert_int_eq(err.code, TF_E_NOTYET);
	ck_assert_int_eq(tier, TF_TIER_AUTO);
}
END_TEST

START_TEST(pick_asks_this_kernel)
{
	int can = tf_landlock_abi() > 0 && tf_seccomp_is_there();
	enum tf_tier tier = TF_TIER_AUTO;

	ck_assert_int_eq(!tf_tier_pick(TF_TIER_AUTO, &tier, NULL), can);
	ck_assert_int_eq(tier, can ? TF_TIER_KERNEL : TF_TIER_AUTO);
	ck_assert_str_eq(tf_tier_name(TF_TIER_KERNEL), "kernel");
	ck_assert_str_eq(tf_tier_name(TF_TIER_COOPERATIVE), "cooperative");
}
END_TEST

Suite *test_tier_suite(void)
{
	Suite *suite = suite_create("tier");
	TCase *tcase = tcase_create("choice");

	tcase_add_test(tcase, kernel_needs_both);
	tcase_add_test(tcase, a_refusal_names_what_is_missing_and_what_remains);
	tcase_add_test(tcase, cooperative_only_by_name);
	tcase_add_test(tcase, broker_is_not_there_yet);
	tcase_add_test(tcase, pick_asks_this_kernel);
	suite_add_tcase(suite, tcase);
	return suite;
}
