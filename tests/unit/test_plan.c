/*
 * launcher/plan/plan: requests looked up on the host, what turf adds by itself, where the program starts.
 */
#include <errno.h>

#include "plan_scene.h"

START_TEST(without_requests_there_is_work_and_an_empty_root)
{
	must_plan();
	ck_assert_int_eq(mapping("/work")->kind, TF_KIND_PRIVATE);
	ck_assert_str_eq(host_of("/work"), below("work/fallback/box/code"));
	ck_assert_int_eq(mapping("/work")->access, TF_READ | TF_WRITE | TF_EXEC);
	ck_assert_int_eq(mapping("/")->access, TF_READ);
	ck_assert_ptr_nonnull(plan.skeleton);
	ck_assert_str_eq(host_of("/"), plan.skeleton);
	ck_assert_str_eq(plan.cwd, "/work");
}
END_TEST

START_TEST(access_is_what_was_asked_for)
{
	ask(TF_WANT_RO, below("data"), "/ro");
	ask(TF_WANT_RW, below("data"), "/rw");
	ask(TF_WANT_RW, below("data"), "/data")->is_noexec = 1;
	must_plan();
	ck_assert_int_eq(mapping("/ro")->access, TF_READ | TF_EXEC);
	ck_assert_int_eq(mapping("/rw")->access, TF_READ | TF_WRITE | TF_EXEC);
	ck_assert_int_eq(mapping("/data")->access, TF_READ | TF_WRITE);
}
END_TEST

START_TEST(the_same_path_on_both_sides_is_identity)
{
	ask(TF_WANT_RO, below("data"), below("data"));
	ask(TF_WANT_RO, below("data"), "/other");
	must_plan();
	ck_assert_int_eq(mapping(below("data"))->kind, TF_KIND_IDENTITY);
	ck_assert_int_eq(mapping("/other")->kind, TF_KIND_BIND);
}
END_TEST

START_TEST(the_later_request_for_a_guest_path_wins)
{
	ask(TF_WANT_RW, below("data"), "/d");
	ask(TF_WANT_RO, below("data/sub"), "/d");
	must_plan();
	ck_assert_str_eq(host_of("/d"), below("data/sub"));
	ck_assert_int_eq(mapping("/d")->access, TF_READ | TF_EXEC);
}
END_TEST

START_TEST(symlinks_on_the_host_are_resolved_once)
{
	ask(TF_WANT_RO, below("link/sub"), "/d");
	must_plan();
	ck_assert_str_eq(host_of("/d"), below("data/sub"));
}
END_TEST

START_TEST(a_link_stays_one_where_its_target_is_visible_with_the_same_rights)
{
	ask(TF_WANT_RO, below("data"), below("data"));
	ask(TF_WANT_RO, below("link"), below("link"));
	must_plan();
	ck_assert_int_eq(mapping(below("link"))->flags & TF_MAP_LINK, TF_MAP_LINK);
}
END_TEST

START_TEST(a_link_to_what_is_not_visible_shows_a_directory)
{
	ask(TF_WANT_RO, below("link"), below("link"));
	must_plan();
	ck_assert_int_eq(mapping(below("link"))->flags & TF_MAP_LINK, 0);
	ck_assert_str_eq(host_of(below("link")), below("data"));
}
END_TEST

START_TEST(a_link_with_more_rights_than_its_target_shows_a_directory)
{
	ask(TF_WANT_RO, below("data"), below("data"));
	ask(TF_WANT_RW, below("link"), below("link"));
	must_plan();
	ck_assert_int_eq(mapping(below("link"))->flags & TF_MAP_LINK, 0);
}
END_TEST

START_TEST(files_are_mapped_as_files)
{
	ask(TF_WANT_RO, below("file"), "/f");
	must_plan();
	ck_assert_int_eq(mapping("/f")->flags & TF_MAP_FILE, TF_MAP_FILE);
}
END_TEST

