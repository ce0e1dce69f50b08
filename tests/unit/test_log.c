/*
 * launcher/base/log: lines, escaping, levels.
 */
#include <errno.h>
#include <regex.h>

#include "launcher/base/log.h"
#include "scratch_dir.h"

#define NELEM(a) ((int)(sizeof(a) / sizeof((a)[0])))

static const struct {
	const char *text, *plain, *json;
} escapes[] = {
        {"plain", "plain", "plain"},
        {"a\nb", "a\\x0ab", "a\\u000ab"},
        {"\x1b[2J", "\\x1b[2J", "\\u001b[2J"},
        {"q\"b\\", "q\"b\\", "q\\\"b\\\\"},
        {"\x7f", "\\x7f", "\\u007f"},
        {"\xc3\xa4", "\xc3\xa4", "\xc3\xa4"},
        {"\xe2\x82\xac\xf0\x9f\x98\x80", "\xe2\x82\xac\xf0\x9f\x98\x80",
         "\xe2\x82\xac\xf0\x9f\x98\x80"},
        /* C1: an 8-bit CSI */
        {"\xc2\x9b"
         "2J",
         "\\xc2\\x9b2J", "\\ufffd\\ufffd2J"},
        /* overlong, surrogate, cut short, alone */
        {"\xc0\xaf", "\\xc0\\xaf", "\\ufffd\\ufffd"},
        {"\xed\xa0\x80", "\\xed\\xa0\\x80", "\\ufffd\\ufffd\\ufffd"},
        {"\xe2\x82", "\\xe2\\x82", "\\ufffd\\ufffd"},
        {"\xff", "\\xff", "\\ufffd"},
        /* right-to-left override */
        {"\xe2\x80\xae", "\\xe2\\x80\\xae", "\\ufffd\\ufffd\\ufffd"},
};

START_TEST(escaping_lets_nothing_through_that_a_terminal_obeys)
{
	char buf[64];

	tf_log_escape(escapes[_i].text, strlen(escapes[_i].text), 0, buf, sizeof(buf));
	ck_assert_str_eq(buf, escapes[_i].plain);
	tf_log_escape(escapes[_i].text, strlen(escapes[_i].text), 1, buf, sizeof(buf));
	ck_assert_str_eq(buf, escapes[_i].json);
}
END_TEST

START_TEST(escaping_cuts_between_characters)
{
	char buf[10];

	ck_assert_uint_eq(tf_log_escape("abcdef", 6, 0, buf, sizeof(buf)), 6);
	ck_assert_uint_eq(tf_log_escape("abcdefg", 7, 0, buf, sizeof(buf)), 9);
	ck_assert_str_eq(buf, "abcdef...");
	tf_log_escape("abcd\xe2\x82\xac", 7, 0, buf, sizeof(buf));
	ck_assert_str_eq(buf, "abcd...");
	tf_log_escape("\n\n\n", 3, 0, buf, sizeof(buf));
	ck_assert_str_eq(buf, "\\x0a...");
}
END_TEST

