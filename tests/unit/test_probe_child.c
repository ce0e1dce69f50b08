/*
 * Probes in a child of their own: what they say must hold together. That they leave nothing behind: test_probe.c.
 */
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher/kernel/probe.h"
#include "unit.h"

static int answer(enum tf_probe_id id, int *ret_value)
{
	struct tf_probe_result r;

	tf_probe_run(id, &r);
	*ret_value = r.value;
	return r.is_there;
}

START_TEST(later_abilities_of_notification_imply_earlier_ones)
{
	int value;

	if (!answer(TF_PROBE_NOTIFY, &value))
		unit_skip("no notification listener can be made here");
	if (value & TF_NOTIFY_SYNC)
		ck_assert_int_ne(value & TF_NOTIFY_KILLABLE, 0);
	if (value & TF_NOTIFY_KILLABLE)
		ck_assert_int_ne(value & TF_NOTIFY_ADDFD_SEND, 0);
	if (value & TF_NOTIFY_ADDFD_SEND)
		ck_assert_int_ne(value & TF_NOTIFY_ADDFD, 0);
}
END_TEST

START_TEST(an_overlay_needs_a_user_namespace)
{
	int value;

	if (answer(TF_PROBE_OVERLAY, &value))
		ck_assert_int_eq(answer(TF_PROBE_USERNS, &value), 1);
}
END_TEST

START_TEST(a_namespace_that_is_there_can_be_made)
{
	int value, status;
	pid_t pid;

	if (!answer(TF_PROBE_USERNS, &value))
		unit_skip("no user namespaces here");
	pid = fork();
	if (!pid)
		_exit(unshare(CLONE_NEWUSER) ? 1 : 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}
END_TEST

Suite *test_probe_child_suite(void)
{
	Suite *suite = suite_create("probe_child");
	TCase *tcase = tcase_create("probes");

	tcase_set_timeout(tcase, 20);
	tcase_add_test(tcase, later_abilities_of_notification_imply_earlier_ones);
	tcase_add_test(tcase, an_overlay_needs_a_user_namespace);
	tcase_add_test(tcase, a_namespace_that_is_there_can_be_made);
	suite_add_tcase(suite, tcase);
	return suite;
}
