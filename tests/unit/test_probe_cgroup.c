/*
 * The cgroup probes agree with what can be done in the own groups.
 */
#include <string.h>

#include "launcher/kernel/cgroup.h"
#include "launcher/kernel/probe.h"
#include "unit.h"

static int can_make(const char *controller)
{
	char dir[4096];

	return !tf_cgroup_own_dir(controller, dir, sizeof(dir)) && !tf_cgroup_try(dir);
}

START_TEST(version_1_is_there_when_memory_or_pids_can_be_limited)
{
	struct tf_probe_result r;
	int memory = can_make("memory"), pids = can_make("pids");

	tf_probe_run(TF_PROBE_CGROUP1, &r);
	ck_assert_int_eq(r.is_there, memory || pids);
	ck_assert_int_eq(!!(r.value & TF_CGROUP_MEMORY), memory);
	ck_assert_int_eq(!!(r.value & TF_CGROUP_PIDS), pids);
	ck_assert_int_eq(strstr(r.detail, " memory") != NULL, memory);
}
END_TEST

START_TEST(version_2_is_there_when_a_group_with_controllers_can_be_made)
{
	struct tf_probe_result r;

	tf_probe_run(TF_PROBE_CGROUP2, &r);
	ck_assert_int_eq(r.is_there, can_make(NULL) && r.value);
}
END_TEST

Suite *test_probe_cgroup_suite(void)
{
	Suite *suite = suite_create("probe_cgroup");
	TCase *tcase = tcase_create("probes");

	tcase_add_test(tcase, version_1_is_there_when_memory_or_pids_can_be_limited);
	tcase_add_test(tcase, version_2_is_there_when_a_group_with_controllers_can_be_made);
	suite_add_tcase(suite, tcase);
	return suite;
}
