/*
 * monitor/limits: decisions on invented readings.
 */
#include <stdint.h>

#include "monitor/limits.h"
#include "unit.h"

#define MIB (1024ull * 1024)

static struct tf_watch memory_watch(uint64_t mib)
{
	return (struct tf_watch){.limits.memory_bytes = mib * MIB, .processors = 2};
}

START_TEST(no_limit_needs_no_look)
{
	struct tf_watch watch = {.limits.wall_ms = 1000};

	ck_assert(!tf_limits_need_looks(&watch));
	watch.limits.memory_bytes = 1;
	ck_assert(tf_limits_need_looks(&watch));
	watch = (struct tf_watch){.limits.cpu_ms = 1};
	ck_assert(tf_limits_need_looks(&watch));
	watch = (struct tf_watch){.limits.pids = 1};
	ck_assert(tf_limits_need_looks(&watch));
	watch = (struct tf_watch){.is_measured = 1};
	ck_assert(tf_limits_need_looks(&watch));
}
END_TEST

START_TEST(wall_clock)
{
	struct tf_limits limits = {.wall_ms = 100};

	ck_assert_uint_eq(tf_limits_wall_left(&limits, 0), 100000);
	ck_assert_uint_eq(tf_limits_wall_left(&limits, 99999), 1);
	ck_assert_uint_eq(tf_limits_wall_left(&limits, 100000), 0);
	ck_assert_uint_eq(tf_limits_wall_left(&limits, UINT64_MAX), 0);
	limits.wall_ms = 0;
	ck_assert_uint_eq(tf_limits_wall_left(&limits, 5), TF_NEVER);
	limits.wall_ms = UINT64_MAX;
	ck_assert_uint_eq(tf_limits_wall_left(&limits, 5), TF_NEVER);
}
END_TEST

START_TEST(rss_alone_never_kills)
{
	struct tf_watch watch = memory_watch(64);
	struct tf_reading r = {.rss_bytes = 500 * MIB, .is_active = 1};

	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(tf_limits_judge(&watch, &r).act, TF_ACT_READ_PSS);
	/* Many processes that share nearly all of it. */
	r.has_pss = 1;
	r.pss_bytes = 60 * MIB;
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(tf_limits_judge(&watch, &r).act, TF_ACT_NONE);
}
END_TEST

START_TEST(two_readings_before_a_kill)
{
	struct tf_watch watch = memory_watch(64);
	struct tf_reading r = {
	        .rss_bytes = 65 * MIB, .pss_bytes = 65 * MIB, .has_pss = 1, .is_active = 1};
	struct tf_reading low = {.rss_bytes = 10 * MIB, .is_active = 1};
	struct tf_verdict v = tf_limits_judge(&watch, &r);

	ck_assert_int_eq(v.act, TF_ACT_NONE);
	ck_assert_uint_eq(v.next_us, 0); /* the second at once */
	v = tf_limits_judge(&watch, &r);
	ck_assert_int_eq(v.act, TF_ACT_KILL);
	ck_assert_int_eq(v.reason, TF_REASON_MEMORY);

	/* In a row: one below in between starts anew. */
	watch = memory_watch(64);
	tf_limits_judge(&watch, &r);
	tf_limits_judge(&watch, &low);
	ck_assert_int_eq(tf_limits_judge(&watch, &r).act, TF_ACT_NONE);
	ck_assert_int_eq(tf_limits_judge(&watch, &r).act, TF_ACT_KILL);
}
END_TEST

START_TEST(a_doubtful_reading_does_not_kill_at_once)
{
	struct tf_watch watch = memory_watch(64);
	struct tf_reading r = {.rss_bytes = 90 * MIB,
	                       .pss_bytes = 70 * MIB,
	                       .pss_error_bytes = 10 * MIB,
	                       .has_pss = 1,
	                       .is_active = 1};
	struct tf_verdict v = {.act = TF_ACT_NONE};
	int readings = 0;

	for (int i = 0; i < 5; i++) {
		v = tf_limits_judge(&watch, &r);
		ck_assert_int_eq(v.act, TF_ACT_NONE);
		ck_assert_uint_eq(v.next_us, 1000);
	}
	/* But doubt cannot be kept up for ever. */
	for (readings = 5; v.act == TF_ACT_NONE && readings < 100; readings++)
		v = tf_limits_judge(&watch, &r);
	ck_assert_int_eq(v.act, TF_ACT_KILL);
	ck_assert_int_le(readings, 20);
}
END_TEST

START_TEST(the_limit_itself_is_allowed)
{
	struct tf_watch watch = memory_watch(64);
	struct tf_reading r = {
	        .rss_bytes = 64 * MIB, .pss_bytes = 64 * MIB, .has_pss = 1, .is_active = 1};

	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(tf_limits_judge(&watch, &r).act, TF_ACT_NONE);
}
END_TEST

START_TEST(the_interval_follows_the_headroom)
{
	uint64_t last = TF_NEVER;

	/* Growing towards 1 GiB: each look comes sooner than the one before, never below 1 ms nor above 250. */
	struct tf_watch watch = memory_watch(1024);

	for (uint64_t mib = 1; mib < 960; mib += 50) {
		struct tf_reading r = {.rss_bytes = mib * MIB, .is_active = 1};
		struct tf_verdict v = tf_limits_judge(&watch, &r);

		ck_assert_int_eq(v.act, TF_ACT_NONE);
		ck_assert_uint_ge(v.next_us, 1000);
		ck_assert_uint_le(v.next_us, 250000);
		ck_assert_uint_le(v.next_us, last);
		/* What 20 GB/s can fill until then still fits. */
		ck_assert(v.next_us == 1000 || v.next_us * 20000 <= (1024 - mib) * MIB);
		last = v.next_us;
	}
}
END_TEST

