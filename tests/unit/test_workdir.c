/*
 * launcher/mode/workdir: where turf keeps its files, and that they are nobody else's.
 */
#include "launcher/mode/workdir.h"
#include "plan_fixture.h"

static struct tf_workdir work;

static void start(void)
{
	plan_fixture_make();
	work.fd = -1;
	ck_assert_int_eq(unsetenv("TURF_WORKDIR"), 0);
	ck_assert_int_eq(setenv("HOME", below("h"), 1), 0);
}

static void finish(void)
{
	tf_workdir_close(&work);
	plan_fixture_drop();
}

static void open_work(void)
{
	int rc = tf_workdir_open(&work, &err);

	ck_assert_msg(rc == 0, "%d: %s", rc, err.text);
}

static void is_refused(const char *word)
{
	ck_assert_int_lt(tf_workdir_open(&work, &err), 0);
	ck_assert_int_eq(err.code, TF_E_WORKDIR);
	err_holds(word);
	ck_assert_int_eq(work.fd, -1);
}

START_TEST(the_variable_comes_before_the_home)
{
	ck_assert_str_eq(tf_workdir_path(&err), below("h/.turf"));
	setenv("TURF_WORKDIR", "/else/where", 1);
	ck_assert_str_eq(tf_workdir_path(&err), "/else/where");
	setenv("TURF_WORKDIR", "", 1);
	ck_assert_str_eq(tf_workdir_path(&err), below("h/.turf"));
}
END_TEST

START_TEST(a_place_that_is_none_is_refused)
{
	static char longest[TF_WORK_MAX + 2];

	setenv("TURF_WORKDIR", "relative", 1);
	ck_assert_ptr_null(tf_workdir_path(&err));
	err_holds("TURF_WORKDIR=relative");
	memset(longest, 'x', TF_WORK_MAX + 1);
	longest[0] = '/';
	setenv("TURF_WORKDIR", longest, 1);
	ck_assert_ptr_null(tf_workdir_path(&err));
	ck_assert_int_eq(err.sys, ENAMETOOLONG);
	unsetenv("TURF_WORKDIR");
	unsetenv("HOME");
	is_refused("HOME is not set");
}
END_TEST

START_TEST(it_is_made_private_whatever_the_umask)
{
	struct stat st;

	umask(0);
	open_work();
	ck_assert_str_eq(work.path, below("h/.turf"));
	ck_assert_int_eq(stat("h/.turf", &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0700);
	tf_workdir_close(&work);
	ck_assert_int_eq(work.fd, -1);
	open_work();
}
END_TEST

START_TEST(the_path_is_the_real_one)
{
	shell("mkdir h/real; ln -s real h/link");
	setenv("TURF_WORKDIR", below("h/link/turf"), 1);
	open_work();
	ck_assert_str_eq(work.path, below("h/real/turf"));
}
END_TEST

START_TEST(one_that_others_may_write_or_that_is_a_link_is_refused)
{
	shell("mkdir h/.turf; chmod 777 h/.turf");
	is_refused("h/.turf");
	shell("rmdir h/.turf; mkdir -m 700 h/real; ln -s real h/.turf");
	is_refused("h/.turf");
	shell("rm h/.turf; echo >h/.turf");
	is_refused("h/.turf");
}
END_TEST

START_TEST(the_library_is_written_once_and_again_when_damaged)
{
	struct stat first, now;

	open_work();
	ck_assert_int_eq(tf_workdir_library(&work, &err), 0);
	ck_assert_int_eq(lstat(work.library, &first), 0);
	ck_assert_uint_eq(first.st_mode, S_IFREG | 0555);
	ck_assert_int_gt(first.st_size, 0);
	ck_assert_int_eq(tf_workdir_library(&work, &err), 0);
	ck_assert_int_eq(lstat(work.library, &now), 0);
	ck_assert_uint_eq(now.st_ino, first.st_ino);
	/* Cut, open to others, or replaced by a link: not believed. */
	for (int i = 0; i < 3; i++) {
		if (i == 0)
			ck_assert_int_eq(chmod(work.library, 0755) + truncate(work.library, 100),
			                 0);
		if (i == 1)
			ck_assert_int_eq(chmod(work.library, 0777), 0);
		if (i == 2) {
			unlink(work.library);
			ck_assert_int_eq(symlink("/bin/sh", work.library), 0);
		}
		ck_assert_int_eq(tf_workdir_library(&work, &err), 0);
		ck_assert_int_eq(lstat(work.library, &now), 0);
		ck_assert_uint_eq(now.st_mode, S_IFREG | 0555);
		ck_assert_int_eq(now.st_size, first.st_size);
	}
}
END_TEST

Suite *test_workdir_suite(void)
{
	Suite *suite = suite_create("workdir");
	TCase *tc = tcase_create("workdir");

	tcase_add_checked_fixture(tc, start, finish);
	tcase_add_test(tc, the_variable_comes_before_the_home);
	tcase_add_test(tc, a_place_that_is_none_is_refused);
	tcase_add_test(tc, it_is_made_private_whatever_the_umask);
	tcase_add_test(tc, the_path_is_the_real_one);
	tcase_add_test(tc, one_that_others_may_write_or_that_is_a_link_is_refused);
	tcase_add_test(tc, the_library_is_written_once_and_again_when_damaged);
	suite_add_tcase(suite, tc);
	return suite;
}
