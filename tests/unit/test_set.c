/*
 * monitor/set: which processes belong to a sandbox.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "monitor/set.h"
#include "unit.h"

#define TREE "tests/fixtures/proc"
#define TOP 5000000

static void check_recorded(struct tf_set *set)
{
	static const pid_t want[] = {5000001, 5000002, 5000003, 5000005, 5000006};

	ck_assert_uint_eq(set->count, 5);
	for (uint32_t i = 0; i < set->count; i++)
		ck_assert_int_eq(set->member[i].pid, want[i]);
}

START_TEST(recorded_tree)
{
	struct tf_set set;

	ck_assert_int_eq(tf_set_init(&set, TREE, TOP), 0);
	ck_assert_int_eq(tf_set_look(&set), 0);
	ck_assert_int_eq(set.is_walk, 0);
	check_recorded(
	        &set); /* 5000009, listed as a child but with another parent, is a stranger */
	ck_assert_int_eq(tf_set_find(&set, 5000002)->ppid, 5000001);
	ck_assert_ptr_null(tf_set_find(&set, 5000009));
	ck_assert(tf_set_is_dead(tf_set_find(&set, 5000003)));
	ck_assert(!tf_set_is_dead(tf_set_find(&set, 5000006)));
	ck_assert_uint_eq(tf_set_find(&set, 5000006)->rss, 7000u * (uint64_t)sysconf(_SC_PAGESIZE));
	tf_set_done(&set);
}
END_TEST

START_TEST(the_same_without_children_files)
{
	struct tf_set set;

	ck_assert_int_eq(tf_set_init(&set, TREE, TOP), 0);
	set.is_walk = 1;
	ck_assert_int_eq(tf_set_look(&set), 0);
	check_recorded(&set);
	tf_set_done(&set);
}
END_TEST

START_TEST(a_second_look_knows_its_members)
{
	struct tf_set set;

	ck_assert_int_eq(tf_set_init(&set, TREE, TOP), 0);
	ck_assert_int_eq(tf_set_look(&set), 0);
	ck_assert_int_eq(set.member[0].is_new, 1);
	ck_assert_int_eq(tf_set_look(&set), 0);
	check_recorded(&set);
	for (uint32_t i = 0; i < set.count; i++)
		ck_assert_int_eq(set.member[i].is_new, 0);
	ck_assert_ptr_nonnull(tf_set_find_before(&set, 5000001));
	tf_set_done(&set);
}
END_TEST

/* A child that forks a daemon (double fork, setsid) which writes its number to the pipe, and ends. */
static pid_t make_daemon(void)
{
	int fd[2];
	pid_t pid = 0, child;

	ck_assert_int_eq(pipe(fd), 0);
	child = fork();
	if (!child) {
		if (fork())
			_exit(0);
		setsid();
		if (fork())
			_exit(0);
		pid = getpid();
		if (write(fd[1], &pid, sizeof(pid)) != sizeof(pid))
			_exit(1);
		for (;;)
			pause();
	}
	ck_assert_int_eq(read(fd[0], &pid, sizeof(pid)), sizeof(pid));
	close(fd[0]);
	close(fd[1]);
	/* Both that forked have to be gone: only then is the daemon ours to wait for. */
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	ck_assert_int_gt(waitpid(-1, NULL, 0), 0);
	return pid;
}

static void daemon_is_found(int is_walk)
{
	struct tf_set set;
	struct tf_member *m;
	pid_t pid;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid = make_daemon();
	ck_assert_int_eq(tf_set_init(&set, "/proc", getpid()), 0);
	set.is_walk = is_walk;
	ck_assert_int_eq(tf_set_look(&set), 0);
	m = tf_set_find(&set, pid);
	ck_assert_ptr_nonnull(m);
	ck_assert_uint_gt(m->rss, 0);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ck_assert_int_eq(tf_set_look(&set), 0);
	ck_assert_ptr_null(tf_set_find(&set, pid));
	tf_set_done(&set);
}

START_TEST(a_daemon_stays_a_member)
{
	daemon_is_found(0);
}
END_TEST

START_TEST(a_daemon_stays_a_member_without_children_files)
{
	daemon_is_found(1);
}
END_TEST

static void make_sleepers(pid_t *pid, int count)
{
	for (int i = 0; i < count; i++) {
		pid[i] = fork();
		if (!pid[i])
			for (;;)
				pause();
	}
}

static void end_sleepers(const pid_t *pid, int count)
{
	for (int i = 0; i < count; i++) {
		kill(pid[i], SIGKILL);
		waitpid(pid[i], NULL, 0);
	}
}