START_TEST(a_missing_path_is_an_error_that_names_option_and_path)
{
	ask(TF_WANT_RW, below("none"), "/d");
	ck_assert_int_eq(make_plan(), -ENOENT);
	ck_assert_int_eq(err.code, TF_E_PATH);
	ck_assert_ptr_nonnull(strstr(err.text, "--rw"));
	ck_assert_ptr_nonnull(strstr(err.text, below("none")));
}
END_TEST

START_TEST(a_missing_optional_path_is_passed_over)
{
	ask(TF_WANT_RO, below("none"), "/d")->is_optional = 1;
	must_plan();
	ck_assert_ptr_null(mapping("/d"));
}
END_TEST

START_TEST(an_optional_path_that_cannot_be_looked_up_is_no_missing_one)
{
	ask(TF_WANT_RO, below("file/x"), "/d")->is_optional = 1;
	ck_assert_int_eq(make_plan(), -ENOTDIR);
}
END_TEST

START_TEST(a_copy_is_private_and_knows_its_source)
{
	ask(TF_WANT_COPY, below("link"), "/c");
	must_plan();
	ck_assert_int_eq(mapping("/c")->kind, TF_KIND_PRIVATE);
	ck_assert_int_eq(plan.make[0].kind, TF_MAKE_COPY);
	ck_assert_str_eq(plan.make[0].source, below("data"));
	ck_assert_str_eq(plan.make[0].host, host_of("/c"));
}
END_TEST

START_TEST(a_file_cannot_be_copied_as_a_directory)
{
	ask(TF_WANT_COPY, below("file"), "/c");
	ck_assert_int_eq(make_plan(), -ENOTDIR);
	ck_assert_ptr_nonnull(strstr(err.text, "--copy"));
}
END_TEST

START_TEST(private_directories_have_places_of_their_own)
{
	ask(TF_WANT_TMPFS, NULL, "/tmp");
	ask(TF_WANT_TMPFS, NULL, "/home/guest");
	ask(TF_WANT_TMPFS, NULL, "/x");
	ask(TF_WANT_TMPFS, NULL, "/y")->is_noexec = 1;
	must_plan();
	ck_assert_str_eq(host_of("/tmp"), below("work/fallback/box/tmp"));
	ck_assert_str_eq(host_of("/home/guest"), below("work/fallback/box/home"));
	ck_assert_str_ne(host_of("/x"), host_of("/y"));
	ck_assert_int_eq(mapping("/y")->access, TF_READ | TF_WRITE);
}
END_TEST

START_TEST(nothing_of_the_work_dir_can_be_given)
{
	ask(TF_WANT_RW, below("work/fallback"), "/d");
	ck_assert_int_lt(make_plan(), 0);
	ck_assert_int_eq(err.code, TF_E_PATH);
	ck_assert_ptr_nonnull(strstr(err.text, "work dir"));
}
END_TEST

START_TEST(the_work_dir_is_hidden_wherever_a_mapping_would_show_it)
{
	ask(TF_WANT_RW, below(""), below(""));
	ask(TF_WANT_RO, below(""), "/again");
	must_plan();
	ck_assert_int_eq(mapping(below("work"))->kind, TF_KIND_HIDDEN);
	ck_assert_int_eq(mapping("/again/work")->kind, TF_KIND_HIDDEN);
}
END_TEST

START_TEST(the_whole_host_hides_the_work_dir_too)
{
	ask(TF_WANT_RO, "/", "/");
	must_plan();
	ck_assert_ptr_null(plan.skeleton);
	ck_assert_int_eq(mapping(below("work"))->kind, TF_KIND_HIDDEN);
}
END_TEST

START_TEST(the_program_starts_where_the_caller_is)
{
	places.cwd = below("data/sub");
	ask(TF_WANT_RW, below("data"), "/d");
	must_plan();
	ck_assert_str_eq(plan.cwd, "/d/sub");
}
END_TEST

START_TEST(a_profile_does_not_decide_where_the_program_starts)
{
	places.cwd = below("data/sub");
	ask(TF_WANT_RW, below("data"), "/d")->from_profile = 1;
	must_plan();
	ck_assert_str_eq(plan.cwd, "/work");
}
END_TEST

