/*
 * monitor/proc: what is read of a process, from recorded texts and from the real /proc.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "monitor/proc.h"
#include "unit.h"

#define TREE "tests/fixtures/proc"
#define REST " 1 2 3 0 -1 4194304 9 9 9 9 11 22 33 44 20 -5 7 0 555 4096 6 18446744073709551615 0\n"

static int open_recorded(pid_t pid)
{
	int root = tf_proc_root(TREE), dir;

	ck_assert_int_ge(root, 0);
	dir = tf_proc_open(root, pid);
	close(root);
	return dir;
}

START_TEST(fields_of_a_stat_line)
{
	struct tf_proc_stat s;

	ck_assert_int_eq(tf_proc_parse_stat("42 (sh) S" REST, &s), 0);
	ck_assert_int_eq(s.pid, 42);
	ck_assert_int_eq(s.ppid, 1);
	ck_assert_int_eq(s.state, 'S');
	ck_assert_uint_eq(s.own, 33);
	ck_assert_uint_eq(s.gone, 77);
	ck_assert_uint_eq(s.threads, 7);
	ck_assert_uint_eq(s.start, 555);
	ck_assert_uint_eq(s.rss, 6u * (uint64_t)sysconf(_SC_PAGESIZE));
}
END_TEST

START_TEST(a_name_cannot_shift_the_fields)
{
	static const char *const line[] = {
	        "42 (a) R 9 (b) S" REST, "42 (a\n7 (x) Z 1) S" REST, "42 () S" REST,
	        "42 ( ) S" REST,         "42 ()))) S" REST,
	};
	struct tf_proc_stat s;

	for (size_t i = 0; i < sizeof(line) / sizeof(line[0]); i++) {
		ck_assert_msg(tf_proc_parse_stat(line[i], &s) == 0, "%s", line[i]);
		ck_assert_int_eq(s.pid, 42);
		ck_assert_int_eq(s.ppid, 1);
		ck_assert_int_eq(s.state, 'S');
	}
}
END_TEST

START_TEST(what_is_no_stat_line_is_refused)
{
	static const char *const line[] = {
	        "",
	        "42",
	        "42 (sh",
	        "42 (sh)",
	        "42 (sh) ",
	        "42 (sh) S",
	        "42 (sh) S 1 2 3",
	        "(sh) S" REST,
	        "0 (sh) S" REST,
	        "99999999999 (sh) S" REST,
	        "42 (sh)S" REST,
	        "42 (sh) S x 2 3 0 -1 4194304 9 9 9 9 11 22 33 44 20 0 7 0 555 4096 6",
	};
	struct tf_proc_stat s = {.pid = 7};

	for (size_t i = 0; i < sizeof(line) / sizeof(line[0]); i++)
		ck_assert_msg(tf_proc_parse_stat(line[i], &s) == -EBADMSG, "%s", line[i]);
	ck_assert_int_eq(s.pid, 7);
}
END_TEST

START_TEST(recorded_process_with_a_hostile_name)
{
	struct tf_proc_stat s;
	int dir = open_recorded(5000002);

	ck_assert_int_ge(dir, 0);
	ck_assert_int_eq(tf_proc_stat(dir, "stat", &s), 0);
	ck_assert_int_eq(s.ppid, 5000001);
	ck_assert_int_eq(s.state, 'R');
	ck_assert_uint_eq(s.own, 7);
	ck_assert_uint_eq(s.threads, 2);
	close(dir);
}
END_TEST

START_TEST(pss_is_the_exact_key)
{
	uint64_t bytes = 0;
	int dir = open_recorded(5000001);

	ck_assert_int_eq(tf_proc_pss(dir, &bytes), 0);
	ck_assert_uint_eq(bytes, 299 * 1024);
	close(dir);
}
END_TEST

START_TEST(rss_from_statm)
{
	uint64_t bytes = 0;
	int dir = open_recorded(5000001);

	ck_assert_int_eq(tf_proc_rss(dir, &bytes), 0);
	ck_assert_uint_eq(bytes, 400u * (uint64_t)sysconf(_SC_PAGESIZE));
	close(dir);
}
END_TEST

START_TEST(tag_is_the_hard_limit)
{
	static const struct {
		pid_t pid;
		uint64_t tag;
	} want[] = {{5000001, 123456789}, {5000002, 123456789}, {5000005, UINT64_MAX}};

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		int dir = open_recorded(want[i].pid);
		uint64_t tag = 0;

		ck_assert_int_eq(tf_proc_tag(dir, &tag), 0);
		ck_assert_uint_eq(tag, want[i].tag);
		close(dir);
	}
}
END_TEST

START_TEST(tag_of_a_real_process)
{
	struct rlimit limit = {.rlim_cur = 123456, .rlim_max = 234567};
	uint64_t tag = 0;
	int root = tf_proc_root("/proc"), dir;

	ck_assert_int_eq(setrlimit(RLIMIT_RTTIME, &limit), 0);
	dir = tf_proc_open(root, getpid());
	ck_assert_int_eq(tf_proc_tag(dir, &tag), 0);
	ck_assert_uint_eq(tag, 234567);
	close(dir);
	close(root);
}
END_TEST

START_TEST(ignored_signals)
{
	int sh = open_recorded(5000001), hostile = open_recorded(5000002);
	int root = tf_proc_root("/proc"), self = tf_proc_open(root, getpid());

	ck_assert_int_eq(tf_proc_ignores(sh, SIGCHLD), 0);
	ck_assert_int_eq(tf_proc_ignores(hostile, SIGCHLD), 1);
	ck_assert_int_eq(tf_proc_ignores(hostile, SIGHUP), 0);
	signal(SIGUSR2, SIG_IGN);
	ck_assert_int_eq(tf_proc_ignores(self, SIGUSR2), 1);
	signal(SIGUSR2, SIG_DFL);
	ck_assert_int_eq(tf_proc_ignores(self, SIGUSR2), 0);
	close(sh);
	close(hostile);
	close(self);
	close(root);
}
END_TEST

struct found {
	pid_t pid[2048];
	int count;
};

static int note(void *context, pid_t pid)
{
	struct found *found = context;

	if (found->count < 2048)
		found->pid[found->count] = pid;
	found->count++;
	return 0;
}

START_TEST(children_of_all_threads)
{
	struct found found = {.count = 0};
	int dir = open_recorded(5000002);

	ck_assert_int_eq(tf_proc_children(dir, note, &found), 0);
	ck_assert_int_eq(found.count, 1);
	ck_assert_int_eq(found.pid[0], 5000003);
	close(dir);
}
END_TEST

START_TEST(children_without_such_files)
{
	struct found found = {.count = 0};
	int dir = open_recorded(5000003); /* no task directory: gone */

	ck_assert_int_eq(tf_proc_children(dir, note, &found), -ESRCH);
	ck_assert_int_eq(found.count, 0);
	close(dir);
}
END_TEST

