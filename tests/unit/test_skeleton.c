/*
 * launcher/mode/skeleton: mapping points on disk, whole or not at all, and never outside.
 */
#include "launcher/mode/skeleton.h"
#include "plan_fixture.h"

static int work_fd;

static void start(void)
{
	plan_fixture_make();
	umask(022);
	work_fd = open(places.work, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(work_fd, 0);
}

static void finish(void)
{
	close(work_fd);
	plan_fixture_drop();
}

static mode_t mode_below(const char *dir, const char *rest)
{
	char path[512];
	struct stat st;

	snprintf(path, sizeof(path), "%s%s", dir, rest);
	return lstat(path, &st) < 0 ? 0 : st.st_mode;
}

static void make_skeleton(void)
{
	int rc = tf_skeleton_make(work_fd, places.work, &plan, &err);

	ck_assert_msg(rc == 0, "%d: %s", rc, err.text);
}

START_TEST(points_are_made_closed_and_what_leads_to_them_open)
{
	shell("mkdir h/d; echo >h/f");
	request(TF_WANT_RO, below("h/d"), "/a/deep/dir");
	request(TF_WANT_RO, below("h/f"), "/a/file");
	make_plan();
	make_skeleton();
	ck_assert_uint_eq(mode_below(plan.skeleton, "/a"), S_IFDIR | 0755);
	ck_assert_uint_eq(mode_below(plan.skeleton, "/a/deep"), S_IFDIR | 0755);
	ck_assert_uint_eq(mode_below(plan.skeleton, "/a/deep/dir"), S_IFDIR);
	ck_assert_uint_eq(mode_below(plan.skeleton, "/a/file"), S_IFREG);
	ck_assert_uint_eq(mode_below(plan.skeleton, "/work"), S_IFDIR);
}
END_TEST

START_TEST(links_are_made_with_their_text)
{
	char path[512], text[64];

	make_plan();
	make_skeleton();
	snprintf(path, sizeof(path), "%s/dev/stdin", plan.skeleton);
	ssize_t n = readlink(path, text, sizeof(text) - 1);
	ck_assert_int_gt(n, 0);
	text[n] = '\0';
	ck_assert_str_eq(text, "/proc/self/fd/0");
}
END_TEST

START_TEST(a_skeleton_that_is_there_is_taken_as_it_is)
{
	struct stat before, after;

	make_plan();
	make_skeleton();
	ck_assert_int_eq(stat(plan.skeleton, &before), 0);
	make_skeleton();
	ck_assert_int_eq(stat(plan.skeleton, &after), 0);
	ck_assert_uint_eq(before.st_ino, after.st_ino);
	shell("test $(ls w/skeleton | wc -l) = 1");
}
END_TEST

START_TEST(a_link_in_its_place_is_not_taken)
{
	make_plan();
	shell("mkdir -m 700 w/skeleton");
	ck_assert_int_eq(symlink(below("h"), plan.skeleton), 0);
	ck_assert_int_lt(tf_skeleton_make(work_fd, places.work, &plan, &err), 0);
	ck_assert_int_eq(err.code, TF_E_WORKDIR);
	shell("test -z \"$(ls h)\" && test $(ls w/skeleton | wc -l) = 1");
}
END_TEST

START_TEST(what_cannot_be_made_leaves_nothing_behind)
{
	make_plan();
	plan.point[0].kind = TF_POINT_FILE;
	plan.point[0].path = "/a";
	plan.point[1].kind = TF_POINT_DIR;
	plan.point[1].path = "/a/b"; /* below a file */
	ck_assert_int_lt(tf_skeleton_make(work_fd, places.work, &plan, &err), 0);
	err_holds("/a/b");
	shell("test -z \"$(ls w/skeleton)\"");
}
END_TEST

START_TEST(points_in_private_directories_may_be_there_already)
{
	shell("mkdir h/d w/fallback/b/code");
	request(TF_WANT_RO, below("h/d"), "/work/in/data");
	make_plan();
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(tf_skeleton_inner(&plan, &err), 0);
	ck_assert_uint_eq(mode_below(places.box, "/code/in"), S_IFDIR | 0755);
	ck_assert_uint_eq(mode_below(places.box, "/code/in/data"), S_IFDIR);
}
END_TEST

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

Suite *test_skeleton_suite(void)
{
	Suite *suite = suite_create("skeleton");
	TCase *tc = tcase_create("skeleton");

	tcase_add_checked_fixture(tc, start, finish);
	tcase_add_test(tc, points_are_made_closed_and_what_leads_to_them_open);
	tcase_add_test(tc, links_are_made_with_their_text);
	tcase_add_test(tc, a_skeleton_that_is_there_is_taken_as_it_is);
	tcase_add_test(tc, a_link_in_its_place_is_not_taken);
	tcase_add_test(tc, what_cannot_be_made_leaves_nothing_behind);
	tcase_add_test(tc, points_in_private_directories_may_be_there_already);
	tcase_add_test(tc, a_link_that_a_program_left_does_not_lead_points_outside);
	tcase_add_test(tc, a_private_directory_that_became_a_link_is_not_entered);
	suite_add_tcase(suite, tc);
	return suite;
}
