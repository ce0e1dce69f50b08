/*
 * launcher/mode/workdir: the work dir is the user's own, and so is the library in it.
 */
#include <errno.h>

#include "launcher/mode/workdir.h"
#include "scratch_dir.h"

static struct tf_workdir work;
static struct tf_err err;

static void setup(void)
{
	scratch_make();
	memset(&err, 0, sizeof(err));
	work.fd = -1;
}

static void teardown(void)
{
	tf_workdir_close(&work);
	scratch_drop();
}

static int open_at(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", scratch, name);
	ck_assert_int_eq(setenv("TURF_WORKDIR", path, 1), 0);
	return tf_workdir_open(&work, &err);
}

START_TEST(it_is_made_for_its_user_alone)
{
	struct stat st;

	ck_assert_int_eq(open_at("deep/work"), 0);
	ck_assert_int_eq(stat("deep/work", &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0700);
	ck_assert_uint_eq(st.st_uid, geteuid());
}
END_TEST

START_TEST(without_the_variable_it_is_in_home)
{
	char want[128];

	ck_assert_int_eq(unsetenv("TURF_WORKDIR"), 0);
	ck_assert_int_eq(setenv("HOME", scratch, 1), 0);
	snprintf(want, sizeof(want), "%s/.turf", scratch);
	ck_assert_str_eq(tf_workdir_path(&err), want);
	ck_assert_int_eq(setenv("TURF_WORKDIR", "", 1), 0);
	ck_assert_str_eq(tf_workdir_path(&err), want);
	ck_assert_int_eq(unsetenv("HOME"), 0);
	ck_assert_ptr_null(tf_workdir_path(&err));
	ck_assert_int_eq(err.code, TF_E_WORKDIR);
}
END_TEST

START_TEST(a_relative_one_is_refused)
{
	ck_assert_int_eq(setenv("TURF_WORKDIR", "work", 1), 0);
	ck_assert_int_lt(tf_workdir_open(&work, &err), 0);
	ck_assert_int_eq(err.code, TF_E_WORKDIR);
}
END_TEST

START_TEST(what_others_may_write_is_refused)
{
	ck_assert_int_eq(mkdir("work", 0700), 0);
	ck_assert_int_eq(chmod("work", 0777), 0);
	ck_assert_int_lt(open_at("work"), 0);
	ck_assert_int_eq(err.code, TF_E_WORKDIR);
}
END_TEST

START_TEST(a_file_in_its_place_is_refused)
{
	scratch_write("work", "");
	ck_assert_int_lt(open_at("work"), 0);
	ck_assert_int_eq(err.code, TF_E_WORKDIR);
}
END_TEST

START_TEST(the_path_is_free_of_symlinks)
{
	char want[256];

	ck_assert_int_eq(mkdir("real", 0700), 0);
	ck_assert_int_eq(symlink("real", "link"), 0);
	ck_assert_int_eq(open_at("link/work"), 0);
	snprintf(want, sizeof(want), "%s/real/work", scratch);
	ck_assert_str_eq(work.path, want);
}
END_TEST

START_TEST(the_library_is_written_once_and_read_only)
{
	struct stat first, second;

	ck_assert_int_eq(open_at("work"), 0);
	ck_assert_int_eq(tf_workdir_library(&work, &err), 0);
	ck_assert_int_eq(stat(work.library, &first), 0);
	ck_assert_uint_eq(first.st_mode & 0222, 0);
	ck_assert_int_gt(first.st_size, 10000);
	ck_assert_int_eq(tf_workdir_library(&work, &err), 0);
	ck_assert_int_eq(stat(work.library, &second), 0);
	ck_assert_uint_eq(first.st_ino, second.st_ino);
}
END_TEST

START_TEST(a_cut_or_writable_library_is_replaced)
{
	struct stat whole, st;

	ck_assert_int_eq(open_at("work"), 0);
	ck_assert_int_eq(tf_workdir_library(&work, &err), 0);
	ck_assert_int_eq(stat(work.library, &whole), 0);

	ck_assert_int_eq(chmod(work.library, 0700), 0);
	ck_assert_int_eq(truncate(work.library, 100), 0);
	ck_assert_int_eq(tf_workdir_library(&work, &err), 0);
	ck_assert_int_eq(stat(work.library, &st), 0);
	ck_assert_int_eq(st.st_size, whole.st_size);

	ck_assert_int_eq(chmod(work.library, 0777), 0);
	ck_assert_int_eq(tf_workdir_library(&work, &err), 0);
	ck_assert_int_eq(stat(work.library, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0222, 0);
}
END_TEST

START_TEST(a_symlink_in_place_of_the_library_is_replaced)
{
	struct stat st;

	ck_assert_int_eq(open_at("work"), 0);
	ck_assert_int_eq(tf_workdir_library(&work, &err), 0);
	ck_assert_int_eq(unlink(work.library), 0);
	ck_assert_int_eq(symlink("/etc/passwd", work.library), 0);
	ck_assert_int_eq(tf_workdir_library(&work, &err), 0);
	ck_assert_int_eq(lstat(work.library, &st), 0);
	ck_assert(S_ISREG(st.st_mode));
}
END_TEST

Suite *test_workdir_suite(void)
{
	Suite *suite = suite_create("workdir");
	TCase *tc = tcase_create("workdir");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, it_is_made_for_its_user_alone);
	tcase_add_test(tc, without_the_variable_it_is_in_home);
	tcase_add_test(tc, a_relative_one_is_refused);
	tcase_add_test(tc, what_others_may_write_is_refused);
	tcase_add_test(tc, a_file_in_its_place_is_refused);
	tcase_add_test(tc, the_path_is_free_of_symlinks);
	tcase_add_test(tc, the_library_is_written_once_and_read_only);
	tcase_add_test(tc, a_cut_or_writable_library_is_replaced);
	tcase_add_test(tc, a_symlink_in_place_of_the_library_is_replaced);
	suite_add_tcase(suite, tc);
	return suite;
}
