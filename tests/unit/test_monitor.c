/*
 * monitor: whole runs with real children, ends, limits and signals.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "monitor/monitor.h"
#include "unit.h"

#define MIB (1024ull * 1024)
#define FOREVER 1000

/* Starts body as the program of a sandbox. The descriptor reads what it tells. */
static pid_t start(void (*body)(int told), int *ret_told)
{
	int fd[2];
	pid_t pid;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	ck_assert_int_eq(pipe2(fd, O_CLOEXEC), 0);
	pid = fork();
	if (!pid) {
		close(fd[0]);
		setsid();
		signal(SIGINT, SIG_DFL); /* libcheck's handlers kill the whole test */
		signal(SIGTERM, SIG_DFL);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		body(fd[1]);
		_exit(0);
	}
	close(fd[1]);
	*ret_told = fd[0];
	return pid;
}

static void tell(int fd, int value)
{
	if (write(fd, &value, sizeof(value)) != sizeof(value))
		_exit(1);
}

static struct tf_monitor_opts options(pid_t child)
{
	return (struct tf_monitor_opts){.child = child,
	                                .proc = "/proc",
	                                .grace_ms = 300,
	                                .tty = -1,
	                                .pty = -1,
	                                .status_fd = -1};
}

static struct tf_outcome run(void (*body)(int told), struct tf_limits limits)
{
	struct tf_outcome outcome = {.exit_code = 99};
	int told;
	struct tf_monitor_opts opts = options(start(body, &told));

	opts.limits = limits;
	ck_assert_int_eq(tf_monitor_run(&opts, &outcome), 0);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
	close(told);
	return outcome;
}

static void exit_7(int told)
{
	_exit(7);
}

START_TEST(exit_code)
{
	struct tf_outcome o = run(exit_7, (struct tf_limits){.wall_ms = 60000});

	ck_assert_int_eq(o.reason, TF_REASON_EXITED);
	ck_assert_int_eq(o.exit_code, 7);
	ck_assert_int_eq(o.signal, 0);
	ck_assert_uint_eq(o.usage.looks, 0);
	ck_assert_uint_gt(o.usage.peak_rss_bytes, 0);
}
END_TEST

START_TEST(ended_before_it_is_watched)
{
	struct tf_outcome o;
	int told;
	struct tf_monitor_opts opts = options(start(exit_7, &told));
	siginfo_t info;

	ck_assert_int_eq(waitid(P_PID, (id_t)opts.child, &info, WEXITED | WNOWAIT), 0);
	ck_assert_int_eq(tf_monitor_run(&opts, &o), 0);
	ck_assert_int_eq(o.exit_code, 7);
	close(told);
}
END_TEST

static void kill_itself(int told)
{
	raise(SIGABRT);
}

START_TEST(signal_of_its_own)
{
	struct tf_outcome o = run(kill_itself, (struct tf_limits){.wall_ms = 60000});

	ck_assert_int_eq(o.reason, TF_REASON_SIGNALLED);
	ck_assert_int_eq(o.signal, SIGABRT);
	ck_assert_int_eq(o.exit_code, -1);
}
END_TEST

static void sleep_on(int told)
{
	sleep(FOREVER);
}

START_TEST(wall_clock_limit)
{
	struct tf_outcome o = run(sleep_on, (struct tf_limits){.wall_ms = 100});

	ck_assert_int_eq(o.reason, TF_REASON_WALLTIME);
	ck_assert_int_eq(o.signal, SIGTERM);
	ck_assert_uint_ge(o.usage.wall_us, 100000);
	ck_assert_uint_lt(o.usage.wall_us, 300000);
}
END_TEST

static void be_stubborn(int told)
{
	signal(SIGTERM, SIG_IGN);
	tell(told, 1);
	for (;;)
		sleep(FOREVER);
}

START_TEST(sigkill_after_the_grace)
{
	struct tf_outcome o = run(be_stubborn, (struct tf_limits){.wall_ms = 100});

	ck_assert_int_eq(o.reason, TF_REASON_WALLTIME);
	ck_assert_int_eq(o.signal, SIGKILL);
	ck_assert_uint_ge(o.usage.wall_us, 400000);
	ck_assert_uint_lt(o.usage.wall_us, 800000);
}
END_TEST

static void burn(int told)
{
	for (;;)
		;
}

