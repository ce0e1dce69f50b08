/*
 * monitor/sampler: readings of a recorded tree and of real processes.
 */
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "monitor/sampler.h"
#include "unit.h"

#define MIB (1024ull * 1024)

static uint64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

START_TEST(sums_of_a_recorded_tree)
{
	struct tf_sampler s;
	struct tf_reading r;
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	tf_sampler_init(&s);
	ck_assert_int_eq(tf_sampler_open(&s, "tests/fixtures/proc", 5000000), 0);
	ck_assert_int_eq(tf_sampler_look(&s, 1000, 5, &r), 0);
	ck_assert_uint_eq(r.processes, 4); /* the zombie is none any more */
	ck_assert_uint_eq(r.rss_bytes, (400 + 1000 + 5000 + 7000) * page);
	/* ticks of all five, children's included, and what was reaped */
	ck_assert_uint_eq(r.cpu_us,
	                  (135 + 7 + 7 + 100) * (1000000 / (uint64_t)sysconf(_SC_CLK_TCK)) + 1000);
	ck_assert_int_eq(r.is_active, 1);
	tf_sampler_pss(&s, &r);
	/* rollups of 1 and of 6's second thread; 2 and 5 have none: RSS stands in */
	ck_assert_uint_eq(r.pss_bytes, (299 + 27000) * 1024 + 6000 * page);
	ck_assert_int_eq(tf_sampler_look(&s, 1000, 10, &r), 0);
	ck_assert_int_eq(r.is_active, 0);
	ck_assert_int_eq(s.is_cpu_sampled, 1); /* 5000002 ignores SIGCHLD */
	tf_sampler_done(&s);
}
END_TEST

static void burn_ms(int ms)
{
	struct timespec ts;

	do {
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	} while (ts.tv_sec * 1000 + ts.tv_nsec / 1000000 < ms);
}

