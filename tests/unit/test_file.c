/*
 * launcher/base/file: turf's own directories and files.
 */
#include <errno.h>

#include "launcher/base/file.h"
#include "scratch_dir.h"

static unsigned int mode_of(const char *path)
{
	struct stat st;

	ck_assert_int_eq(lstat(path, &st), 0);
	return st.st_mode & 07777;
}

START_TEST(mkdirs_makes_private_directories_whatever_the_umask)
{
	char path[128];

	umask(0277);
	snprintf(path, sizeof(path), "%s/a/b/c", scratch);
	ck_assert_int_eq(tf_file_mkdirs(path, NULL), 0);
	ck_assert_uint_eq(mode_of("a"), 0700);
	ck_assert_uint_eq(mode_of("a/b/c"), 0700);
	ck_assert_int_eq(tf_file_mkdirs(path, NULL), 0);
}
END_TEST

START_TEST(mkdirs_leaves_existing_directories_as_they_are)
{
	char path[128];

	ck_assert_int_eq(mkdir("a", 0755), 0);
	ck_assert_int_eq(symlink("a", "link"), 0);
	snprintf(path, sizeof(path), "%s/link/b", scratch);
	ck_assert_int_eq(tf_file_mkdirs(path, NULL), 0);
	ck_assert_uint_eq(mode_of("a"), 0755);
	ck_assert_uint_eq(mode_of("a/b"), 0700);
}
END_TEST

START_TEST(mkdirs_names_what_is_in_the_way)
{
	struct tf_err err = {0};
	char path[128], want[256];

	scratch_write("f", "");
	snprintf(path, sizeof(path), "%s/f", scratch);
	snprintf(want, sizeof(want), "%s: Not a directory", path);
	ck_assert_int_eq(tf_file_mkdirs(path, &err), -ENOTDIR);
	ck_assert_int_eq(err.code, TF_E_WORKDIR);
	ck_assert_str_eq(err.text, want);
	snprintf(path, sizeof(path), "%s/f/b", scratch);
	ck_assert_int_eq(tf_file_mkdirs(path, &err), -ENOTDIR);
}
END_TEST

START_TEST(own_dir_is_made_and_opened)
{
	int fd = tf_file_own_dir(AT_FDCWD, "w", NULL);

	ck_assert_int_ge(fd, 0);
	ck_assert_uint_eq(mode_of("w"), 0700);
	close(fd);
	fd = tf_file_own_dir(AT_FDCWD, "w", NULL);
	ck_assert_int_ge(fd, 0);
	close(fd);
}
END_TEST

START_TEST(own_dir_refuses_links_and_shared_directories)
{
	struct tf_err err = {0};

	ck_assert_int_eq(mkdir("a", 0700), 0);
	ck_assert_int_eq(symlink("a", "link"), 0);
	ck_assert_int_eq(tf_file_own_dir(AT_FDCWD, "link", &err), -ENOTDIR);
	ck_assert_int_eq(err.code, TF_E_WORKDIR);
	ck_assert_int_eq(chmod("a", 0770), 0);
	ck_assert_int_eq(tf_file_own_dir(AT_FDCWD, "a", &err), -EPERM);
}
END_TEST

START_TEST(own_dir_refuses_a_foreign_owner)
{
	if (geteuid() == 0)
		unit_skip("root owns /etc, and everything may be its own");
	ck_assert_int_eq(tf_file_own_dir(AT_FDCWD, "/etc", NULL), -EPERM);
}
END_TEST

START_TEST(replace_swaps_the_whole_file)
{
	scratch_write("f", "old and longer");
	ck_assert_int_eq(tf_file_replace(AT_FDCWD, "f", "new", 3, 0640), 0);
	ck_assert_str_eq(scratch_read("f"), "new");
	ck_assert_uint_eq(mode_of("f"), 0640);
}
END_TEST

START_TEST(replace_leaves_nothing_behind_when_it_fails)
{
	ck_assert_int_eq(mkdir("d", 0700), 0);
	ck_assert_int_eq(tf_file_replace(AT_FDCWD, "d", "new", 3, 0600), -EISDIR);
	ck_assert_int_eq(system("test \"$(ls)\" = d"), 0);
	ck_assert_int_eq(tf_file_replace(AT_FDCWD, "none/f", "new", 3, 0600), -ENOENT);
}
END_TEST

START_TEST(replace_does_not_write_through_a_symlink)
{
	scratch_write("target", "kept");
	ck_assert_int_eq(symlink("target", "f"), 0);
	ck_assert_int_eq(tf_file_replace(AT_FDCWD, "f", "new", 3, 0600), 0);
	ck_assert_str_eq(scratch_read("target"), "kept");
	ck_assert_str_eq(scratch_read("f"), "new");
}
END_TEST

Suite *test_file_suite(void)
{
	Suite *s = suite_create("file");
	TCase *tc = tcase_create("file");

	tcase_add_checked_fixture(tc, scratch_make, scratch_drop);
	tcase_add_test(tc, mkdirs_makes_private_directories_whatever_the_umask);
	tcase_add_test(tc, mkdirs_leaves_existing_directories_as_they_are);
	tcase_add_test(tc, mkdirs_names_what_is_in_the_way);
	tcase_add_test(tc, own_dir_is_made_and_opened);
	tcase_add_test(tc, own_dir_refuses_links_and_shared_directories);
	tcase_add_test(tc, own_dir_refuses_a_foreign_owner);
	tcase_add_test(tc, replace_swaps_the_whole_file);
	tcase_add_test(tc, replace_leaves_nothing_behind_when_it_fails);
	tcase_add_test(tc, replace_does_not_write_through_a_symlink);
	suite_add_tcase(s, tc);
	return s;
}