static void matches(const char *text, const char *pattern)
{
	regex_t regex;

	ck_assert_int_eq(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
	ck_assert_msg(regexec(&regex, text, 0, NULL, 0) == 0, "\"%s\" is not like %s", text,
	              pattern);
	regfree(&regex);
}

START_TEST(text_lines_begin_with_turf)
{
	unsetenv("TURF_DEBUG");
	ck_assert_int_eq(tf_log_setup("log", 0, 0, NULL), 0);
	tf_log(TF_LOG_WARN, "tier %s", "kernel");
	tf_log(TF_LOG_DEBUG, "not this");
	ck_assert_str_eq(scratch_read("log"), "turf: tier kernel\n");
}
END_TEST

START_TEST(quiet_keeps_errors_only)
{
	unsetenv("TURF_DEBUG");
	ck_assert_int_eq(tf_log_setup("log", 0, 1, NULL), 0);
	tf_log(TF_LOG_WARN, "not this");
	tf_log(TF_LOG_INFO, "nor this");
	tf_log(TF_LOG_ERROR, "this");
	ck_assert_str_eq(scratch_read("log"), "turf: this\n");
}
END_TEST

START_TEST(debug_lines_have_the_form_that_others_parse)
{
	setenv("TURF_DEBUG", "1", 1);
	ck_assert_int_eq(tf_log_setup("log", 0, 0, NULL), 0);
	tf_log(TF_LOG_DEBUG, "hello");
	matches(scratch_read("log"), "^turf\\[[0-9]+\\] D [0-9]{4}-[0-9]{2}-[0-9]{2} "
	                             "[0-9]{2}:[0-9]{2}:[0-9]{2}:[0-9]{3} : hello\n$");
}
END_TEST

START_TEST(json_lines_are_json)
{
	unsetenv("TURF_DEBUG");
	ck_assert_int_eq(tf_log_setup("log", 1, 0, NULL), 0);
	tf_log(TF_LOG_WARN, "a \"b\"\n");
	matches(scratch_read("log"),
	        "^\\{\"level\":\"warning\",\"msg\":\"a \\\\\"b\\\\\"\\\\u000a\",\"time\":"
	        "\"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z\"\\}\n$");
}
END_TEST

START_TEST(the_log_file_is_private_and_no_link)
{
	struct tf_err err = {0};
	struct stat st;

	umask(0);
	ck_assert_int_eq(tf_log_setup("log", 0, 0, NULL), 0);
	ck_assert_int_eq(stat("log", &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_assert_int_eq(symlink("log", "link"), 0);
	ck_assert_int_eq(tf_log_setup("link", 0, 0, &err), -ELOOP);
	ck_assert_int_eq(err.code, TF_E_PATH);
	ck_assert_int_eq(mkfifo("fifo", 0600), 0);
	ck_assert_int_eq(tf_log_setup("fifo", 0, 0, &err), -ENXIO);
}
END_TEST

/* Runs tf_log_fail() with stderr in a file. */
static int fail_into(const char *path, const struct tf_err *err)
{
	int saved = dup(STDERR_FILENO), fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600), code;

	dup2(fd, STDERR_FILENO);
	code = tf_log_fail(err);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(fd);
	return code;
}

START_TEST(errors_go_to_stderr_and_to_the_log)
{
	struct tf_err err;

	unsetenv("TURF_DEBUG");
	ck_assert_int_eq(tf_log_setup("log", 1, 1, NULL), 0);
	tf_err_set(&err, TF_E_NOTFOUND, ENOENT, "no\x1b");
	ck_assert_int_eq(fail_into("out", &err), 127);
	ck_assert_str_eq(scratch_read("out"),
	                 "turf: E_NOTFOUND: no\\x1b: No such file or directory\n");
	matches(scratch_read("log"), "\"msg\":\"E_NOTFOUND: no\\\\u001b: No such");
}
END_TEST

START_TEST(an_empty_text_was_said_already)
{
	struct tf_err err = {.code = TF_E_PROFILE};

	ck_assert_int_eq(fail_into("out", &err), 125);
	ck_assert_str_eq(scratch_read("out"), "");
}
END_TEST

START_TEST(errno_is_kept)
{
	ck_assert_int_eq(tf_log_setup("log", 0, 0, NULL), 0);
	errno = EXDEV;
	tf_log(TF_LOG_WARN, "x");
	ck_assert_int_eq(errno, EXDEV);
}
END_TEST

Suite *test_log_suite(void)
{
	Suite *s = suite_create("log");
	TCase *tc = tcase_create("log");

	tcase_add_checked_fixture(tc, scratch_make, scratch_drop);
	tcase_add_loop_test(tc, escaping_lets_nothing_through_that_a_terminal_obeys, 0,
	                    NELEM(escapes));
	tcase_add_test(tc, escaping_cuts_between_characters);
	tcase_add_test(tc, text_lines_begin_with_turf);
	tcase_add_test(tc, quiet_keeps_errors_only);
	tcase_add_test(tc, debug_lines_have_the_form_that_others_parse);
	tcase_add_test(tc, json_lines_are_json);
	tcase_add_test(tc, the_log_file_is_private_and_no_link);
	tcase_add_test(tc, errors_go_to_stderr_and_to_the_log);
	tcase_add_test(tc, an_empty_text_was_said_already);
	tcase_add_test(tc, errno_is_kept);
	suite_add_tcase(s, tc);
	return s;
}