static pid_t start(void (*body)(void))
{
	pid_t pid = fork();

	if (!pid) {
		body();
		for (;;)
			pause();
	}
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void burn_and_wait(void)
{
	pid_t pid;

	for (int i = 0; i < 5; i++) {
		pid = fork();
		if (!pid) {
			burn_ms(40);
			_exit(0);
		}
		waitpid(pid, NULL, 0);
	}
	raise(SIGSTOP);
}

START_TEST(short_jobs_of_a_living_parent_count)
{
	struct tf_sampler s;
	struct tf_reading r;
	pid_t pid = start(burn_and_wait);

	waitpid(pid, NULL, WUNTRACED);
	tf_sampler_init(&s);
	ck_assert_int_eq(tf_sampler_open(&s, "/proc", getpid()), 0);
	ck_assert_int_eq(tf_sampler_look(&s, 0, now_us(), &r), 0);
	/* 200 ms, in the parent's cutime only; ticks cut a little off */
	ck_assert_uint_ge(r.cpu_us, 150000);
	ck_assert_uint_le(r.cpu_us, 400000);
	ck_assert_int_eq(s.is_cpu_sampled, 0);
	end(pid);
	tf_sampler_done(&s);
}
END_TEST

static void launder(void)
{
	signal(SIGCHLD, SIG_IGN);
	for (int i = 0; i < 3; i++) {
		if (!fork()) {
			burn_ms(150);
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
}

START_TEST(time_of_ignored_children_is_not_lost)
{
	struct tf_sampler s;
	struct tf_reading r = {.cpu_us = 0};
	pid_t pid = start(launder);
	uint64_t most = 0;

	tf_sampler_init(&s);
	ck_assert_int_eq(tf_sampler_open(&s, "/proc", getpid()), 0);
	for (int i = 0; i < 300; i++) {
		ck_assert_int_eq(tf_sampler_look(&s, 0, now_us(), &r), 0);
		/* Never backwards, whatever ends meanwhile. */
		ck_assert_uint_ge(r.cpu_us + 50000, most);
		most = r.cpu_us > most ? r.cpu_us : most;
		if (i > 50 && s.set.count == 1)
			break;
		usleep(5000);
	}
	ck_assert_uint_eq(s.set.count, 1);
	ck_assert_int_eq(s.is_cpu_sampled, 1);
	ck_assert_uint_ge(r.cpu_us, 300000); /* of 450 ms */
	end(pid);
	tf_sampler_done(&s);
}
END_TEST

static void take_memory(void)
{
	char *p = mmap(NULL, 32 * MIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	memset(p, 1, 32 * MIB);
	for (int i = 0; i < 3; i++) {
		if (!fork()) {
			for (size_t at = 0; at < 32 * MIB; at += 4096)
				p[at]++;
			raise(SIGSTOP);
		}
	}
	for (int i = 0; i < 3; i++)
		waitpid(-1, NULL, WUNTRACED);
	raise(SIGSTOP);
}

START_TEST(shared_memory_counts_once_in_pss)
{
	struct tf_sampler s;
	struct tf_reading r;
	pid_t pid = start(take_memory);

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	waitpid(pid, NULL, WUNTRACED);
	tf_sampler_init(&s);
	ck_assert_int_eq(tf_sampler_open(&s, "/proc", getpid()), 0);
	ck_assert_int_eq(tf_sampler_look(&s, 0, now_us(), &r), 0);
	ck_assert_uint_eq(r.processes, 4);
	ck_assert_uint_ge(r.rss_bytes, 4 * 32 * MIB);
	tf_sampler_pss(&s, &r);
	ck_assert_uint_ge(r.pss_bytes, 32 * MIB);
	ck_assert_uint_le(r.pss_bytes, 50 * MIB);
	for (uint32_t i = 0; i < s.set.count; i++)
		kill(s.set.member[i].pid, SIGKILL);
	while (wait(NULL) > 0)
		;
	tf_sampler_done(&s);
}
END_TEST

static int wait_in_borrowed_memory(void *unused)
{
	pause();
	return 0;
}

static char borrowed_stack[65536] __attribute__((aligned(16)));

static void borrow_memory(void)
{
	char *p = mmap(NULL, 32 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memset(p, 1, 32 * MIB);
	if (clone(wait_in_borrowed_memory, borrowed_stack + sizeof(borrowed_stack),
	          CLONE_VM | SIGCHLD, NULL) < 0)
		_exit(1);
	raise(SIGSTOP);
}

START_TEST(memory_borrowed_by_a_vfork_counts_once)
{
	struct tf_sampler s;
	struct tf_reading r;
	pid_t pid = start(borrow_memory);

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	waitpid(pid, NULL, WUNTRACED);
	tf_sampler_init(&s);
	ck_assert_int_eq(tf_sampler_open(&s, "/proc", getpid()), 0);
	ck_assert_int_eq(tf_sampler_look(&s, 0, now_us(), &r), 0);
	ck_assert_uint_eq(r.processes, 2);
	ck_assert_uint_ge(r.rss_bytes, 64 * MIB);
	tf_sampler_pss(&s, &r);
	ck_assert_uint_ge(r.pss_bytes, 32 * MIB);
	ck_assert_uint_le(r.pss_bytes, 48 * MIB);
	end(s.set.member[0].pid);
	end(s.set.member[1].pid);
	tf_sampler_done(&s);
}
END_TEST

static void hide_memory(void)
{
	char *p = mmap(NULL, 32 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memset(p, 1, 32 * MIB);
	prctl(PR_SET_DUMPABLE, 0);
	raise(SIGSTOP);
}

START_TEST(memory_of_who_is_not_dumpable_counts)
{
	struct tf_sampler s;
	struct tf_reading r;
	pid_t pid = start(hide_memory);

	waitpid(pid, NULL, WUNTRACED);
	tf_sampler_init(&s);
	ck_assert_int_eq(tf_sampler_open(&s, "/proc", getpid()), 0);
	ck_assert_int_eq(tf_sampler_look(&s, 0, now_us(), &r), 0);
	ck_assert_uint_eq(r.processes, 1);
	ck_assert_uint_ge(r.rss_bytes, 32 * MIB);
	tf_sampler_pss(&s, &r);
	ck_assert_uint_ge(r.pss_bytes, 32 * MIB);
	end(pid);
	tf_sampler_done(&s);
}
END_TEST

static void do_nothing(void)
{
}

START_TEST(idle_is_seen_as_idle)
{
	struct tf_sampler s;
	struct tf_reading r;
	pid_t pid = start(do_nothing);

	usleep(20000);
	tf_sampler_init(&s);
	ck_assert_int_eq(tf_sampler_open(&s, "/proc", getpid()), 0);
	ck_assert_int_eq(tf_sampler_look(&s, 0, now_us(), &r), 0);
	ck_assert_int_eq(r.is_active, 1); /* the first look knows nothing yet */
	usleep(10000);
	ck_assert_int_eq(tf_sampler_look(&s, 0, now_us(), &r), 0);
	ck_assert_int_eq(r.is_active, 0);
	ck_assert_uint_ge(r.since_us, 10000);
	end(pid);
	ck_assert_int_eq(tf_sampler_look(&s, 0, now_us(), &r), 0);
	ck_assert_int_eq(r.is_active, 1);
	ck_assert_uint_eq(r.processes, 0);
	tf_sampler_done(&s);
}
END_TEST

Suite *test_sampler_suite(void)
{
	Suite *s = suite_create("sampler");
	TCase *t = tcase_create("sampler");

	tcase_set_timeout(t, 20);
	tcase_add_test(t, sums_of_a_recorded_tree);
	tcase_add_test(t, short_jobs_of_a_living_parent_count);
	tcase_add_test(t, time_of_ignored_children_is_not_lost);
	tcase_add_test(t, shared_memory_counts_once_in_pss);
	tcase_add_test(t, memory_borrowed_by_a_vfork_counts_once);
	tcase_add_test(t, memory_of_who_is_not_dumpable_counts);
	tcase_add_test(t, idle_is_seen_as_idle);
	suite_add_tcase(s, t);
	return s;
}