START_TEST(a_long_list_of_children_is_read_whole)
{
	char name[] = "/tmp/turf-children-XXXXXX";
	struct found found = {.count = 0};
	int fd = mkstemp(name);

	unlink(name);
	/* Numbers of seven characters: they are cut at every border of a read. */
	for (int i = 0; i < 2000; i++)
		ck_assert_int_gt(dprintf(fd, "%d ", 100000 + i), 0);
	ck_assert_int_eq(tf_proc_children_of(fd, note, &found), 0);
	ck_assert_int_eq(found.count, 2000);
	for (int i = 0; i < 2000; i++)
		ck_assert_int_eq(found.pid[i], 100000 + i);
	close(fd);
}
END_TEST

static int stop_at_first(void *context, pid_t pid)
{
	*(pid_t *)context = pid;
	return -E2BIG;
}

START_TEST(a_walk_stops_when_told)
{
	int root = tf_proc_root(TREE), dir = tf_proc_open(root, 5000000);
	pid_t pid = 0;

	ck_assert_int_eq(tf_proc_children(dir, stop_at_first, &pid), -E2BIG);
	ck_assert_int_eq(pid, 5000001);
	close(dir);
	close(root);
}
END_TEST

START_TEST(only_numbers_are_processes)
{
	struct found found = {.count = 0};
	int root = tf_proc_root(TREE);

	ck_assert_int_eq(tf_proc_numbers(root, note, &found), 0);
	ck_assert_int_eq(found.count, 8); /* uptime is none */
	close(root);
}
END_TEST

