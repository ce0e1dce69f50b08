/*
 * launcher/mode/wall: ruleset, filter, limits and tag are prepared as plan and settings say.
 */
#include <sys/resource.h>

#include "launcher/kernel/rlimit.h"
#include "launcher/mode/wall.h"
#include "plan_fixture.h"

static struct tf_wall wall;

static void start(void)
{
	plan_fixture_make();
	wall.landlock.fd = -1;
	shell("echo >w/lib.so; echo >w/fallback/b/view; echo >w/fallback/b/shared; mkdir "
	      "w/fallback/b/code");
	make_plan();
	ck_assert_int_eq(mkdir(below("w/skeleton"), 0700), 0);
	ck_assert_int_eq(mkdir(plan.skeleton, 0755), 0);
	ck_assert_int_eq(tf_plan_rules(&plan, &places, &err), 0);
}

static void finish(void)
{
	tf_wall_done(&wall);
	plan_fixture_drop();
}

static void make_wall(enum tf_tier tier)
{
	int rc = tf_wall_make(&wall, &plan, &set, tier, &err);

	ck_assert_msg(rc == 0, "%d: %s", rc, err.text);
}

/* The hard limit that the wall will set; 0 = none. */
static uint64_t limit(int resource)
{
	for (unsigned int i = 0; i < wall.nulimits; i++)
		if (wall.ulimits[i].resource == resource)
			return wall.ulimits[i].hard;
	return 0;
}

START_TEST(the_cooperative_tier_has_limits_and_a_tag_only)
{
	make_wall(TF_TIER_COOPERATIVE);
	ck_assert_int_eq(wall.landlock.fd, -1);
	ck_assert_int_eq(wall.has_seccomp, 0);
	ck_assert_uint_eq(limit(RLIMIT_CORE), 1);
	ck_assert_uint_gt(wall.tag, 0);
}
END_TEST

START_TEST(the_kernel_tier_has_ruleset_and_filter)
{
	if (tf_landlock_abi() == 0)
		unit_skip("no Landlock here");
	make_wall(TF_TIER_KERNEL);
	int fd = wall.landlock.fd;
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	ck_assert_int_eq(wall.has_seccomp, 1);
	ck_assert_uint_gt(wall.seccomp.len, 0);
	ck_assert_int_eq(wall.is_scoped, 0);
	tf_wall_done(&wall);
	ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
}
END_TEST

START_TEST(the_network_is_held_unless_it_is_the_hosts)
{
	if (tf_landlock_abi() < TF_LL_ABI_NET)
		unit_skip("Landlock holds no TCP ports here");
	make_wall(TF_TIER_KERNEL);
	ck_assert_uint_ne(wall.landlock.net, 0);
	tf_wall_done(&wall);
	set.network = TF_NETWORK_HOST;
	make_wall(TF_TIER_KERNEL);
	ck_assert_uint_eq(wall.landlock.net, 0);
	tf_wall_done(&wall);
	set.network = TF_NETWORK_LIST;
	set.ports[set.nports++] = (struct tf_port){.port = 443, .may_connect = 1};
	make_wall(TF_TIER_KERNEL);
	ck_assert_uint_ne(wall.landlock.net, 0);
}
END_TEST

START_TEST(a_rule_for_what_went_away_is_passed_over)
{
	if (tf_landlock_abi() == 0)
		unit_skip("no Landlock here");
	plan.rule[plan.nrules++] =
	        (struct tf_rule){.host = below("h/gone"), .access = TF_READ, .fd = -1};
	make_wall(TF_TIER_KERNEL);
}
END_TEST

START_TEST(a_rule_that_cannot_be_made_is_an_error)
{
	if (tf_landlock_abi() == 0)
		unit_skip("no Landlock here");
	shell("ln -s . h/link");
	plan.rule[plan.nrules++] =
	        (struct tf_rule){.host = below("h/link"), .access = TF_READ, .fd = -1};
	ck_assert_int_lt(tf_wall_make(&wall, &plan, &set, TF_TIER_KERNEL, &err), 0);
	err_holds("h/link");
}
END_TEST

START_TEST(memory_has_a_backstop_wider_than_the_limit)
{
	make_wall(TF_TIER_COOPERATIVE);
	ck_assert_uint_eq(limit(RLIMIT_DATA), 0);
	set.memory_bytes = 64u << 20;
	make_wall(TF_TIER_COOPERATIVE);
	ck_assert_uint_eq(limit(RLIMIT_DATA), (2 * 64u + 256u) << 20);
	ck_assert_uint_eq(limit(RLIMIT_AS), 0);
}
END_TEST

START_TEST(no_limit_is_above_the_callers_own)
{
	struct rlimit own = {.rlim_cur = 0, .rlim_max = 0};

	make_wall(TF_TIER_COOPERATIVE);
	unsigned int n = wall.nulimits;
	ck_assert_uint_eq(limit(RLIMIT_CORE), 1);
	ck_assert_int_eq(setrlimit(RLIMIT_CORE, &own), 0);
	make_wall(TF_TIER_COOPERATIVE);
	ck_assert_uint_eq(wall.nulimits, n);
	ck_assert_uint_eq(limit(RLIMIT_CORE), 0);
}
END_TEST

START_TEST(ulimits_are_taken_as_they_are_said)
{
	set.ulimits[set.nulimits++] =
	        (struct tf_ulimit){.resource = RLIMIT_NOFILE, .soft = 10, .hard = 20};
	make_wall(TF_TIER_COOPERATIVE);
	ck_assert_uint_eq(limit(RLIMIT_NOFILE), 20);
}
END_TEST

START_TEST(tags_differ_and_can_be_set_by_who_has_a_tag)
{
	uint64_t have, first;

	ck_assert_int_eq(tf_rlimit_read_tag(&have), 0);
	make_wall(TF_TIER_COOPERATIVE);
	first = wall.tag;
	ck_assert_uint_le(first, have);
	make_wall(TF_TIER_COOPERATIVE);
	ck_assert_uint_ne(wall.tag, first);
	/* turf inside turf */
	struct rlimit own = {.rlim_cur = first, .rlim_max = first};
	ck_assert_int_eq(setrlimit(RLIMIT_RTTIME, &own), 0);
	for (int i = 0; i < 100; i++) {
		make_wall(TF_TIER_COOPERATIVE);
		ck_assert_uint_lt(wall.tag, first);
		ck_assert_uint_gt(wall.tag, 0);
	}
}
END_TEST

Suite *test_wall_suite(void)
{
	Suite *suite = suite_create("wall");
	TCase *tc = tcase_create("wall");

	tcase_add_checked_fixture(tc, start, finish);
	tcase_add_test(tc, the_cooperative_tier_has_limits_and_a_tag_only);
	tcase_add_test(tc, the_kernel_tier_has_ruleset_and_filter);
	tcase_add_test(tc, the_network_is_held_unless_it_is_the_hosts);
	tcase_add_test(tc, a_rule_for_what_went_away_is_passed_over);
	tcase_add_test(tc, a_rule_that_cannot_be_made_is_an_error);
	tcase_add_test(tc, memory_has_a_backstop_wider_than_the_limit);
	tcase_add_test(tc, no_limit_is_above_the_callers_own);
	tcase_add_test(tc, ulimits_are_taken_as_they_are_said);
	tcase_add_test(tc, tags_differ_and_can_be_set_by_who_has_a_tag);
	suite_add_tcase(suite, tc);
	return suite;
}
