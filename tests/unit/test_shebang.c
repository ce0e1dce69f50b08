/*
 * preload/core/shebang: the "#!" line as fs/binfmt_script.c reads it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "preload/core/shebang.h"
#include "unit.h"

#define NELEM(a) ((int)(sizeof(a) / sizeof((a)[0])))

static const struct {
	const char *line, *interp, *arg;
} good[] = {
        {"#!/bin/sh\n", "/bin/sh", ""},
        {"#!/bin/sh", "/bin/sh", ""},
        {"#! /bin/sh\n", "/bin/sh", ""},
        {"#!\t /bin/sh \t\n", "/bin/sh", ""},
        {"#!/bin/sh -e\n", "/bin/sh", "-e"},
        {"#!/usr/bin/env python3 -I\nprint()\n", "/usr/bin/env", "python3 -I"},
        {"#!/bin/awk  -f  \n", "/bin/awk", "-f"},
        {"#!interp\n", "interp", ""},
        {"#!/proc/self/exe\n", "/proc/self/exe", ""},
        {"#!/bin/sh\r\n", "/bin/sh\r", ""},
        {"#!/bin/a\tb c\n", "/bin/a", "b c"},
};

START_TEST(interpreter_and_one_argument_are_read)
{
	struct tf_shebang sb;

	memset(&sb, 'x', sizeof(sb));
	ck_assert_int_eq(tf_shebang_parse(good[_i].line, strlen(good[_i].line), &sb), 0);
	ck_assert_str_eq(sb.interp, good[_i].interp);
	ck_assert_str_eq(sb.arg, good[_i].arg);
}
END_TEST

START_TEST(other_files_are_no_scripts)
{
	static const char *const others[] = {
	        "", "#", "# !/bin/sh\n", "\177ELF", " #!/bin/sh\n", "!#/bin/sh"};
	struct tf_shebang sb;

	for (int i = 0; i < NELEM(others); i++)
		ck_assert_msg(tf_shebang_parse(others[i], strlen(others[i]), &sb) == -ENOENT,
		              "%d: taken as a script", i);
}
END_TEST

START_TEST(a_line_without_interpreter_is_refused)
{
	static const char *const empty[] = {"#!", "#!\n", "#! \t \n", "#!   "};
	struct tf_shebang sb;

	for (int i = 0; i < NELEM(empty); i++)
		ck_assert_int_eq(tf_shebang_parse(empty[i], strlen(empty[i]), &sb), -ENOEXEC);
}
END_TEST

START_TEST(a_name_cut_off_by_the_kernels_buffer_is_refused)
{
	char line[600] = "#!/";
	struct tf_shebang sb;

	memset(line + 3, 'a', sizeof(line) - 4);
	line[sizeof(line) - 1] = '\0';
	ck_assert_int_eq(tf_shebang_parse(line, sizeof(line) - 1, &sb), -ENOEXEC);
	/* A longer file whose first line ends in time is fine. */
	line[200] = '\n';
	ck_assert_int_eq(tf_shebang_parse(line, sizeof(line) - 1, &sb), 0);
	ck_assert_uint_eq(strlen(sb.interp), 198);
}
END_TEST

/* The border to the byte: the kernel looks at 255 bytes. */
START_TEST(the_longest_name_is_as_long_as_the_kernels)
{
	char line[600] = "#!/";
	struct tf_shebang sb;

	memset(line + 3, 'a', sizeof(line) - 4);
	line[254] = '\n';
	ck_assert_int_eq(tf_shebang_parse(line, 500, &sb), 0);
	ck_assert_uint_eq(strlen(sb.interp), 252);
	line[254] = 'a';
	line[255] = '\n';
	ck_assert_int_eq(tf_shebang_parse(line, 500, &sb), -ENOEXEC);
}
END_TEST

START_TEST(an_argument_may_be_cut_as_the_kernel_cuts_it)
{
	char line[600] = "#!/bin/sh ";
	struct tf_shebang sb;

	memset(line + 10, 'b', sizeof(line) - 11);
	ck_assert_int_eq(tf_shebang_parse(line, sizeof(line) - 1, &sb), 0);
	ck_assert_str_eq(sb.interp, "/bin/sh");
	ck_assert_uint_eq(strlen(sb.arg), 255 - 10);
}
END_TEST

START_TEST(a_nul_ends_the_line)
{
	static const char line[] = "#!/bin/sh\0-x /etc\n";
	struct tf_shebang sb;

	ck_assert_int_eq(tf_shebang_parse(line, sizeof(line) - 1, &sb), 0);
	ck_assert_str_eq(sb.interp, "/bin/sh");
	ck_assert_str_eq(sb.arg, "");
}
END_TEST

START_TEST(nothing_is_written_on_failure)
{
	struct tf_shebang sb, before;

	memset(&sb, 0x5a, sizeof(sb));
	before = sb;
	ck_assert_int_lt(tf_shebang_parse("#!  \n", 5, &sb), 0);
	ck_assert_int_lt(tf_shebang_parse("ELF", 3, &sb), 0);
	ck_assert_mem_eq(&sb, &before, sizeof(sb));
}
END_TEST

Suite *test_shebang_suite(void)
{
	Suite *suite = suite_create("shebang");
	TCase *tc = tcase_create("shebang");

	tcase_add_loop_test(tc, interpreter_and_one_argument_are_read, 0, NELEM(good));
	tcase_add_test(tc, other_files_are_no_scripts);
	tcase_add_test(tc, a_line_without_interpreter_is_refused);
	tcase_add_test(tc, a_name_cut_off_by_the_kernels_buffer_is_refused);
	tcase_add_test(tc, the_longest_name_is_as_long_as_the_kernels);
	tcase_add_test(tc, an_argument_may_be_cut_as_the_kernel_cuts_it);
	tcase_add_test(tc, a_nul_ends_the_line);
	tcase_add_test(tc, nothing_is_written_on_failure);
	suite_add_tcase(suite, tc);
	return suite;
}
