/*
 * launcher/plan/plan: what settings become on a given host.
 */
#include "plan_fixture.h"

#define RX (TF_READ | TF_EXEC)
#define RWX (TF_READ | TF_WRITE | TF_EXEC)

START_TEST(the_later_of_two_requests_wins)
{
	shell("mkdir h/a h/b");
	request(TF_WANT_RO, below("h/a"), "/x");
	request(TF_WANT_RW, below("h/b"), "/x");
	make_plan();
	ck_assert_str_eq(host_of("/x"), below("h/b"));
	ck_assert_uint_eq(mapping("/x")->access, RWX);
}
END_TEST

START_TEST(the_same_path_is_identity_another_one_a_bind)
{
	shell("mkdir h/a; echo >h/f");
	request_same(TF_WANT_RO, below("h/a"));
	request(TF_WANT_RO, below("h/a"), "/x");
	request(TF_WANT_RO, below("h/f"), "/f")->is_noexec = 1;
	make_plan();
	ck_assert_int_eq(mapping(below("h/a"))->kind, TF_KIND_IDENTITY);
	ck_assert_uint_eq(mapping(below("h/a"))->access, RX);
	ck_assert_int_eq(mapping("/x")->kind, TF_KIND_BIND);
	ck_assert_uint_eq(mapping("/f")->access, TF_READ);
	ck_assert_uint_eq(mapping("/f")->flags & TF_MAP_FILE, TF_MAP_FILE);
}
END_TEST

START_TEST(a_symlink_on_the_host_is_followed_once)
{
	shell("mkdir h/a; ln -s a h/l");
	request(TF_WANT_RO, below("h/l"), "/x");
	make_plan();
	ck_assert_str_eq(host_of("/x"), below("h/a"));
	ck_assert_uint_eq(mapping("/x")->flags & TF_MAP_LINK, 0);
}
END_TEST

static unsigned int link_flag(enum tf_want target, enum tf_want link)
{
	shell("mkdir -p h/d/bin; ln -sfn d/bin h/bin");
	set.nrequests = 0;
	request_same(target, below("h/d"));
	request_same(link, below("h/bin"));
	tf_plan_done(&plan);
	make_plan();
	ck_assert_str_eq(host_of(below("h/bin")), below("h/d/bin"));
	return mapping(below("h/bin"))->flags & TF_MAP_LINK;
}

START_TEST(a_link_stays_one_where_its_target_is_seen_with_the_same_rights)
{
	ck_assert_uint_eq(link_flag(TF_WANT_RO, TF_WANT_RO), TF_MAP_LINK);
	ck_assert_uint_eq(link_flag(TF_WANT_RW, TF_WANT_RO), TF_MAP_LINK);
	ck_assert_uint_eq(link_flag(TF_WANT_RO, TF_WANT_RW), 0);
	ck_assert_uint_eq(link_flag(TF_WANT_TMPFS, TF_WANT_RO), 0);
}
END_TEST

START_TEST(a_missing_host_path_is_an_error_that_names_the_option)
{
	request(TF_WANT_RW, below("h/none"), "/x");
	ck_assert_int_eq(make_plan_now(), -ENOENT);
	ck_assert_int_eq(err.code, TF_E_PATH);
	err_holds("--rw");
	err_holds(below("h/none"));
}
END_TEST

START_TEST(an_optional_path_that_is_missing_is_passed_over)
{
	request(TF_WANT_RO, below("h/none"), "/x")->is_optional = 1;
	make_plan();
	ck_assert_str_eq(tf_view_str(&plan.view, tf_view_find(&plan.view, "/x", 2)->guest), "/");
}
END_TEST

