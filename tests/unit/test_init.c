/*
 * monitor/init without a terminal (with one: test_relay.c).
 */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "monitor/init.h"
#include "monitor/signals.h"
#include "unit.h"

/* Starts an init with that program; ready once the program has told so. */
static pid_t start(void (*program)(int told))
{
	int fd[2];
	char byte;
	pid_t init;

	ck_assert_int_eq(pipe(fd), 0);
	init = fork();
	if (!init) {
		pid_t pid;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		tf_init_prepare();
		pid = fork();
		if (!pid) {
			sigset_t none;

			prctl(PR_SET_PDEATHSIG, SIGKILL);
			setpgid(0, 0);
			signal(SIGTERM, SIG_DFL); /* libcheck's handlers kill the whole test */
			signal(SIGINT, SIG_DFL);
			sigemptyset(&none);
			sigprocmask(SIG_SETMASK, &none, NULL);
			program(fd[1]);
			_exit(0);
		}
		_exit(tf_init_run(pid, -1));
	}
	close(fd[1]);
	ck_assert_int_ge(read(fd[0], &byte, 1), 0);
	close(fd[0]);
	return init;
}

static void tell(int told)
{
	if (write(told, "", 1) != 1)
		_exit(1);
}

static int end_of(pid_t init)
{
	int status;

	ck_assert_int_eq(waitpid(init, &status, 0), init);
	return status;
}

static void exit_5(int told)
{
	_exit(5);
}

START_TEST(the_programs_exit_code)
{
	int status = end_of(start(exit_5));

	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 5);
}
END_TEST

static void abort_it(int told)
{
	raise(SIGABRT);
}

START_TEST(the_programs_signal_without_a_core)
{
	int status = end_of(start(abort_it));

	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGABRT);
	ck_assert(!WCOREDUMP(status));
}
END_TEST

static void wait_on(int told)
{
	tell(told);
	for (;;)
		pause();
}

START_TEST(requests_do_not_end_init)
{
	static const int request[] = {SIGTERM, SIGINT,  SIGHUP,  SIGQUIT,
	                              SIGUSR1, SIGUSR2, SIGTSTP, SIGPIPE};
	pid_t init = start(wait_on);

	for (size_t i = 0; i < sizeof(request) / sizeof(request[0]); i++)
		kill(init, request[i]);
	usleep(50000);
	ck_assert_int_eq(waitpid(init, NULL, WNOHANG | WUNTRACED), 0);
	tf_signals_pass(init, 1, SIGTERM);
	ck_assert_int_eq(WTERMSIG(end_of(init)), SIGTERM);
}
END_TEST

static void leave_orphans(int told)
{
	for (int i = 0; i < 3; i++)
		if (!fork())
			_exit(0);
	tell(told);
	usleep(50000);
	_exit(6);
}

START_TEST(others_that_end_are_not_the_program)
{
	ck_assert_int_eq(WEXITSTATUS(end_of(start(leave_orphans))), 6);
}
END_TEST

START_TEST(a_number_that_is_no_signal)
{
	pid_t init = start(wait_on);

	tf_signals_pass(init, 1, 0);
	tf_signals_pass(init, 1, -9);
	tf_signals_pass(init, 1, 1000);
	usleep(50000);
	ck_assert_int_eq(waitpid(init, NULL, WNOHANG), 0);
	tf_signals_pass(init, 1, SIGKILL);
	ck_assert_int_eq(WTERMSIG(end_of(init)), SIGKILL);
}
END_TEST

Suite *test_init_suite(void)
{
	Suite *s = suite_create("init");
	TCase *t = tcase_create("init");

	tcase_add_test(t, the_programs_exit_code);
	tcase_add_test(t, the_programs_signal_without_a_core);
	tcase_add_test(t, requests_do_not_end_init);
	tcase_add_test(t, others_that_end_are_not_the_program);
	tcase_add_test(t, a_number_that_is_no_signal);
	suite_add_tcase(s, t);
	return s;
}
