/*
 * Looking for programs of other projects.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launcher/kernel/probe_run.h"
#include "unit.h"

START_TEST(the_first_directory_wins)
{
	char buf[64] = "";

	ck_assert_int_eq(tf_probe_find("/nowhere:/bin:/usr/bin", "sh", buf, sizeof(buf)), 0);
	ck_assert_str_eq(buf, "/bin/sh");
	ck_assert_int_eq(tf_probe_find("/bin", "no-such-program", buf, sizeof(buf)), -ENOENT);
	ck_assert_int_eq(tf_probe_find("", "sh", buf, sizeof(buf)), -ENOENT);
}
END_TEST

START_TEST(relative_directories_are_not_looked_at)
{
	char buf[64];

	ck_assert_int_eq(chdir("/bin"), 0);
	ck_assert_int_eq(tf_probe_find(".:::../bin", "sh", buf, sizeof(buf)), -ENOENT);
}
END_TEST

START_TEST(a_path_that_does_not_fit_is_not_cut)
{
	char buf[7];

	ck_assert_int_eq(tf_probe_find("/bin", "sh", buf, 7), -ENOENT);
	ck_assert_int_eq(tf_probe_find("/bin", "sh", buf, 0), -ENOENT);
}
END_TEST

START_TEST(a_directory_is_no_program)
{
	char buf[64];

	ck_assert_int_eq(tf_probe_find("/usr", "bin", buf, sizeof(buf)), -ENOENT);
}
END_TEST

START_TEST(a_program_put_there_is_found)
{
	char top[] = "/tmp/turf-unit-XXXXXX", path[64], detail[160] = "";
	int found, value = 0;
	FILE *file;

	ck_assert_ptr_nonnull(mkdtemp(top));
	snprintf(path, sizeof(path), "%s/bridge", top);
	file = fopen(path, "we");
	ck_assert_ptr_nonnull(file);
	fclose(file);
	chmod(path, 0755);
	setenv("CNI_PATH", top, 1);
	found = tf_probe_cni(&value, detail, sizeof(detail));
	unlink(path);
	rmdir(top);
	ck_assert_int_eq(found, 1);
	ck_assert_str_eq(detail, path);
}
END_TEST

Suite *test_probe_tool_suite(void)
{
	Suite *suite = suite_create("probe_tool");
	TCase *tcase = tcase_create("find");

	tcase_add_test(tcase, the_first_directory_wins);
	tcase_add_test(tcase, relative_directories_are_not_looked_at);
	tcase_add_test(tcase, a_path_that_does_not_fit_is_not_cut);
	tcase_add_test(tcase, a_directory_is_no_program);
	tcase_add_test(tcase, a_program_put_there_is_found);
	suite_add_tcase(suite, tcase);
	return suite;
}
