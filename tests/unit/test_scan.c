/*
 * monitor/scan: walks over all of a recorded /proc.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "monitor/scan.h"
#include "unit.h"

#define TREE "tests/fixtures/proc"

struct tagged {
	int count;
	pid_t last;
};

static int note_tagged(void *context, pid_t pid, int dir)
{
	struct tagged *tagged = context;

	tagged->count++;
	tagged->last = pid;
	return 0;
}

START_TEST(tagged_processes_but_the_dead)
{
	struct tagged tagged = {.count = 0};
	int root = tf_proc_root(TREE);

	ck_assert_int_eq(tf_scan_tagged(root, 123456789, note_tagged, &tagged), 0);
	ck_assert_int_eq(tagged.count,
	                 3); /* 1, 2 and 6, whose first thread has ended; not 3, a zombie */
	tagged.count = 0;
	ck_assert_int_eq(tf_scan_tagged(root, 42, note_tagged, &tagged), 0);
	ck_assert_int_eq(tagged.count, 0);
	close(root);
}
END_TEST

static int note_child(void *context, pid_t pid)
{
	pid_t *found = context;

	found[found[0] + 1] = pid;
	found[0]++;
	return 0;
}

START_TEST(children_by_parent)
{
	struct tf_scan scan;
	pid_t found[16] = {0};
	int root = tf_proc_root(TREE);

	ck_assert_int_eq(tf_scan_take(&scan, root), 0);
	ck_assert_uint_eq(scan.count, 8);
	ck_assert_int_eq(tf_scan_children(&scan, 5000000, note_child, found), 0);
	ck_assert_int_eq(found[0], 3);
	found[0] = 0;
	ck_assert_int_eq(tf_scan_children(&scan, 5000002, note_child, found), 0);
	ck_assert_int_eq(found[0], 1);
	ck_assert_int_eq(found[1], 5000003);
	found[0] = 0;
	ck_assert_int_eq(tf_scan_children(&scan, 42, note_child, found), 0);
	ck_assert_int_eq(found[0], 0);
	tf_scan_free(&scan);
	close(root);
}
END_TEST

static int stop_at_once(void *context, pid_t pid, int dir)
{
	return -E2BIG;
}

START_TEST(a_tag_walk_stops_when_told)
{
	int root = tf_proc_root(TREE);

	ck_assert_int_eq(tf_scan_tagged(root, 123456789, stop_at_once, NULL), -E2BIG);
	close(root);
}
END_TEST

START_TEST(without_descriptors_nobody_is_overlooked)
{
	struct tagged tagged = {.count = 0};
	struct tf_scan scan;
	struct rlimit before, none;
	int root = tf_proc_root(TREE), next = dup(root);

	close(next);
	getrlimit(RLIMIT_NOFILE, &before);
	none = (struct rlimit){.rlim_cur = (rlim_t)next, .rlim_max = before.rlim_max};
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	ck_assert_int_eq(tf_scan_take(&scan, root), -EMFILE);
	ck_assert_int_eq(tf_scan_tagged(root, 123456789, note_tagged, &tagged), -EMFILE);
	setrlimit(RLIMIT_NOFILE, &before);
	close(root);
}
END_TEST

Suite *test_scan_suite(void)
{
	Suite *s = suite_create("scan");
	TCase *t = tcase_create("scan");

	tcase_add_test(t, tagged_processes_but_the_dead);
	tcase_add_test(t, children_by_parent);
	tcase_add_test(t, a_tag_walk_stops_when_told);
	tcase_add_test(t, without_descriptors_nobody_is_overlooked);
	suite_add_tcase(s, t);
	return s;
}
