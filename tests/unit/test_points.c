/*
 * launcher/plan/points: what stands in the empty root and in private directories so that they list what is mapped there.
 */
#include "plan_scene.h"

static const struct tf_point *point(const char *path)
{
	for (unsigned int i = 0; i < plan.npoints; i++)
		if (strcmp(plan.point[i].path, path) == 0)
			return &plan.point[i];
	return NULL;
}

START_TEST(each_mapping_has_a_point_of_its_kind)
{
	ask(TF_WANT_RO, below("data"), "/srv/d");
	ask(TF_WANT_RO, below("file"), "/srv/f");
	must_plan();
	ck_assert_ptr_nonnull(point("/srv/d"));
	ck_assert_int_eq(point("/srv/d")->kind, TF_POINT_DIR);
	ck_assert_ptr_nonnull(point("/srv/f"));
	ck_assert_int_eq(point("/srv/f")->kind, TF_POINT_FILE);
	ck_assert_ptr_nonnull(point("/work"));
	ck_assert_ptr_null(point("/"));
}
END_TEST

START_TEST(what_is_hidden_has_none)
{
	ask(TF_WANT_HIDE, NULL, "/secret");
	must_plan();
	ck_assert_ptr_null(point("/secret"));
}
END_TEST

START_TEST(a_link_is_a_link_with_the_hosts_text)
{
	ask(TF_WANT_RO, below("data"), below("data"));
	ask(TF_WANT_RO, below("link"), below("link"));
	must_plan();
	ck_assert_ptr_nonnull(point(below("link")));
	ck_assert_int_eq(point(below("link"))->kind, TF_POINT_LINK);
	ck_assert_str_eq(point(below("link"))->text, "data");
}
END_TEST

START_TEST(a_mapping_below_another_real_one_needs_no_point)
{
	ask(TF_WANT_RO, below("data"), "/d");
	ask(TF_WANT_RO, below("file"), "/d/a");
	must_plan();
	ck_assert_ptr_null(point("/d/a"));
	ck_assert_uint_eq(plan.ninner, 0);
}
END_TEST

START_TEST(a_mapping_in_a_private_directory_stands_there)
{
	char want[256];

	ask(TF_WANT_TMPFS, NULL, "/tmp");
	ask(TF_WANT_RO, below("data"), "/tmp/deep/d");
	must_plan();
	ck_assert_uint_eq(plan.ninner, 1);
	snprintf(want, sizeof(want), "%s/deep/d", host_of("/tmp"));
	ck_assert_str_eq(plan.inner[0].path, want);
	ck_assert_ptr_null(point("/tmp/deep/d"));
}
END_TEST

START_TEST(dev_has_its_links_unless_it_is_mapped)
{
	must_plan();
	ck_assert_ptr_nonnull(point("/dev/fd"));
	ck_assert_str_eq(point("/dev/fd")->text, "/proc/self/fd");
	tf_plan_done(&plan);
	ask(TF_WANT_RO, below("data"), "/dev");
	must_plan();
	ck_assert_ptr_null(point("/dev/fd"));
}
END_TEST

START_TEST(the_skeletons_name_follows_from_its_points)
{
	char first[17], second[17], third[17];

	ask(TF_WANT_RO, below("data"), "/x");
	ask(TF_WANT_RO, below("data"), "/y");
	must_plan();
	tf_plan_skeleton_name(&plan, first);
	ck_assert_uint_eq(strlen(first), 16);

	/* Another order and other hosts: the same names stand there. */
	tf_plan_done(&plan);
	set.nrequests = 0;
	ask(TF_WANT_RO, below("data/sub"), "/y");
	ask(TF_WANT_RW, below("data"), "/x");
	must_plan();
	tf_plan_skeleton_name(&plan, second);
	ck_assert_str_eq(first, second);

	tf_plan_done(&plan);
	set.nrequests = 1;
	must_plan();
	tf_plan_skeleton_name(&plan, third);
	ck_assert_str_ne(first, third);
}
END_TEST

START_TEST(a_file_and_a_directory_of_one_name_are_different_skeletons)
{
	char dir[17], file[17];

	ask(TF_WANT_RO, below("data"), "/x");
	must_plan();
	tf_plan_skeleton_name(&plan, dir);
	tf_plan_done(&plan);
	set.nrequests = 0;
	ask(TF_WANT_RO, below("file"), "/x");
	must_plan();
	tf_plan_skeleton_name(&plan, file);
	ck_assert_str_ne(dir, file);
}
END_TEST

Suite *test_points_suite(void)
{
	Suite *suite = suite_create("points");
	TCase *tc = tcase_create("points");

	tcase_add_checked_fixture(tc, plan_scene_make, plan_scene_drop);
	tcase_add_test(tc, each_mapping_has_a_point_of_its_kind);
	tcase_add_test(tc, what_is_hidden_has_none);
	tcase_add_test(tc, a_link_is_a_link_with_the_hosts_text);
	tcase_add_test(tc, a_mapping_below_another_real_one_needs_no_point);
	tcase_add_test(tc, a_mapping_in_a_private_directory_stands_there);
	tcase_add_test(tc, dev_has_its_links_unless_it_is_mapped);
	tcase_add_test(tc, the_skeletons_name_follows_from_its_points);
	tcase_add_test(tc, a_file_and_a_directory_of_one_name_are_different_skeletons);
	suite_add_tcase(suite, tc);
	return suite;
}
