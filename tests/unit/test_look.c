/*
 * monitor/look: when looks are taken, what they find, and what a look that fails means.
 */
#include <errno.h>
#include <string.h>

#include "monitor/look.h"
#include "unit.h"

#define TREE "tests/fixtures/proc"
#define TOP 5000000

static struct tf_monitor_opts options(void)
{
	return (struct tf_monitor_opts){.proc = TREE, .tty = -1, .pty = -1};
}

/* On the recorded tree: the set is opened for another top than the caller. */
static void open_recorded(struct tf_look *look, const struct tf_monitor_opts *opts)
{
	tf_look_init(look, opts, 1000);
	ck_assert_int_eq(tf_sampler_open(&look->sampler, TREE, TOP), 0);
}

START_TEST(no_limit_no_look)
{
	struct tf_monitor_opts opts = options();
	struct tf_look look;

	opts.limits.wall_ms = 5;
	tf_look_init(&look, &opts, 1000);
	ck_assert_uint_eq(look.at_us, TF_NEVER);
	tf_look_done(&look);
	opts.limits.pids = 5;
	tf_look_init(&look, &opts, 1000);
	ck_assert_uint_eq(look.at_us, 2000);
	tf_look_done(&look);
}
END_TEST

START_TEST(peaks_and_usage)
{
	struct tf_monitor_opts opts = options();
	struct tf_reaper reaper = {.user_us = 10, .system_us = 5, .peak_rss_bytes = 1ull << 40};
	struct tf_verdict verdict;
	struct tf_usage usage;
	struct tf_look look;

	opts.is_measured = 1;
	open_recorded(&look, &opts);
	ck_assert_int_eq(tf_look_take(&look, 15, 2000, &verdict), 0);
	ck_assert_int_eq(verdict.act, TF_ACT_NONE);
	ck_assert_uint_gt(look.at_us, 2000);
	ck_assert_uint_lt(look.at_us, 2000 + 1000000);
	tf_look_usage(&look, &reaper, &usage);
	ck_assert_uint_eq(usage.looks, 1);
	ck_assert_uint_eq(usage.peak_processes, 4);
	ck_assert_uint_gt(usage.peak_pss_bytes, 27000 * 1024);
	ck_assert_uint_eq(usage.peak_process_rss_bytes, 1ull << 40);
	ck_assert_uint_eq(usage.peak_rss_bytes,
	                  1ull << 40); /* one alone had more than any sum that was seen */
	ck_assert_uint_eq(usage.cpu_user_us, 10);
	ck_assert_uint_eq(usage.cpu_system_us, 5);
	tf_look_done(&look);
}
END_TEST

START_TEST(a_limit_that_is_exceeded)
{
	struct tf_monitor_opts opts = options();
	struct tf_verdict verdict;
	struct tf_look look;

	opts.limits.memory_bytes = 1 << 20;
	open_recorded(&look, &opts);
	ck_assert_int_eq(tf_look_take(&look, 0, 2000, &verdict), 0);
	ck_assert_int_eq(verdict.act, TF_ACT_NONE);
	ck_assert_uint_eq(look.at_us, 2000); /* the second reading at once */
	ck_assert_int_eq(tf_look_take(&look, 0, 2000, &verdict), 0);
	ck_assert_int_eq(verdict.act, TF_ACT_KILL);
	ck_assert_int_eq(verdict.reason, TF_REASON_MEMORY);
	tf_look_done(&look);

	opts.limits = (struct tf_limits){.cpu_ms = 2000};
	open_recorded(&look, &opts);
	ck_assert_int_eq(tf_look_take(&look, 0, 2000, &verdict), 0);
	ck_assert_int_eq(verdict.act, TF_ACT_TERMINATE);
	ck_assert_int_eq(verdict.reason, TF_REASON_CPUTIME);
	ck_assert_uint_ne(look.at_us, TF_NEVER); /* the other limits hold on */
	tf_look_done(&look);
}
END_TEST

START_TEST(blind_for_a_moment_but_not_for_long)
{
	struct tf_monitor_opts opts = options();
	struct tf_verdict verdict = {.act = TF_ACT_KILL};
	struct tf_look look;
	int looks = 0, rc;

	opts.proc = "/nonexistent";
	opts.limits.pids = 5;
	tf_look_init(&look, &opts, 1000);
	while ((rc = tf_look_take(&look, 0, 2000, &verdict)) == 0 && looks++ < 100)
		ck_assert_int_eq(verdict.act, TF_ACT_NONE);
	ck_assert_int_eq(rc, -ENOENT);
	ck_assert_int_ge(looks, 5);
	tf_look_done(&look);
}
END_TEST

Suite *test_look_suite(void)
{
	Suite *s = suite_create("look");
	TCase *t = tcase_create("look");

	tcase_add_test(t, no_limit_no_look);
	tcase_add_test(t, peaks_and_usage);
	tcase_add_test(t, a_limit_that_is_exceeded);
	tcase_add_test(t, blind_for_a_moment_but_not_for_long);
	suite_add_tcase(s, t);
	return s;
}
