/*
 * launcher/mode/skeleton: a link that a program left in a private directory leads no mapping point outside.
 */
#include "launcher/mode/skeleton.h"
#include "plan_fixture.h"

static mode_t mode_below(const char *dir, const char *rest)
{
	char path[512];
	struct stat st;

	snprintf(path, sizeof(path), "%s%s", dir, rest);
	return lstat(path, &st) < 0 ? 0 : st.st_mode;
}

/* A sandbox with a name keeps its files: an earlier run may have put a link where a later one has a point. */
START_TEST(a_link_that_a_program_left_does_not_lead_points_outside)
{
	shell("mkdir h/d h/outside w/fallback/b/code; ln -s ../../../../h/outside "
	      "w/fallback/b/code/in");
	request(TF_WANT_RO, below("h/d"), "/work/in/data");
	make_plan();
	ck_assert_int_lt(tf_skeleton_inner(&plan, &err), 0);
	ck_assert_uint_eq(mode_below(below("h/outside"), "/data"), 0);
}
END_TEST

START_TEST(a_private_directory_that_became_a_link_is_not_entered)
{
	shell("mkdir h/d h/outside; ln -s ../../../h/outside w/fallback/b/code");
	request(TF_WANT_RO, below("h/d"), "/work/data");
	make_plan();
	ck_assert_int_lt(tf_skeleton_inner(&plan, &err), 0);
	ck_assert_uint_eq(mode_below(below("h/outside"), "/data"), 0);
}
END_TEST

Suite *test_skeleton_links_suite(void)
{
	Suite *suite = suite_create("skeleton_links");
	TCase *tc = tcase_create("skeleton_links");

	tcase_add_checked_fixture(tc, plan_fixture_make, plan_fixture_drop);
	tcase_add_test(tc, a_link_that_a_program_left_does_not_lead_points_outside);
	tcase_add_test(tc, a_private_directory_that_became_a_link_is_not_entered);
	suite_add_tcase(suite, tc);
	return suite;
}