START_TEST(the_program_does_not_start_in_what_is_hidden)
{
	places.cwd = below("data/secret");
	ask(TF_WANT_RW, below("data"), "/d");
	ask(TF_WANT_HIDE, NULL, "/d/secret");
	must_plan();
	ck_assert_str_eq(plan.cwd, "/work");
}
END_TEST

START_TEST(workdir_wins_over_the_callers_directory)
{
	places.cwd = below("data");
	set.workdir = "/d/sub";
	ask(TF_WANT_RW, below("data"), "/d");
	must_plan();
	ck_assert_str_eq(plan.cwd, "/d/sub");
}
END_TEST

START_TEST(what_was_looked_at_is_what_will_be_granted)
{
	struct stat now, held;

	ask(TF_WANT_RO, below("data"), "/d");
	must_plan();
	ck_assert_int_eq(stat("data", &now), 0);
	ck_assert_int_eq(rename("data", "moved") + mkdir("data", 0755), 0);
	ck_assert_int_ge(plan.fd[0], 0);
	ck_assert_int_eq(fstat(plan.fd[0], &held), 0);
	ck_assert_uint_eq(held.st_ino, now.st_ino);
}
END_TEST

START_TEST(texts_that_do_not_fit_are_an_error)
{
	char name[3900];

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	plan.arena_used = sizeof(plan.arena) - 1000;
	ck_assert_ptr_null(tf_plan_text(&plan, &err, "%s", name));
	ck_assert_int_eq(err.code, TF_E_PATH);
	ck_assert_ptr_nonnull(tf_plan_text(&plan, &err, "%s", "short"));
}
END_TEST

Suite *test_plan_suite(void)
{
	Suite *suite = suite_create("plan");
	TCase *tc = tcase_create("plan");

	tcase_add_checked_fixture(tc, plan_scene_make, plan_scene_drop);
	tcase_add_test(tc, without_requests_there_is_work_and_an_empty_root);
	tcase_add_test(tc, access_is_what_was_asked_for);
	tcase_add_test(tc, the_same_path_on_both_sides_is_identity);
	tcase_add_test(tc, the_later_request_for_a_guest_path_wins);
	tcase_add_test(tc, symlinks_on_the_host_are_resolved_once);
	tcase_add_test(tc, a_link_stays_one_where_its_target_is_visible_with_the_same_rights);
	tcase_add_test(tc, a_link_to_what_is_not_visible_shows_a_directory);
	tcase_add_test(tc, a_link_with_more_rights_than_its_target_shows_a_directory);
	tcase_add_test(tc, files_are_mapped_as_files);
	tcase_add_test(tc, a_missing_path_is_an_error_that_names_option_and_path);
	tcase_add_test(tc, a_missing_optional_path_is_passed_over);
	tcase_add_test(tc, an_optional_path_that_cannot_be_looked_up_is_no_missing_one);
	tcase_add_test(tc, a_copy_is_private_and_knows_its_source);
	tcase_add_test(tc, a_file_cannot_be_copied_as_a_directory);
	tcase_add_test(tc, private_directories_have_places_of_their_own);
	tcase_add_test(tc, nothing_of_the_work_dir_can_be_given);
	tcase_add_test(tc, the_work_dir_is_hidden_wherever_a_mapping_would_show_it);
	tcase_add_test(tc, the_whole_host_hides_the_work_dir_too);
	tcase_add_test(tc, the_program_starts_where_the_caller_is);
	tcase_add_test(tc, a_profile_does_not_decide_where_the_program_starts);
	tcase_add_test(tc, the_program_does_not_start_in_what_is_hidden);
	tcase_add_test(tc, workdir_wins_over_the_callers_directory);
	tcase_add_test(tc, what_was_looked_at_is_what_will_be_granted);
	tcase_add_test(tc, texts_that_do_not_fit_are_an_error);
	suite_add_tcase(suite, tc);
	return suite;
}
