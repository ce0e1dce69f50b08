/*
 * monitor/cputimer: what works is noticed, what rests is not.
 */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "monitor/cputimer.h"
#include "monitor/signals.h"
#include "unit.h"

static sigset_t wake_set(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, TF_SIGNAL_WAKE);
	return set;
}

/* Whether a timer has fired within so many milliseconds. */
static int fires(int ms)
{
	struct timespec ts = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000l};
	sigset_t set = wake_set();

	return sigtimedwait(&set, NULL, &ts) == TF_SIGNAL_WAKE;
}

static volatile sig_atomic_t is_working;

static void begin_work(int sig)
{
	is_working = 1;
}

static pid_t make_sleeper(void)
{
	struct sigaction action = {.sa_handler = begin_work};
	pid_t pid = fork();

	if (pid)
		return pid;
	sigaction(SIGUSR1, &action, NULL);
	while (!is_working)
		usleep(100000);
	for (;;)
		;
}

START_TEST(work_is_noticed_and_rest_is_not)
{
	struct tf_cputimer timer = {.count = 0};
	struct tf_set set;
	sigset_t wake = wake_set();
	pid_t pid[3];

	sigprocmask(SIG_BLOCK, &wake, NULL);
	for (int i = 0; i < 3; i++)
		pid[i] = make_sleeper();
	usleep(50000);
	ck_assert_int_eq(tf_set_init(&set, "/proc", getpid()), 0);
	ck_assert_int_eq(tf_set_look(&set), 0);
	tf_cputimer_arm(&timer, &set);
	ck_assert_int_eq(timer.count, 3);
	ck_assert_int_eq(timer.is_covering, 1);
	ck_assert(!fires(300));
	kill(pid[1], SIGUSR1);
	ck_assert(fires(3000));
	tf_cputimer_disarm(&timer);
	ck_assert_int_eq(timer.count, 0);
	ck_assert_int_eq(timer.is_covering, 0);
	while (fires(1))
		;
	ck_assert(!fires(100)); /* it works on, but nothing is armed */
	for (int i = 0; i < 3; i++) {
		kill(pid[i], SIGKILL);
		waitpid(pid[i], NULL, 0);
	}
	tf_set_done(&set);
}
END_TEST

START_TEST(more_members_than_timers)
{
	struct tf_cputimer timer = {.count = 0};
	struct tf_set set;
	pid_t pid[TF_CPUTIMER_MAX + 5];

	for (int i = 0; i < TF_CPUTIMER_MAX + 5; i++)
		pid[i] = make_sleeper();
	ck_assert_int_eq(tf_set_init(&set, "/proc", getpid()), 0);
	ck_assert_int_eq(tf_set_look(&set), 0);
	tf_cputimer_arm(&timer, &set);
	ck_assert_int_eq(timer.count, TF_CPUTIMER_MAX);
	ck_assert_int_eq(timer.is_covering, 0);
	tf_cputimer_disarm(&timer);
	for (int i = 0; i < TF_CPUTIMER_MAX + 5; i++) {
		kill(pid[i], SIGKILL);
		waitpid(pid[i], NULL, 0);
	}
	tf_set_done(&set);
}
END_TEST

Suite *test_cputimer_suite(void)
{
	Suite *s = suite_create("cputimer");
	TCase *t = tcase_create("cputimer");

	tcase_set_timeout(t, 20);
	tcase_add_test(t, work_is_noticed_and_rest_is_not);
	tcase_add_test(t, more_members_than_timers);
	suite_add_tcase(s, t);
	return s;
}
