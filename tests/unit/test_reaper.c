/*
 * monitor/reaper: what ends and stops is told apart, and added up.
 */
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "monitor/reaper.h"
#include "unit.h"

static void burn_ms(int ms)
{
	struct timespec ts;

	do {
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	} while (ts.tv_sec * 1000 + ts.tv_nsec / 1000000 < ms);
}

START_TEST(the_reaper_adds_up_what_it_waits_for)
{
	struct tf_reaper reaper = {.child = 0};
	enum tf_reaper_rest rest;

	for (int i = 0; i < 3; i++) {
		pid_t pid = fork();

		if (!pid) {
			burn_ms(30);
			_exit(5 + i);
		}
		if (i == 1)
			reaper.child = pid;
	}
	while ((rest = tf_reaper_collect(&reaper, 1)) != TF_REAPER_NONE)
		if (rest == TF_REAPER_RUNNING)
			usleep(1000);
	ck_assert_uint_eq(reaper.reaped, 3);
	ck_assert_int_eq(reaper.has_ended, 1);
	ck_assert_int_eq(WEXITSTATUS(reaper.status), 6);
	ck_assert_uint_ge(reaper.user_us + reaper.system_us, 80000);
	ck_assert_uint_gt(reaper.peak_rss_bytes, 0);
}
END_TEST

START_TEST(no_child_at_all)
{
	struct tf_reaper reaper = {.child = 0};

	ck_assert_int_eq(tf_reaper_collect(&reaper, 10), TF_REAPER_NONE);
	ck_assert_int_eq(reaper.has_ended, 0);
}
END_TEST

START_TEST(a_stop_is_no_end)
{
	struct tf_reaper reaper = {.child = fork()};
	siginfo_t info;

	if (!reaper.child) {
		raise(SIGSTOP);
		_exit(3);
	}
	ck_assert_int_eq(waitid(P_PID, (id_t)reaper.child, &info, WSTOPPED | WNOWAIT), 0);
	ck_assert_int_eq(tf_reaper_collect(&reaper, 10), TF_REAPER_RUNNING);
	ck_assert_int_eq(reaper.is_stopped, 1);
	ck_assert_int_eq(reaper.has_ended, 0);
	ck_assert_uint_eq(reaper.reaped, 0);
	kill(reaper.child, SIGCONT);
	ck_assert_int_eq(waitid(P_PID, (id_t)reaper.child, &info, WEXITED | WNOWAIT), 0);
	ck_assert_int_eq(tf_reaper_collect(&reaper, 10), TF_REAPER_NONE);
	ck_assert_int_eq(reaper.is_stopped, 0);
	ck_assert_int_eq(WEXITSTATUS(reaper.status), 3);
}
END_TEST

START_TEST(at_most_so_many_at_once)
{
	struct tf_reaper reaper = {.child = 0};
	siginfo_t info;

	for (int i = 0; i < 5; i++)
		if (!fork())
			_exit(0);
	usleep(50000);
	ck_assert_int_eq(waitid(P_ALL, 0, &info, WEXITED | WNOWAIT), 0);
	ck_assert_int_eq(tf_reaper_collect(&reaper, 2), TF_REAPER_MORE);
	ck_assert_uint_eq(reaper.reaped, 2);
	while (tf_reaper_collect(&reaper, 2) != TF_REAPER_NONE)
		;
	ck_assert_uint_eq(reaper.reaped, 5);
}
END_TEST

Suite *test_reaper_suite(void)
{
	Suite *s = suite_create("reaper");
	TCase *t = tcase_create("reaper");

	tcase_add_test(t, the_reaper_adds_up_what_it_waits_for);
	tcase_add_test(t, no_child_at_all);
	tcase_add_test(t, a_stop_is_no_end);
	tcase_add_test(t, at_most_so_many_at_once);
	suite_add_tcase(s, t);
	return s;
}