START_TEST(private_directories_have_their_names_in_the_box)
{
	request_same(TF_WANT_TMPFS, "/tmp");
	request_same(TF_WANT_TMPFS, "/home/guest");
	request_same(TF_WANT_TMPFS, "/dev/shm");
	request_same(TF_WANT_TMPFS, "/one");
	request_same(TF_WANT_TMPFS, "/two");
	make_plan();
	ck_assert_str_eq(host_of("/tmp"), below("w/fallback/b/tmp"));
	ck_assert_str_eq(host_of("/home/guest"), below("w/fallback/b/home"));
	ck_assert_str_eq(host_of("/dev/shm"), below("w/fallback/b/shm"));
	ck_assert_str_eq(host_of("/work"), below("w/fallback/b/code"));
	ck_assert_str_ne(host_of("/one"), host_of("/two"));
	ck_assert_uint_eq(plan.nmakes, 6);
}
END_TEST

START_TEST(a_copy_is_private_and_knows_its_source)
{
	shell("mkdir h/a; echo >h/f");
	request(TF_WANT_COPY, below("h/a"), "/work");
	make_plan();
	ck_assert_int_eq(mapping("/work")->kind, TF_KIND_PRIVATE);
	ck_assert_uint_eq(mapping("/work")->flags & TF_MAP_SKELETON, 0);
	ck_assert_uint_eq(plan.nmakes, 1);
	ck_assert_int_eq(plan.make[0].kind, TF_MAKE_COPY);
	ck_assert_str_eq(plan.make[0].source, below("h/a"));
	request(TF_WANT_COPY, below("h/f"), "/f");
	ck_assert_int_eq(make_plan_now(), -ENOTDIR);
	err_holds("--copy");
}
END_TEST

START_TEST(the_work_dir_cannot_be_mapped_by_any_name)
{
	shell("ln -s ../w h/link; mkdir w/fallback/other");
	request(TF_WANT_RO, places.work, "/x");
	ck_assert_int_eq(make_plan_now(), -EINVAL);
	err_holds("work dir");
	set.nrequests = 0;
	request(TF_WANT_RW, below("h/link/fallback/other"), "/x");
	ck_assert_int_eq(make_plan_now(), -EINVAL);
	err_holds("--rw");
	set.nrequests = 0;
	request(TF_WANT_COPY, below("h/link"), "/x");
	ck_assert_int_eq(make_plan_now(), -EINVAL);
}
END_TEST

START_TEST(the_work_dir_is_hidden_wherever_a_mapping_would_show_it)
{
	request_same(TF_WANT_RW, scratch);
	request(TF_WANT_RO, "/tmp", "/t");
	make_plan();
	ck_assert_int_eq(mapping(below("w"))->kind, TF_KIND_HIDDEN);
	char guest[128];
	snprintf(guest, sizeof(guest), "/t%s/w", scratch + strlen("/tmp"));
	ck_assert_int_eq(mapping(guest)->kind, TF_KIND_HIDDEN);
}
END_TEST

START_TEST(too_many_mappings_are_refused)
{
	static char guest[TF_MAX_REQUESTS][16];

	for (int i = 0; i < TF_MAX_REQUESTS; i++) {
		snprintf(guest[i], sizeof(guest[i]), "/m%d", i);
		request(TF_WANT_RO, scratch, guest[i]); /* each hides the work dir as well */
	}
	ck_assert_int_eq(make_plan_now(), -E2BIG);
	err_holds("512");
}
END_TEST

START_TEST(the_program_starts_where_the_caller_stands_if_that_was_asked_for)
{
	shell("mkdir -p h/a/sub");
	places.cwd = below("h/a/sub");
	make_plan();
	ck_assert_str_eq(plan.cwd, "/work");
	request(TF_WANT_RW, below("h/a"), "/x");
	make_plan();
	ck_assert_str_eq(plan.cwd, "/x/sub");
	set.workdir = "/tmp";
	make_plan();
	ck_assert_str_eq(plan.cwd, "/tmp");
}
END_TEST

START_TEST(a_profiles_mapping_does_not_choose_the_directory)
{
	shell("mkdir -p h/a/sub");
	places.cwd = below("h/a");
	request(TF_WANT_RW, below("h/a"), "/x")->from_profile = 1;
	make_plan();
	ck_assert_str_eq(plan.cwd, "/work");
}
END_TEST