START_TEST(cpu_limit)
{
	struct tf_outcome o = run(burn, (struct tf_limits){.cpu_ms = 200, .wall_ms = 20000});

	ck_assert_int_eq(o.reason, TF_REASON_CPUTIME);
	ck_assert_uint_ge(o.usage.cpu_user_us + o.usage.cpu_system_us, 200000);
	ck_assert_uint_lt(o.usage.cpu_user_us + o.usage.cpu_system_us, 350000);
}
END_TEST

static void burn_ms(long ms)
{
	struct timespec ts;

	do {
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	} while (ts.tv_sec * 1000 + ts.tv_nsec / 1000000 < ms);
}

/* Short jobs, one after the other: none lives long enough to be seen. */
static void burn_in_short_jobs(int told)
{
	for (;;) {
		if (!fork()) {
			burn_ms(3);
			_exit(0);
		}
		wait(NULL);
	}
}

START_TEST(cpu_limit_of_short_jobs)
{
	struct tf_outcome o =
	        run(burn_in_short_jobs, (struct tf_limits){.cpu_ms = 200, .wall_ms = 20000});

	ck_assert_int_eq(o.reason, TF_REASON_CPUTIME);
	ck_assert_uint_lt(o.usage.cpu_user_us + o.usage.cpu_system_us, 400000);
}
END_TEST

/* In daemons, so that only the subreaper waits for them. */
static void burn_in_orphans(int told)
{
	for (;;) {
		if (!fork()) {
			setsid();
			if (!fork())
				burn_ms(20);
			_exit(0);
		}
		wait(NULL);
		usleep(20000);
	}
}

START_TEST(cpu_limit_of_orphans)
{
	struct tf_outcome o =
	        run(burn_in_orphans, (struct tf_limits){.cpu_ms = 200, .wall_ms = 20000});

	ck_assert_int_eq(o.reason, TF_REASON_CPUTIME);
}
END_TEST

static void burn_in_ignored_children(int told)
{
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		if (!fork()) {
			burn_ms(60);
			_exit(0);
		}
		wait(NULL);
	}
}

START_TEST(cpu_limit_of_ignored_children)
{
	struct tf_outcome o =
	        run(burn_in_ignored_children, (struct tf_limits){.cpu_ms = 400, .wall_ms = 20000});

	ck_assert_int_eq(o.reason, TF_REASON_CPUTIME);
	ck_assert_int_eq(o.usage.is_cpu_sampled, 1);
	ck_assert_uint_ge(o.usage.cpu_user_us + o.usage.cpu_system_us, 400000);
}
END_TEST

/* About 1 GiB a second at most, and never so much that a failing test hurts the machine. */
static void hog_memory(void)
{
	for (int i = 0; i < 400; i++) {
		char *p =
		        mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED)
			break;
		memset(p, 1, MIB);
		usleep(700);
	}
	for (;;)
		pause();
}

static void hog(int told)
{
	hog_memory();
}

static void check_memory(struct tf_outcome o)
{
	ck_assert_int_eq(o.reason, TF_REASON_MEMORY);
	ck_assert_int_eq(o.signal, SIGKILL);
	ck_assert_uint_gt(o.usage.peak_pss_bytes, 64 * MIB);
	ck_assert_uint_lt(o.usage.peak_pss_bytes, 128 * MIB);
}

static const struct tf_limits memory_limits = {.memory_bytes = 64 * MIB, .wall_ms = 20000};

START_TEST(memory_limit)
{
	check_memory(run(hog, memory_limits));
}
END_TEST

