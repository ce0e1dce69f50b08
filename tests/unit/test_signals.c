/*
 * monitor/signals: taken as a descriptor, given back, passed on to whom they are meant for.
 */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "monitor/signals.h"
#include "unit.h"

START_TEST(taken_and_given_back)
{
	struct tf_signals signals;
	sigset_t before, after;

	sigprocmask(SIG_BLOCK, NULL, &before);
	ck_assert_int_eq(tf_signals_take(&signals), 0);
	ck_assert_int_eq(tf_signals_next(&signals), 0);
	kill(getpid(), SIGUSR2);
	kill(getpid(), SIGUSR2); /* merged */
	ck_assert_int_eq(tf_signals_next(&signals), SIGUSR2);
	ck_assert_int_eq(tf_signals_next(&signals), 0);
	/* One that nobody has taken must not be delivered late: SIGUSR1 would end this test. */
	kill(getpid(), SIGUSR1);
	tf_signals_give_back(&signals);
	sigprocmask(SIG_BLOCK, NULL, &after);
	for (int sig = 1; sig < 64; sig++)
		ck_assert_int_eq(sigismember(&before, sig), sigismember(&after, sig));
}
END_TEST

START_TEST(ignored_ones_are_left_alone)
{
	struct tf_signals signals;

	signal(SIGHUP, SIG_IGN);
	ck_assert_int_eq(tf_signals_take(&signals), 0);
	ck_assert_int_eq(sigismember(&signals.taken, SIGHUP), 0);
	ck_assert_int_eq(sigismember(&signals.taken, SIGTERM), 1);
	kill(getpid(), SIGHUP);
	ck_assert_int_eq(tf_signals_next(&signals), 0);
	tf_signals_give_back(&signals);
}
END_TEST

START_TEST(an_ignored_sigchld_is_put_right_meanwhile)
{
	struct tf_signals signals;
	struct sigaction action;
	int status;
	pid_t pid;

	signal(SIGCHLD, SIG_IGN);
	ck_assert_int_eq(tf_signals_take(&signals), 0);
	pid = fork();
	if (!pid)
		_exit(9);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(WEXITSTATUS(status), 9);
	tf_signals_give_back(&signals);
	sigaction(SIGCHLD, NULL, &action);
	ck_assert(action.sa_handler == SIG_IGN);
}
END_TEST

/* A child, in a group of its own or not, with a child of its own; both die of what reaches them. */
static pid_t make_pair(int has_group)
{
	int fd[2];
	char byte;
	pid_t pid;

	ck_assert_int_eq(pipe(fd), 0);
	pid = fork();
	if (!pid) {
		pid_t below;

		signal(SIGTERM, SIG_IGN);
		if (has_group)
			setpgid(0, 0);
		signal(SIGUSR1, SIG_IGN);
		below = fork();
		if (!below) {
			signal(SIGUSR1, SIG_DFL);
			signal(SIGTERM, SIG_DFL);
			if (write(fd[1], "", 1) != 1)
				_exit(1);
			for (;;)
				pause();
		}
		waitpid(below, (int *)&has_group, 0);
		_exit(WIFSIGNALED(has_group) ? WTERMSIG(has_group) : 99);
	}
	ck_assert_int_eq(read(fd[0], &byte, 1), 1);
	close(fd[0]);
	close(fd[1]);
	return pid;
}

START_TEST(to_the_group)
{
	pid_t pid = make_pair(1);
	int status;

	tf_signals_pass(pid, 0, SIGUSR1); /* to the program alone, which ignores it */
	usleep(50000);
	ck_assert_int_eq(waitpid(pid, &status, WNOHANG), 0);
	tf_signals_pass(pid, 0, SIGTERM);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(WEXITSTATUS(status), SIGTERM);
}
END_TEST

START_TEST(never_to_the_callers_own_group)
{
	pid_t pid = make_pair(0);
	int status;

	/* The pair is in this test's group: this would end the test as well. */
	tf_signals_pass(pid, 0, SIGTERM);
	usleep(50000);
	ck_assert_int_eq(waitpid(pid, &status, WNOHANG), 0);
	kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
}
END_TEST

Suite *test_signals_suite(void)
{
	Suite *s = suite_create("signals");
	TCase *t = tcase_create("signals");

	tcase_add_test(t, taken_and_given_back);
	tcase_add_test(t, ignored_ones_are_left_alone);
	tcase_add_test(t, an_ignored_sigchld_is_put_right_meanwhile);
	tcase_add_test(t, to_the_group);
	tcase_add_test(t, never_to_the_callers_own_group);
	suite_add_tcase(s, t);
	return s;
}
