/*
 * monitor/killer: everything inside ends, whatever it does, and nothing outside is touched.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "monitor/killer.h"
#include "monitor/monitor.h"
#include "unit.h"

#define TAG 987654321u

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

/* Starts body in a session of its own and waits until it has written a byte (or ended). */
static pid_t start(void (*body)(int ready))
{
	int fd[2];
	char byte;
	pid_t pid;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	ck_assert_int_eq(pipe2(fd, O_CLOEXEC), 0);
	pid = fork();
	if (!pid) {
		close(fd[0]);
		setsid();
		signal(SIGINT, SIG_DFL); /* libcheck's handlers kill the whole test */
		signal(SIGTERM, SIG_DFL);
		body(fd[1]);
		for (;;)
			pause();
	}
	close(fd[1]);
	ck_assert_int_ge(read(fd[0], &byte, 1), 0);
	close(fd[0]);
	return pid;
}

static void tell(int ready)
{
	if (write(ready, "", 1) != 1)
		_exit(1);
	close(ready);
}

static void end_all(pid_t child, struct tf_reaper *reaper)
{
	struct tf_set set;
	struct tf_target target = {.set = &set};

	*reaper = (struct tf_reaper){.child = child};
	ck_assert_int_eq(tf_set_init(&set, "/proc", getpid()), 0);
	ck_assert_int_eq(tf_killer_end(&target, reaper), 0);
	ck_assert_int_eq(tf_set_look(&set), 0);
	ck_assert_uint_eq(set.count, 0);
	ck_assert_int_eq(wait(NULL), -1);
	ck_assert_int_eq(errno, ECHILD);
	tf_set_done(&set);
}

static void be_daemons(int ready)
{
	for (int i = 0; i < 5; i++) {
		if (fork())
			continue;
		setsid();
		if (fork())
			_exit(0);
		for (int sig = 1; sig < 32; sig++)
			signal(sig, SIG_IGN);
		for (;;)
			pause();
	}
	usleep(20000);
	tell(ready);
	_exit(0);
}

START_TEST(daemons_that_ignore_all_signals)
{
	struct tf_reaper reaper;

	end_all(start(be_daemons), &reaper);
	ck_assert_uint_ge(reaper.reaped, 6);
}
END_TEST

static void be_stopped(int ready)
{
	if (!fork())
		raise(SIGSTOP);
	usleep(10000);
	tell(ready);
	raise(SIGSTOP);
}

START_TEST(stopped_processes)
{
	struct tf_reaper reaper;
	pid_t pid = start(be_stopped);

	usleep(10000);
	end_all(pid, &reaper);
	ck_assert_int_eq(WTERMSIG(reaper.status), SIGKILL);
}
END_TEST

/*
 * 200 at a time, each in a session of its own, each replacing itself by children all the time. The limit of
 * processes, which is the user's, keeps it from taking the machine with it.
 */
static void be_swarm(int ready)
{
	alarm(20);
	for (int i = 0; i < 200; i++) {
		if (fork())
			continue;
		for (;;) {
			alarm(20); /* not inherited; so that a failure of this test does not outlive it for long */
			setsid();
			usleep(1000);
			if (fork() > 0 && getpid() % 2)
				_exit(0);
		}
	}
	tell(ready);
}

/* Limits the caller's user to what it has now and so many more. */
static void limit_processes(rlim_t more)
{
	rlim_t count = 0;
	struct rlimit limit;
	pid_t pid;

	/* The limit counts all of the user's processes: find it by trying. */
	for (count = 1; count < 20000; count++) {
		limit = (struct rlimit){.rlim_cur = count, .rlim_max = 20000};
		setrlimit(RLIMIT_NPROC, &limit);
		pid = fork();
		if (!pid)
			_exit(0);
		if (pid > 0) {
			waitpid(pid, NULL, 0);
			break;
		}
	}
	limit = (struct rlimit){.rlim_cur = count + more, .rlim_max = count + more};
	ck_assert_int_eq(setrlimit(RLIMIT_NPROC, &limit), 0);
}