/* Each a little, all together too much. */
static void hog_in_children(int told)
{
	for (int i = 0; i < 8; i++) {
		if (!fork()) {
			char *p = mmap(NULL, 12 * MIB, PROT_READ | PROT_WRITE,
			               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

			memset(p, 1, 12 * MIB);
			pause();
		}
		usleep(5000);
	}
	for (;;)
		pause();
}

START_TEST(memory_limit_of_all_together)
{
	check_memory(run(hog_in_children, memory_limits));
}
END_TEST

static void *hog_thread(void *unused)
{
	hog_memory();
	return unused;
}

static void hog_without_a_first_thread(int told)
{
	pthread_t thread;

	if (!pthread_create(&thread, NULL, hog_thread, NULL))
		pthread_exit(NULL);
}

START_TEST(memory_limit_without_a_first_thread)
{
	check_memory(run(hog_without_a_first_thread, memory_limits));
}
END_TEST

static void hog_hidden(int told)
{
	prctl(PR_SET_DUMPABLE, 0);
	hog_memory();
}

START_TEST(memory_limit_of_who_is_not_dumpable)
{
	check_memory(run(hog_hidden, memory_limits));
}
END_TEST

static void hog_after_a_rest(int told)
{
	usleep(1200000);
	hog_memory();
}

START_TEST(memory_limit_after_being_idle)
{
	check_memory(run(hog_after_a_rest, memory_limits));
}
END_TEST

/* 40 MiB shared by six: 240 MiB of RSS, 40 of memory. */
static void share_memory(int told)
{
	char *p = mmap(NULL, 40 * MIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	memset(p, 1, 40 * MIB);
	for (int i = 0; i < 5; i++) {
		if (!fork()) {
			for (size_t at = 0; at < 40 * MIB; at += 4096)
				p[at]++;
			usleep(300000);
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
}

START_TEST(shared_memory_is_within_the_limit)
{
	struct tf_outcome o = run(share_memory, memory_limits);

	ck_assert_int_eq(o.reason, TF_REASON_EXITED);
	ck_assert_uint_gt(o.usage.peak_rss_bytes, 150 * MIB);
	ck_assert_uint_lt(o.usage.peak_pss_bytes, 64 * MIB);
}
END_TEST

static void fork_many(int told)
{
	for (int i = 0; i < 60; i++) {
		if (!fork())
			for (;;)
				pause();
		usleep(1000);
	}
	for (;;)
		pause();
}

START_TEST(process_limit)
{
	struct tf_outcome o = run(fork_many, (struct tf_limits){.pids = 20, .wall_ms = 20000});

	ck_assert_int_eq(o.reason, TF_REASON_PIDS);
	ck_assert_uint_gt(o.usage.peak_processes, 20);
	ck_assert_uint_lt(o.usage.peak_processes, 60);
}
END_TEST

static void leave_daemons(int told)
{
	for (int i = 0; i < 3; i++) {
		if (fork())
			continue;
		setsid();
		if (fork())
			_exit(0);
		signal(SIGTERM, SIG_IGN);
		tell(told, getpid());
		sleep(FOREVER);
	}
	usleep(50000);
	_exit(3);
}

START_TEST(what_a_program_leaves_behind_is_killed)
{
	struct tf_outcome o;
	int told, pid;
	struct tf_monitor_opts opts = options(start(leave_daemons, &told));

	ck_assert_int_eq(tf_monitor_run(&opts, &o), 0);
	ck_assert_int_eq(o.reason, TF_REASON_EXITED);
	ck_assert_int_eq(o.exit_code, 3);
	ck_assert_uint_lt(o.usage.wall_us, 1000000); /* at once, not after the grace */
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(read(told, &pid, sizeof(pid)), sizeof(pid));
		ck_assert_int_eq(kill(pid, 0), -1);
		ck_assert_int_eq(errno, ESRCH);
	}
	close(told);
}
END_TEST

/* Sends signals to the supervisor (this process) from a helper outside the sandbox. */
struct helper {
	struct {
		int sig, after_ms;
	} step[8];
};

static pid_t help(const struct helper *helper)
{
	pid_t parent = getpid(), middle = fork(), pid;

	if (middle) {
		waitpid(middle, NULL, 0);
		return 0;
	}
	/* Not a descendant: the subreaper's children are taken for the sandbox's. */
	pid = fork();
	if (pid)
		_exit(0);
	setsid();
	for (int i = 0; helper->step[i].sig; i++) {
		usleep((useconds_t)helper->step[i].after_ms * 1000);
		kill(parent, helper->step[i].sig);
	}
	_exit(0);
}

static struct tf_outcome run_helped(void (*body)(int told), const struct helper *helper)
{
	struct tf_outcome o = {.exit_code = 99};
	int told;
	struct tf_monitor_opts opts;

	help(helper); /* before this process is a subreaper */
	opts = options(start(body, &told));
	opts.limits.wall_ms = 10000;
	ck_assert_int_eq(tf_monitor_run(&opts, &o), 0);
	close(told);
	return o;
}

START_TEST(sigterm_is_passed_on)
{
	struct tf_outcome o = run_helped(sleep_on, &(struct helper){{{SIGTERM, 100}}});

	ck_assert_int_eq(o.reason, TF_REASON_KILLED);
	ck_assert_int_eq(o.signal, SIGTERM);
	ck_assert_uint_lt(o.usage.wall_us, 350000);
}
END_TEST

START_TEST(sigterm_starts_the_grace)
{
	struct tf_outcome o = run_helped(be_stubborn, &(struct helper){{{SIGTERM, 100}}});

	ck_assert_int_eq(o.reason, TF_REASON_KILLED);
	ck_assert_int_eq(o.signal, SIGKILL);
	ck_assert_uint_ge(o.usage.wall_us, 380000);
}
END_TEST

START_TEST(a_second_sigterm_kills)
{
	struct tf_outcome o =
	        run_helped(be_stubborn, &(struct helper){{{SIGTERM, 100}, {SIGTERM, 150}}});

	ck_assert_int_eq(o.reason, TF_REASON_KILLED);
	ck_assert_int_eq(o.signal, SIGKILL);
	ck_assert_uint_lt(o.usage.wall_us, 380000);
}
END_TEST

static void exit_5_on_int(int told)
{
	sigset_t set;
	int sig;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigwait(&set, &sig);
	_exit(5);
}

START_TEST(a_signal_that_is_handled_is_no_kill)
{
	struct tf_outcome o = run_helped(exit_5_on_int, &(struct helper){{{SIGINT, 100}}});

	ck_assert_int_eq(o.reason, TF_REASON_EXITED);
	ck_assert_int_eq(o.exit_code, 5);
}
END_TEST

static volatile sig_atomic_t usr1;

static void count_usr1(int sig)
{
	usr1++;
}

/* Its child would die of SIGUSR1. */
static void wait_for_usr1(int told)
{
	struct sigaction action = {.sa_handler = count_usr1};
	pid_t pid = fork();
	int status;

	if (!pid) {
		usleep(300000);
		_exit(6);
	}
	sigaction(SIGUSR1, &action, NULL);
	while (waitpid(pid, &status, 0) < 0)
		;
	_exit(usr1 && WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

START_TEST(sigusr1_is_for_the_program_alone)
{
	struct tf_outcome o = run_helped(wait_for_usr1, &(struct helper){{{SIGUSR1, 100}}});

	ck_assert_int_eq(o.exit_code, 6);
}
END_TEST

START_TEST(a_storm_of_signals)
{
	struct helper storm = {{{SIGUSR1, 50},
	                        {SIGWINCH, 0},
	                        {SIGCONT, 0},
	                        {SIGUSR1, 0},
	                        {SIGCHLD, 0},
	                        {SIGWINCH, 1},
	                        {SIGUSR1, 0}}};
	struct tf_outcome o = run_helped(wait_for_usr1, &storm);

	ck_assert_int_eq(o.exit_code, 6);
}
END_TEST

static void end_well(int told)
{
	_exit(0);
}

START_TEST(signals_are_given_back)
{
	sigset_t before, after;

	sigprocmask(SIG_BLOCK, NULL, &before);
	run(end_well, (struct tf_limits){.memory_bytes = 64 * MIB});
	sigprocmask(SIG_BLOCK, NULL, &after);
	for (int sig = 1; sig < 64; sig++)
		ck_assert_int_eq(sigismember(&before, sig), sigismember(&after, sig));
}
END_TEST

START_TEST(an_ignored_signal_stays_ignored)
{
	struct tf_outcome o;

	signal(SIGHUP, SIG_IGN); /* nohup */
	o = run_helped(wait_for_usr1, &(struct helper){{{SIGHUP, 50}, {SIGUSR1, 50}}});
	ck_assert_int_eq(o.exit_code, 6);
}
END_TEST

static int open_descriptors(void)
{
	int n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

START_TEST(a_run_leaks_no_descriptors)
{
	int before = open_descriptors();

	for (int i = 0; i < 5; i++)
		run(leave_daemons, (struct tf_limits){.memory_bytes = 64 * MIB, .cpu_ms = 10000});
	ck_assert_int_eq(open_descriptors(), before);
}
END_TEST

START_TEST(a_failure_kills_everything)
{
	struct tf_outcome o = {.exit_code = 99};
	int told;
	struct tf_monitor_opts opts = options(start(be_stubborn, &told));

	opts.pty = 0; /* a pty, but no terminal to relay it to */
	ck_assert_int_eq(tf_monitor_run(&opts, &o), -EINVAL);
	ck_assert_int_eq(o.exit_code, 99);
	ck_assert_int_eq(wait(NULL), -1);
	close(told);
}
END_TEST

START_TEST(no_proc_is_a_failure_where_a_limit_needs_it)
{
	struct tf_outcome o = {.exit_code = 99};
	int told;
	struct tf_monitor_opts opts = options(start(be_stubborn, &told));

	opts.proc = "/nonexistent";
	opts.limits.memory_bytes = 64 * MIB;
	ck_assert_int_eq(tf_monitor_run(&opts, &o), -ENOENT);
	ck_assert_int_eq(wait(NULL), -1);
	close(told);
}
END_TEST

static void sleep_a_second(int told)
{
	usleep(1500000);
}

static long switches(void)
{
	struct rusage ru;

	getrusage(RUSAGE_SELF, &ru);
	return ru.ru_nvcsw;
}

START_TEST(idle_without_limits_is_not_woken)
{
	long before = switches();
	struct tf_outcome o = run(sleep_a_second, (struct tf_limits){.wall_ms = 20000});

	ck_assert_int_eq(o.reason, TF_REASON_EXITED);
	ck_assert_int_le(switches() - before, 5);
}
END_TEST

START_TEST(idle_with_limits_is_hardly_woken)
{
	long before = switches();
	struct tf_limits limits = {
	        .memory_bytes = 256 * MIB, .cpu_ms = 60000, .pids = 100, .wall_ms = 20000};
	struct tf_outcome o = run(sleep_a_second, limits);

	ck_assert_int_eq(o.reason, TF_REASON_EXITED);
	ck_assert_uint_ge(o.usage.looks, 2);
	ck_assert_uint_le(o.usage.looks, 14);
	ck_assert_int_le(switches() - before, 30);
}
END_TEST

static void add_ends(Suite *s)
{
	TCase *t = tcase_create("ends");

	tcase_set_timeout(t, 30);
	tcase_add_test(t, exit_code);
	tcase_add_test(t, ended_before_it_is_watched);
	tcase_add_test(t, signal_of_its_own);
	tcase_add_test(t, what_a_program_leaves_behind_is_killed);
	tcase_add_test(t, a_run_leaks_no_descriptors);
	tcase_add_test(t, a_failure_kills_everything);
	tcase_add_test(t, no_proc_is_a_failure_where_a_limit_needs_it);
	tcase_add_test(t, idle_without_limits_is_not_woken);
	tcase_add_test(t, idle_with_limits_is_hardly_woken);
	suite_add_tcase(s, t);
}

static void add_limits(Suite *s)
{
	TCase *t = tcase_create("limits");

	tcase_set_timeout(t, 30);
	tcase_add_test(t, wall_clock_limit);
	tcase_add_test(t, sigkill_after_the_grace);
	tcase_add_test(t, cpu_limit);
	tcase_add_test(t, cpu_limit_of_short_jobs);
	tcase_add_test(t, cpu_limit_of_orphans);
	tcase_add_test(t, cpu_limit_of_ignored_children);
	tcase_add_test(t, memory_limit);
	tcase_add_test(t, memory_limit_of_all_together);
	tcase_add_test(t, memory_limit_without_a_first_thread);
	tcase_add_test(t, memory_limit_of_who_is_not_dumpable);
	tcase_add_test(t, memory_limit_after_being_idle);
	tcase_add_test(t, shared_memory_is_within_the_limit);
	tcase_add_test(t, process_limit);
	suite_add_tcase(s, t);
}

static void add_signals(Suite *s)
{
	TCase *t = tcase_create("signals");

	tcase_set_timeout(t, 30);
	tcase_add_test(t, sigterm_is_passed_on);
	tcase_add_test(t, sigterm_starts_the_grace);
	tcase_add_test(t, a_second_sigterm_kills);
	tcase_add_test(t, a_signal_that_is_handled_is_no_kill);
	tcase_add_test(t, sigusr1_is_for_the_program_alone);
	tcase_add_test(t, a_storm_of_signals);
	tcase_add_test(t, signals_are_given_back);
	tcase_add_test(t, an_ignored_signal_stays_ignored);
	suite_add_tcase(s, t);
}

Suite *test_monitor_suite(void)
{
	Suite *s = suite_create("monitor");

	add_ends(s);
	add_limits(s);
	add_signals(s);
	return s;
}