START_TEST(more_members_than_kept_descriptors)
{
	pid_t pid[TF_SET_KEEP + 20];
	struct tf_set set;
	int count = (int)(sizeof(pid) / sizeof(pid[0]));

	make_sleepers(pid, count);
	ck_assert_int_eq(tf_set_init(&set, "/proc", getpid()), 0);
	for (int look = 0; look < 3; look++) {
		ck_assert_int_eq(tf_set_look(&set), 0);
		ck_assert_uint_eq(set.count, (unsigned int)count);
		ck_assert_uint_eq(set.kept, TF_SET_KEEP);
	}
	end_sleepers(pid, count);
	ck_assert_int_eq(tf_set_look(&set), 0);
	ck_assert_uint_eq(set.count, 0);
	ck_assert_uint_eq(set.kept, 0);
	tf_set_done(&set);
}
END_TEST

/* Lowers the limit of descriptors so that n more can be opened. */
static void leave_descriptors(int n)
{
	int next = dup(0);
	struct rlimit limit = {.rlim_cur = (rlim_t)(next + n), .rlim_max = 4096};

	close(next);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

START_TEST(few_descriptors_make_it_slow_not_blind)
{
	pid_t pid[10];
	struct tf_set set;
	struct rlimit before;

	getrlimit(RLIMIT_NOFILE, &before);
	make_sleepers(pid, 10);
	ck_assert_int_eq(tf_set_init(&set, "/proc", getpid()), 0);
	leave_descriptors(8);
	for (int look = 0; look < 3; look++) {
		ck_assert_int_eq(tf_set_look(&set), 0);
		ck_assert_msg(set.is_degraded == 1, "look %d: kept %u", look, set.kept);
		ck_assert_uint_eq(set.count, 10);
		for (uint32_t i = 0; i < set.count; i++)
			ck_assert_uint_gt(set.member[i].rss, 0);
	}
	setrlimit(RLIMIT_NOFILE, &before);
	end_sleepers(pid, 10);
	tf_set_done(&set);
}
END_TEST

START_TEST(no_descriptor_at_all_is_an_error)
{
	struct tf_set set;
	pid_t pid[1];
	struct rlimit before;

	getrlimit(RLIMIT_NOFILE, &before);
	make_sleepers(pid, 1);
	ck_assert_int_eq(tf_set_init(&set, "/proc", getpid()), 0);
	leave_descriptors(0);
	ck_assert_int_eq(tf_set_look(&set), -EMFILE);
	setrlimit(RLIMIT_NOFILE, &before);
	end_sleepers(pid, 1);
	tf_set_done(&set);
}
END_TEST

static int open_descriptors(void)
{
	int n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

START_TEST(looks_leak_no_descriptors)
{
	struct tf_set set;
	pid_t pid[3];
	int before = open_descriptors();

	ck_assert_int_eq(tf_set_init(&set, "/proc", getpid()), 0);
	for (int i = 0; i < 20; i++) {
		make_sleepers(pid, 3);
		ck_assert_int_eq(tf_set_look(&set), 0);
		ck_assert_uint_eq(set.count, 3);
		end_sleepers(pid, 3);
	}
	tf_set_done(&set);
	ck_assert_int_eq(open_descriptors(), before);
}
END_TEST

START_TEST(a_number_used_again_is_another_member)
{
	struct tf_member then = {.pid = 0};
	struct tf_set set;
	int is_ours = 0;
	pid_t pid[1];

	make_sleepers(pid, 1);
	ck_assert_int_eq(tf_set_init(&set, "/proc", getpid()), 0);
	ck_assert_int_eq(tf_set_look(&set), 0);
	then = set.member[0];
	then.start -= 1; /* an earlier process of the same number, its descriptors closed */
	then.dir = -1;
	ck_assert_int_eq(tf_set_dir(&set, &then, &is_ours), -ESRCH);
	end_sleepers(pid, 1);
	tf_set_done(&set);
}
END_TEST

START_TEST(a_missing_proc_is_an_error)
{
	struct tf_set set;

	ck_assert_int_eq(tf_set_init(&set, "/nonexistent/proc", 1), -ENOENT);
}
END_TEST

Suite *test_set_suite(void)
{
	Suite *s = suite_create("set");
	TCase *t = tcase_create("set");

	tcase_set_timeout(t, 20);
	tcase_add_test(t, recorded_tree);
	tcase_add_test(t, the_same_without_children_files);
	tcase_add_test(t, a_second_look_knows_its_members);
	tcase_add_test(t, a_daemon_stays_a_member);
	tcase_add_test(t, a_daemon_stays_a_member_without_children_files);
	tcase_add_test(t, more_members_than_kept_descriptors);
	tcase_add_test(t, few_descriptors_make_it_slow_not_blind);
	tcase_add_test(t, no_descriptor_at_all_is_an_error);
	tcase_add_test(t, looks_leak_no_descriptors);
	tcase_add_test(t, a_number_used_again_is_another_member);
	tcase_add_test(t, a_missing_proc_is_an_error);
	suite_add_tcase(s, t);
	return s;
}