START_TEST(a_swarm_200_wide)
{
	struct tf_reaper reaper;
	uint64_t began;
	pid_t pid;

	if (getuid() == 0)
		unit_skip("root is not held by the limit of processes that keeps this swarm small");
	limit_processes(250);
	pid = start(be_swarm);
	usleep(100000);
	began = now_ms();
	end_all(pid, &reaper);
	ck_assert_uint_ge(reaper.reaped, 200);
	ck_assert_msg(now_ms() - began < 8000, "took %lu ms", (unsigned long)(now_ms() - began));
}
END_TEST

/* Never longer than a moment under one number: each forks its successor and ends. */
static void be_hopper(int ready)
{
	tell(ready);
	for (;;) {
		alarm(20);
		if (fork() > 0)
			_exit(0);
		setsid();
	}
}

START_TEST(a_process_that_changes_its_number_all_the_time)
{
	struct tf_reaper reaper;
	pid_t pid[4];
	uint64_t began;

	if (getuid() == 0)
		unit_skip("root cannot be forbidden to fork");
	limit_processes(50);
	for (int i = 0; i < 4; i++)
		pid[i] = start(be_hopper);
	usleep(20000);
	began = now_ms();
	end_all(pid[0], &reaper);
	ck_assert_msg(now_ms() - began < 8000, "took %lu ms", (unsigned long)(now_ms() - began));
}
END_TEST

static void be_many_zombies(int ready)
{
	for (int i = 0; i < 1000; i++)
		if (!fork())
			_exit(0);
	tell(ready);
}

START_TEST(zombies_of_a_parent_that_does_not_wait)
{
	struct tf_reaper reaper;

	end_all(start(be_many_zombies), &reaper);
	ck_assert_uint_eq(reaper.reaped, 1001);
}
END_TEST

START_TEST(without_a_single_descriptor)
{
	struct rlimit before, none;
	struct tf_reaper reaper;
	struct tf_set set;
	struct tf_target target = {.set = &set};
	pid_t pid = start(be_daemons);
	int next;

	ck_assert_int_eq(tf_set_init(&set, "/proc", getpid()), 0);
	getrlimit(RLIMIT_NOFILE, &before);
	next = dup(0);
	close(next);
	none = (struct rlimit){.rlim_cur = (rlim_t)next, .rlim_max = before.rlim_max};
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	reaper = (struct tf_reaper){.child = pid};
	ck_assert_int_eq(tf_killer_end(&target, &reaper), 0);
	ck_assert_int_eq(wait(NULL), -1);
	getrlimit(RLIMIT_NOFILE, &none);
	ck_assert_uint_eq(none.rlim_cur, (rlim_t)next); /* given back */
	setrlimit(RLIMIT_NOFILE, &before);
	tf_set_done(&set);
}
END_TEST

static char state_of(struct tf_set *set, pid_t pid)
{
	struct tf_member *m;

	ck_assert_int_eq(tf_set_look(set), 0);
	m = tf_set_find(set, pid);
	return m ? m->state : '?';
}

static void be_two(int ready)
{
	if (fork() == 0)
		for (;;)
			;
	tell(ready);
}

START_TEST(freeze_and_thaw)
{
	struct tf_set set;
	struct tf_target target = {.set = &set};
	struct tf_reaper reaper;
	pid_t pid = start(be_two), other = start(be_stopped);

	usleep(20000);
	ck_assert_int_eq(tf_set_init(&set, "/proc", getpid()), 0);
	ck_assert_int_eq(state_of(&set, other), 'T');
	ck_assert_int_eq(tf_killer_freeze(&target), 0);
	for (uint32_t i = 0; i < set.count; i++)
		ck_assert_int_eq(set.member[i].state, 'T');
	ck_assert_uint_eq(set.count, 4);
	tf_killer_thaw(&target, pid);
	usleep(20000);
	ck_assert_int_eq(state_of(&set, pid), 'S');
	ck_assert_int_eq(state_of(&set, other), 'T'); /* was before, is after */
	tf_set_done(&set);
	end_all(pid, &reaper);
}
END_TEST

