/*
 * The command line of `turf info` and `turf doctor`, and their exit codes.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "launcher/cli/commands.h"
#include "launcher/cli/host.h"
#include "unit.h"

static struct tf_err err;

static int options(char *one, char *two, enum tf_host_format *ret)
{
	char name[] = "info", *argv[] = {name, one, two, NULL};

	return tf_host_options(one ? two ? 3 : 2 : 1, argv, ret, &err);
}

static char format[] = "--format", json[] = "json", table[] = "table", yaml[] = "yaml";
static char with_json[] = "--format=json", with_yaml[] = "--format=yaml", h[] = "-h";
static char help[] = "--help", unknown[] = "--frmat", word[] = "x";

START_TEST(formats_are_read)
{
	enum tf_host_format got = TF_HOST_HELP;

	ck_assert_int_eq(options(NULL, NULL, &got), 0);
	ck_assert_int_eq(got, TF_HOST_TABLE);
	ck_assert_int_eq(options(format, json, &got), 0);
	ck_assert_int_eq(got, TF_HOST_JSON);
	ck_assert_int_eq(options(format, table, &got), 0);
	ck_assert_int_eq(got, TF_HOST_TABLE);
	ck_assert_int_eq(options(with_json, NULL, &got), 0);
	ck_assert_int_eq(got, TF_HOST_JSON);
	ck_assert_int_eq(options(with_json, h, &got), 0);
	ck_assert_int_eq(got, TF_HOST_HELP);
	ck_assert_int_eq(options(help, NULL, &got), 0);
	ck_assert_int_eq(got, TF_HOST_HELP);
}
END_TEST

START_TEST(what_is_wrong_is_named)
{
	enum tf_host_format got = TF_HOST_HELP;

	ck_assert_int_eq(options(unknown, NULL, &got), -EINVAL);
	ck_assert_int_eq(err.code, TF_E_OPTION);
	ck_assert_ptr_nonnull(strstr(err.text, unknown));
	ck_assert_int_eq(options(format, NULL, &got), -EINVAL);
	ck_assert_int_eq(err.code, TF_E_USAGE);
	ck_assert_int_eq(options(format, yaml, &got), -EINVAL);
	ck_assert_int_eq(err.code, TF_E_VALUE);
	ck_assert_int_eq(options(with_yaml, NULL, &got), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.text, yaml));
	ck_assert_int_eq(options(word, NULL, &got), -EINVAL);
	ck_assert_int_eq(err.code, TF_E_USAGE);
	ck_assert_int_eq(got, TF_HOST_HELP);
}
END_TEST

/* The exit code of a command whose output goes to a file, and what it wrote. */
static int run(int (*command)(int, char **), const char *out, char *buf, size_t size)
{
	char name[] = "info", *argv[] = {name, with_json, NULL};
	int fd = open(out, O_RDWR | O_CLOEXEC), code;
	ssize_t n;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(dup2(fd, 1), 1);
	code = command(2, argv);
	n = pread(fd, buf, size - 1, 0);
	buf[n > 0 ? n : 0] = '\0';
	return code;
}

START_TEST(both_commands_print_a_document)
{
	char path[] = "/tmp/turf-unit-XXXXXX", buf[8192];
	int fd = mkstemp(path), code, saved = dup(1);
	struct tf_host host;

	ck_assert_int_ge(fd, 0);
	code = run(tf_cmd_info, path, buf, sizeof(buf));
	ck_assert_int_eq(code, 0);
	ck_assert_ptr_nonnull(strstr(buf, "\"landlock-scopes\""));
	ck_assert_int_eq(buf[strlen(buf) - 2], '}');
	ck_assert_int_eq(ftruncate(fd, 0), 0);
	code = run(tf_cmd_doctor, path, buf, sizeof(buf));
	unlink(path);
	dup2(saved, 1);
	tf_host_probe(&host);
	ck_assert_int_eq(code, host.has_tier ? 0 : 1);
	ck_assert_ptr_nonnull(
	        strstr(buf, host.has_tier ? "\"can_run\": true" : "\"can_run\": false"));
	for (int id = 0; id < TF_PROBE_COUNT; id++) {
		char line[64];

		snprintf(line, sizeof(line), "\"name\": \"%s\"", tf_probes[id].name);
		ck_assert_msg((strstr(buf, line) == NULL) == host.probe[id].is_there, "%s", line);
	}
}
END_TEST

START_TEST(output_that_cannot_be_written_is_an_error)
{
	char buf[8];
	int saved = dup(1), code;

	if (access("/dev/full", W_OK))
		unit_skip("no /dev/full");
	code = run(tf_cmd_info, "/dev/full", buf, sizeof(buf));
	dup2(saved, 1);
	clearerr(stdout);
	ck_assert_int_eq(code, 125);
}
END_TEST

Suite *test_host_suite(void)
{
	Suite *suite = suite_create("host");
	TCase *tcase = tcase_create("commands");

	tcase_set_timeout(tcase, 20);
	tcase_add_test(tcase, formats_are_read);
	tcase_add_test(tcase, what_is_wrong_is_named);
	tcase_add_test(tcase, both_commands_print_a_document);
	tcase_add_test(tcase, output_that_cannot_be_written_is_an_error);
	suite_add_tcase(suite, tcase);
	return suite;
}