START_TEST(a_process_that_is_gone)
{
	struct tf_proc_stat s;
	uint64_t bytes;
	pid_t pid = fork();
	int root = tf_proc_root("/proc"), dir, kept;

	if (!pid)
		for (;;)
			pause();
	dir = tf_proc_open(root, pid);
	kept = openat(dir, "stat", O_RDONLY | O_CLOEXEC);
	ck_assert_int_eq(tf_proc_stat(kept, "", &s), 0);
	ck_assert_int_eq(s.pid, pid);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	/* Both descriptors outlive it, and never mean a later process. */
	ck_assert_int_eq(tf_proc_stat(kept, "", &s), -ESRCH);
	ck_assert_int_eq(tf_proc_stat(dir, "stat", &s), -ESRCH);
	ck_assert_int_eq(tf_proc_pss(dir, &bytes), -ESRCH);
	ck_assert_int_eq(tf_proc_open(root, pid) >= 0, 0);
	close(kept);
	close(dir);
	close(root);
}
END_TEST

START_TEST(numbers_that_are_no_process)
{
	int root = tf_proc_root("/proc");

	ck_assert_int_eq(tf_proc_open(root, 0), -ESRCH);
	ck_assert_int_eq(tf_proc_open(root, -1), -ESRCH);
	close(root);
}
END_TEST

static void *sleep_for_ever(void *unused)
{
	for (;;)
		pause();
	return unused;
}

START_TEST(memory_of_a_process_whose_first_thread_ended)
{
	int root = tf_proc_root("/proc"), dir, thread;
	struct tf_proc_stat s;
	uint64_t bytes = 0;
	pthread_t other;
	pid_t pid = fork();

	if (!pid) {
		pthread_create(&other, NULL, sleep_for_ever, NULL);
		pthread_exit(NULL);
	}
	dir = tf_proc_open(root, pid);
	for (int i = 0; i < 1000; i++) {
		ck_assert_int_eq(tf_proc_stat(dir, "stat", &s), 0);
		if (s.state == 'Z')
			break;
		usleep(1000);
	}
	ck_assert_int_eq(s.state, 'Z');
	ck_assert_uint_eq(s.threads, 2);
	ck_assert_uint_eq(s.rss, 0); /* this is how it would hide */
	thread = tf_proc_open_thread(dir, pid);
	ck_assert_int_ge(thread, 0);
	ck_assert_int_eq(tf_proc_rss(thread, &bytes), 0);
	ck_assert_uint_gt(bytes, 0);
	ck_assert_int_eq(tf_proc_pss(thread, &bytes), 0);
	ck_assert_uint_gt(bytes, 0);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(thread);
	close(dir);
	close(root);
}
END_TEST

Suite *test_proc_suite(void)
{
	Suite *s = suite_create("proc");
	TCase *t = tcase_create("proc");

	tcase_add_test(t, fields_of_a_stat_line);
	tcase_add_test(t, a_name_cannot_shift_the_fields);
	tcase_add_test(t, what_is_no_stat_line_is_refused);
	tcase_add_test(t, recorded_process_with_a_hostile_name);
	tcase_add_test(t, pss_is_the_exact_key);
	tcase_add_test(t, rss_from_statm);
	tcase_add_test(t, tag_is_the_hard_limit);
	tcase_add_test(t, tag_of_a_real_process);
	tcase_add_test(t, ignored_signals);
	tcase_add_test(t, children_of_all_threads);
	tcase_add_test(t, children_without_such_files);
	tcase_add_test(t, a_long_list_of_children_is_read_whole);
	tcase_add_test(t, a_walk_stops_when_told);
	tcase_add_test(t, only_numbers_are_processes);
	tcase_add_test(t, a_process_that_is_gone);
	tcase_add_test(t, numbers_that_are_no_process);
	tcase_add_test(t, memory_of_a_process_whose_first_thread_ended);
	suite_add_tcase(s, t);
	return s;
}