static void end_on_term(int ready)
{
	sigset_t term;
	int sig;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	tell(ready);
	raise(SIGSTOP); /* a stopped process has to be woken to end */
	sigwait(&term, &sig);
	_exit(40 + sig);
}

START_TEST(a_request_reaches_stopped_ones)
{
	struct tf_set set;
	struct tf_target target = {.set = &set};
	pid_t pid = start(end_on_term);
	int status;

	ck_assert_int_eq(waitpid(pid, &status, WUNTRACED), pid);
	ck_assert(WIFSTOPPED(status));
	ck_assert_int_eq(tf_set_init(&set, "/proc", getpid()), 0);
	tf_killer_ask(&target, SIGTERM);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(WEXITSTATUS(status), 40 + SIGTERM);
	tf_set_done(&set);
}
END_TEST

/* A sandbox whose supervisor has died: tagged, and nobody's descendant. */
static pid_t make_survivor(void)
{
	struct rlimit tag = {.rlim_cur = TAG, .rlim_max = TAG};
	int fd[2];
	pid_t pid = 0;

	ck_assert_int_eq(pipe(fd), 0);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	if (!fork()) {
		if (fork())
			_exit(0);
		setsid();
		setrlimit(RLIMIT_RTTIME, &tag);
		pid = getpid();
		if (write(fd[1], &pid, sizeof(pid)) != sizeof(pid))
			_exit(1);
		close(fd[0]);
		close(fd[1]);
		for (;;)
			pause();
	}
	close(fd[1]);
	ck_assert_int_eq(read(fd[0], &pid, sizeof(pid)), sizeof(pid));
	close(fd[0]);
	wait(NULL);
	return pid;
}

/* A zombie is not, which it is until whoever has inherited it waits for it. */
static int is_alive(pid_t pid)
{
	struct tf_proc_stat stat = {.state = 'X'};
	int root = tf_proc_root("/proc"), dir = tf_proc_open(root, pid);

	if (dir >= 0) {
		tf_proc_stat(dir, "stat", &stat);
		close(dir);
	}
	close(root);
	return stat.state != 'X' && stat.state != 'Z';
}

START_TEST(survivors_are_found_by_their_tag)
{
	struct tf_monitor_opts opts = {.tag = TAG, .tty = -1, .pty = -1, .proc = "/proc"};
	pid_t survivor = make_survivor();

	ck_assert(is_alive(survivor));
	ck_assert_int_eq(tf_monitor_kill_all(&opts), 0);
	ck_assert(!is_alive(survivor));
}
END_TEST

START_TEST(others_with_another_tag_live)
{
	struct tf_monitor_opts opts = {.tag = TAG + 1, .tty = -1, .pty = -1, .proc = "/proc"};
	pid_t survivor = make_survivor();

	ck_assert_int_eq(tf_monitor_kill_all(&opts), 0);
	usleep(20000);
	ck_assert(is_alive(survivor));
	opts.tag = TAG;
	ck_assert_int_eq(tf_monitor_kill_all(&opts), 0);
	ck_assert(!is_alive(survivor));
}
END_TEST

Suite *test_killer_suite(void)
{
	Suite *s = suite_create("killer");
	TCase *t = tcase_create("killer");

	tcase_set_timeout(t, 30);
	tcase_add_test(t, daemons_that_ignore_all_signals);
	tcase_add_test(t, stopped_processes);
	tcase_add_test(t, a_swarm_200_wide);
	tcase_add_test(t, a_process_that_changes_its_number_all_the_time);
	tcase_add_test(t, zombies_of_a_parent_that_does_not_wait);
	tcase_add_test(t, without_a_single_descriptor);
	tcase_add_test(t, freeze_and_thaw);
	tcase_add_test(t, a_request_reaches_stopped_ones);
	tcase_add_test(t, survivors_are_found_by_their_tag);
	tcase_add_test(t, others_with_another_tag_live);
	suite_add_tcase(s, t);
	return s;
}