START_TEST(a_hidden_directory_is_not_where_the_program_starts)
{
	shell("mkdir -p h/a/sub h/absurd");
	places.cwd = below("h/a/sub");
	request(TF_WANT_RW, below("h/a"), "/x");
	request_same(TF_WANT_HIDE, "/x/sub");
	make_plan();
	ck_assert_str_eq(plan.cwd, "/work");
	/* Nor is a directory that only begins with the same letters. */
	set.nrequests = 0;
	places.cwd = below("h/absurd");
	request(TF_WANT_RW, below("h/a"), "/x");
	tf_plan_done(&plan);
	make_plan();
	ck_assert_str_eq(plan.cwd, "/work");
}
END_TEST

START_TEST(a_mapped_root_needs_no_skeleton)
{
	places.cwd = below("h");
	make_plan();
	ck_assert_ptr_nonnull(plan.skeleton);
	ck_assert_str_eq(host_of("/"), plan.skeleton);
	request(TF_WANT_RO, "/", "/");
	make_plan();
	ck_assert_ptr_null(plan.skeleton);
	ck_assert_int_eq(mapping("/")->kind, TF_KIND_IDENTITY);
	ck_assert_str_eq(plan.cwd, below("h"));
}
END_TEST

START_TEST(descriptors_are_kept_until_done)
{
	struct stat kept, now;

	shell("mkdir h/a");
	request(TF_WANT_RO, below("h/a"), "/x");
	make_plan();
	ck_assert_str_eq(plan.entry[0].guest, "/x");
	int fd = plan.fd[0];
	ck_assert_int_eq(fstat(fd, &kept), 0);
	ck_assert_int_eq(stat("h/a", &now), 0);
	ck_assert_uint_eq(kept.st_ino, now.st_ino);
	ck_assert_int_eq(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	tf_plan_done(&plan);
	ck_assert_int_eq(plan.fd[0], -1);
	ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
}
END_TEST

START_TEST(the_arena_says_when_it_is_full)
{
	make_plan();
	ck_assert_str_eq(tf_plan_text(&plan, &err, "%s-%d", "a", 7), "a-7");
	plan.arena_used = sizeof(plan.arena) - 4;
	ck_assert_ptr_null(tf_plan_text(&plan, &err, "%s", "four"));
	ck_assert_int_eq(err.sys, ENAMETOOLONG);
	ck_assert_ptr_nonnull(tf_plan_text(&plan, &err, "%s", "thr"));
}
END_TEST

Suite *test_plan_suite(void)
{
	Suite *suite = suite_create("plan");
	TCase *tc = tcase_create("plan");

	tcase_add_checked_fixture(tc, plan_fixture_make, plan_fixture_drop);
	tcase_add_test(tc, the_later_of_two_requests_wins);
	tcase_add_test(tc, the_same_path_is_identity_another_one_a_bind);
	tcase_add_test(tc, a_symlink_on_the_host_is_followed_once);
	tcase_add_test(tc, a_link_stays_one_where_its_target_is_seen_with_the_same_rights);
	tcase_add_test(tc, a_missing_host_path_is_an_error_that_names_the_option);
	tcase_add_test(tc, an_optional_path_that_is_missing_is_passed_over);
	tcase_add_test(tc, private_directories_have_their_names_in_the_box);
	tcase_add_test(tc, a_copy_is_private_and_knows_its_source);
	tcase_add_test(tc, the_work_dir_cannot_be_mapped_by_any_name);
	tcase_add_test(tc, the_work_dir_is_hidden_wherever_a_mapping_would_show_it);
	tcase_add_test(tc, too_many_mappings_are_refused);
	tcase_add_test(tc, the_program_starts_where_the_caller_stands_if_that_was_asked_for);
	tcase_add_test(tc, a_profiles_mapping_does_not_choose_the_directory);
	tcase_add_test(tc, a_hidden_directory_is_not_where_the_program_starts);
	tcase_add_test(tc, a_mapped_root_needs_no_skeleton);
	tcase_add_test(tc, descriptors_are_kept_until_done);
	tcase_add_test(tc, the_arena_says_when_it_is_full);
	suite_add_tcase(suite, tc);
	return suite;
}
