/*
 * launcher/mode/wall: the prepared wall. That it holds is what tests/escape shows; here: what is in it for which run.
 */
#include <errno.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "launcher/kernel/rlimit.h"
#include "launcher/mode/wall.h"
#include "plan_scene.h"

static struct tf_wall wall;

static void teardown(void)
{
	tf_wall_done(&wall);
	plan_scene_drop();
}

static int make(enum tf_tier tier)
{
	/* Library, view and shared page have to exist for a rule about them. */
	places.library = places.view = places.shared = below("file");
	must_plan();
	ck_assert_int_eq(mkdir("work/skeleton", 0700) + mkdir(plan.skeleton, 0755), 0);
	ck_assert_int_eq(mkdir(host_of("/work"), 0755), 0);
	ck_assert_int_eq(tf_plan_rules(&plan, &places, &err), 0);
	return tf_wall_make(&wall, &plan, &set, tier, &err);
}

static const struct tf_ulimit *limit(int resource)
{
	const struct tf_ulimit *found = NULL;

	/* The last one is applied last, and wins. */
	for (unsigned int i = 0; i < wall.nulimits; i++)
		if (wall.ulimits[i].resource == resource)
			found = &wall.ulimits[i];
	return found;
}

START_TEST(the_kernel_tier_has_landlock_and_a_filter)
{
	if (tf_landlock_abi() < 1)
		unit_skip("no Landlock here");
	ck_assert_int_eq(make(TF_TIER_KERNEL), 0);
	ck_assert_int_ge(wall.landlock.fd, 0);
	ck_assert_int_eq(wall.has_seccomp, 1);
	ck_assert_uint_gt(wall.seccomp.len, 10);
}
END_TEST

START_TEST(the_cooperative_tier_has_neither)
{
	ck_assert_int_eq(make(TF_TIER_COOPERATIVE), 0);
	ck_assert_int_lt(wall.landlock.fd, 0);
	ck_assert_int_eq(wall.has_seccomp, 0);
	ck_assert_uint_ne(wall.tag, 0);
}
END_TEST

START_TEST(no_core_files_whatever_was_asked)
{
	ck_assert_int_eq(make(TF_TIER_COOPERATIVE), 0);
	ck_assert_ptr_nonnull(limit(RLIMIT_CORE));
	ck_assert_uint_le(limit(RLIMIT_CORE)->hard, 1);
}
END_TEST

START_TEST(a_memory_limit_bounds_each_process_too)
{
	set.memory_bytes = 64u << 20;
	ck_assert_int_eq(make(TF_TIER_COOPERATIVE), 0);
	ck_assert_ptr_nonnull(limit(RLIMIT_DATA));
	/* A backstop: the monitor's measure (PSS of all) comes first. */
	ck_assert_uint_ge(limit(RLIMIT_DATA)->hard, 64u << 20);
	ck_assert_uint_le(limit(RLIMIT_DATA)->hard, 1u << 30);
}
END_TEST

START_TEST(without_one_there_is_no_such_bound)
{
	ck_assert_int_eq(make(TF_TIER_COOPERATIVE), 0);
	ck_assert_ptr_null(limit(RLIMIT_DATA));
}
END_TEST

START_TEST(limits_that_were_asked_for_are_there)
{
	set.ulimits[set.nulimits++] =
	        (struct tf_ulimit){.resource = RLIMIT_NOFILE, .soft = 16, .hard = 32};
	ck_assert_int_eq(make(TF_TIER_COOPERATIVE), 0);
	ck_assert_ptr_nonnull(limit(RLIMIT_NOFILE));
	ck_assert_uint_eq(limit(RLIMIT_NOFILE)->hard, 32);
}
END_TEST

START_TEST(two_runs_have_two_tags)
{
	struct tf_wall again;

	ck_assert_int_eq(make(TF_TIER_COOPERATIVE), 0);
	ck_assert_int_eq(tf_wall_make(&again, &plan, &set, TF_TIER_COOPERATIVE, &err), 0);
	ck_assert_uint_ne(wall.tag, again.tag);
	tf_wall_done(&again);
}
END_TEST

/* Behind a first tag there has to be room for a second one below it: turf inside turf. */
START_TEST(a_tag_fits_below_the_callers_limit)
{
	uint64_t have;
	int status;
	pid_t pid;

	ck_assert_int_eq(make(TF_TIER_COOPERATIVE), 0);
	pid = fork();
	if (pid == 0) {
		struct tf_wall inner;

		if (tf_rlimit_tag(wall.tag) < 0 ||
		    tf_wall_make(&inner, &plan, &set, TF_TIER_COOPERATIVE, &err) < 0)
			_exit(1);
		if (inner.tag == wall.tag || tf_rlimit_tag(inner.tag) < 0)
			_exit(2);
		_exit(tf_rlimit_read_tag(&have) == 0 && have == inner.tag ? 0 : 3);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(a_port_list_needs_landlock_that_knows_ports)
{
	if (tf_landlock_abi() < 1)
		unit_skip("no Landlock here");
	set.network = TF_NETWORK_LIST;
	set.ports[set.nports++] = (struct tf_port){.port = 443, .may_connect = 1};
	ck_assert_int_eq(make(TF_TIER_KERNEL), tf_landlock_abi() < 4 ? -EOPNOTSUPP : 0);
}
END_TEST

Suite *test_wall_suite(void)
{
	Suite *suite = suite_create("wall");
	TCase *tc = tcase_create("wall");

	tcase_add_checked_fixture(tc, plan_scene_make, teardown);
	tcase_add_test(tc, the_kernel_tier_has_landlock_and_a_filter);
	tcase_add_test(tc, the_cooperative_tier_has_neither);
	tcase_add_test(tc, no_core_files_whatever_was_asked);
	tcase_add_test(tc, a_memory_limit_bounds_each_process_too);
	tcase_add_test(tc, without_one_there_is_no_such_bound);
	tcase_add_test(tc, limits_that_were_asked_for_are_there);
	tcase_add_test(tc, two_runs_have_two_tags);
	tcase_add_test(tc, a_tag_fits_below_the_callers_limit);
	tcase_add_test(tc, a_port_list_needs_landlock_that_knows_ports);
	suite_add_tcase(suite, tc);
	return suite;
}
