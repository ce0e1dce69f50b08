/*
 * `turf info`: what it prints and how it ends.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd_capture.h"
#include "launcher/cli/commands.h"
#include "launcher/kernel/probe.h"
#include "unit.h"

static char name[] = "info", json[] = "--format=json", wrong[] = "--wrong";
static char buf[16384];

static int run(char *option, const char *out)
{
	char *argv[] = {name, option, NULL};

	return cmd_capture(tf_cmd_info, option ? 2 : 1, argv, out, buf, sizeof(buf));
}

START_TEST(every_feature_has_a_line)
{
	ck_assert_int_eq(run(NULL, NULL), 0);
	for (int id = 0; id < TF_PROBE_COUNT; id++)
		ck_assert_msg(strstr(buf, tf_probe_names[id]) != NULL, "%s", tf_probe_names[id]);
	ck_assert_ptr_nonnull(strstr(buf, TURF_VERSION));
}
END_TEST

START_TEST(json_is_one_document_with_every_feature)
{
	char member[64];

	setenv("TURF_WORKDIR", "/tmp/a \"b\"\n", 1);
	ck_assert_int_eq(run(json, NULL), 0);
	ck_assert_int_eq(buf[0], '{');
	ck_assert_str_eq(buf + strlen(buf) - 3, "\n}\n");
	ck_assert_ptr_nonnull(strstr(buf, "\"workdir\": \"/tmp/a \\\"b\\\"\\u000a\""));
	for (int id = 0; id < TF_PROBE_COUNT; id++) {
		snprintf(member, sizeof(member), "\"name\": \"%s\"", tf_probe_names[id]);
		ck_assert_msg(strstr(buf, member) != NULL, "%s", member);
	}
}
END_TEST

START_TEST(the_work_dir_is_shown_without_control_characters)
{
	setenv("TURF_WORKDIR", "/tmp/\x1b[31mred\n", 1);
	ck_assert_int_eq(run(NULL, NULL), 0);
	ck_assert_ptr_null(strchr(buf, 0x1b));
	ck_assert_ptr_nonnull(strstr(buf, "/tmp/\\x1b[31mred\\x0a"));
}
END_TEST

START_TEST(a_work_dir_that_cannot_be_is_an_error)
{
	setenv("TURF_WORKDIR", "relative", 1);
	ck_assert_int_eq(run(NULL, NULL), 125);
	ck_assert_str_eq(buf, "");
}
END_TEST

START_TEST(a_wrong_option_prints_nothing_on_stdout)
{
	ck_assert_int_eq(run(wrong, NULL), 125);
	ck_assert_str_eq(buf, "");
}
END_TEST

START_TEST(output_that_cannot_be_written_is_an_error)
{
	if (access("/dev/full", W_OK))
		unit_skip("no /dev/full");
	ck_assert_int_eq(run(json, "/dev/full"), 125);
}
END_TEST

Suite *test_cmd_info_suite(void)
{
	Suite *suite = suite_create("cmd_info");
	TCase *tcase = tcase_create("info");

	tcase_set_timeout(tcase, 20);
	tcase_add_test(tcase, every_feature_has_a_line);
	tcase_add_test(tcase, json_is_one_document_with_every_feature);
	tcase_add_test(tcase, the_work_dir_is_shown_without_control_characters);
	tcase_add_test(tcase, a_work_dir_that_cannot_be_is_an_error);
	tcase_add_test(tcase, a_wrong_option_prints_nothing_on_stdout);
	tcase_add_test(tcase, output_that_cannot_be_written_is_an_error);
	suite_add_tcase(suite, tcase);
	return suite;
}