START_TEST(looking_is_never_dear)
{
	struct tf_watch watch = memory_watch(64);
	struct tf_reading r = {.rss_bytes = 50 * MIB, .is_active = 1, .cost_us = 40000};

	ck_assert_uint_ge(tf_limits_judge(&watch, &r).next_us, 120000);
}
END_TEST

START_TEST(idle_is_left_alone)
{
	struct tf_watch watch = memory_watch(64);
	struct tf_reading r = {.rss_bytes = 59 * MIB, .since_us = 250000, .is_covered = 1};

	ck_assert_uint_eq(tf_limits_judge(&watch, &r).next_us, 250000);
	for (int i = 0; i < 30; i++)
		tf_limits_judge(&watch, &r);
	ck_assert_uint_eq(tf_limits_judge(&watch, &r).next_us, 1000000);
	/* Without timers on every member a second would be long. */
	r.is_covered = 0;
	ck_assert_uint_eq(tf_limits_judge(&watch, &r).next_us, 250000);
	/* And when it works again. */
	r.is_active = 1;
	ck_assert_uint_le(tf_limits_judge(&watch, &r).next_us, 10000);
}
END_TEST

START_TEST(cpu_time)
{
	struct tf_watch watch = {.limits.cpu_ms = 1000, .processors = 2};
	struct tf_reading r = {.cpu_us = 200000, .is_active = 1};
	struct tf_verdict v = tf_limits_judge(&watch, &r);

	ck_assert_int_eq(v.act, TF_ACT_NONE);
	ck_assert_uint_eq(v.next_us, 400000); /* 800 ms left, two processors */
	r.cpu_us = 999999;
	ck_assert_uint_eq(tf_limits_judge(&watch, &r).next_us, 5000);
	r.cpu_us = 1000000;
	v = tf_limits_judge(&watch, &r);
	ck_assert_int_eq(v.act, TF_ACT_TERMINATE);
	ck_assert_int_eq(v.reason, TF_REASON_CPUTIME);
}
END_TEST

START_TEST(cpu_time_left_of_an_idle_one)
{
	struct tf_watch watch = {.limits.cpu_ms = 1000, .processors = 2};
	struct tf_reading r = {.cpu_us = 990000};

	/* Nearly used up, but asleep: not polled. */
	ck_assert_uint_ge(tf_limits_judge(&watch, &r).next_us, 250000);
	/* An hour left: not before half an hour, however idle. */
	watch.limits.cpu_ms = 3600000;
	r.cpu_us = 0;
	ck_assert_uint_eq(tf_limits_judge(&watch, &r).next_us, 1800000000ull);
}
END_TEST

START_TEST(processes)
{
	struct tf_watch watch = {.limits.pids = 10};
	struct tf_reading r = {.processes = 10, .is_active = 1};
	struct tf_verdict v = tf_limits_judge(&watch, &r);

	ck_assert_int_eq(v.act, TF_ACT_NONE);
	ck_assert_uint_le(v.next_us, 10000);
	r.processes = 11;
	v = tf_limits_judge(&watch, &r);
	ck_assert_int_eq(v.act, TF_ACT_KILL);
	ck_assert_int_eq(v.reason, TF_REASON_PIDS);
}
END_TEST

START_TEST(huge_limits_do_not_overflow)
{
	struct tf_watch watch = {
	        .limits = {.memory_bytes = UINT64_MAX, .cpu_ms = UINT64_MAX, .pids = UINT32_MAX}};
	struct tf_reading r = {
	        .rss_bytes = 1 << 20, .cpu_us = 1000, .processes = 3, .is_active = 1};
	struct tf_verdict v = tf_limits_judge(&watch, &r);

	ck_assert_int_eq(v.act, TF_ACT_NONE);
	ck_assert_uint_ge(v.next_us, 5000);
	watch.limits = (struct tf_limits){.memory_bytes = 1};
	r.has_pss = 1;
	r.pss_bytes = 4096;
	tf_limits_judge(&watch, &r);
	ck_assert_int_eq(tf_limits_judge(&watch, &r).act, TF_ACT_KILL);
}
END_TEST

Suite *test_limits_suite(void)
{
	Suite *s = suite_create("limits");
	TCase *t = tcase_create("limits");

	tcase_add_test(t, no_limit_needs_no_look);
	tcase_add_test(t, wall_clock);
	tcase_add_test(t, rss_alone_never_kills);
	tcase_add_test(t, two_readings_before_a_kill);
	tcase_add_test(t, a_doubtful_reading_does_not_kill_at_once);
	tcase_add_test(t, the_limit_itself_is_allowed);
	tcase_add_test(t, the_interval_follows_the_headroom);
	tcase_add_test(t, looking_is_never_dear);
	tcase_add_test(t, idle_is_left_alone);
	tcase_add_test(t, cpu_time);
	tcase_add_test(t, cpu_time_left_of_an_idle_one);
	tcase_add_test(t, processes);
	tcase_add_test(t, huge_limits_do_not_overflow);
	suite_add_tcase(s, t);
	return s;
}
