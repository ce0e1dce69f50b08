/*
 * launcher/cli/cmd_help: turf help, turf version: what goes to stdout, and which status.
 */
#include "launcher/cli/commands.h"
#include "printed.h"
#include "scratch_dir.h"

/* Runs a command with stdout in "out" (or another file) and stderr in "err"; returns its status. */
static int run_into(const char *file, int (*command)(int argc, char **argv), const char *a,
                    const char *b)
{
	char *argv[] = {(char *)"command", (char *)a, (char *)b, NULL};
	int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO), status;

	ck_assert_int_eq(fflush(stdout), 0);
	ck_assert_int_ge(dup2(open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO), 0);
	ck_assert_int_ge(dup2(open("err", O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO), 0);
	status = command(b ? 3 : a ? 2 : 1, argv);
	fflush(stdout);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	clearerr(stdout);
	return status;
}

START_TEST(help_goes_to_stdout)
{
	ck_assert_int_eq(run_into("out", tf_cmd_help, NULL, NULL), 0);
	holds(scratch_read("out"), "Usage: turf COMMAND");
	ck_assert_int_eq(run_into("out", tf_cmd_help, "run", NULL), 0);
	holds(scratch_read("out"), "--memory");
	ck_assert_int_eq(run_into("out", tf_cmd_help, "--man", NULL), 0);
	holds(scratch_read("out"), ".TH TURF 1");
	ck_assert_int_eq(run_into("out", tf_cmd_help, "--completion", "fish"), 0);
	holds(scratch_read("out"), "complete -c turf");
	ck_assert_str_eq(scratch_read("err"), "");
}
END_TEST

START_TEST(mistakes_go_to_stderr)
{
	ck_assert_int_eq(run_into("out", tf_cmd_help, "none", NULL), 125);
	holds(scratch_read("err"), "turf: E_COMMAND: there is no command none");
	ck_assert_int_eq(run_into("out", tf_cmd_help, "run", "info"), 125);
	holds(scratch_read("err"), "turf: E_USAGE: ");
	ck_assert_int_eq(run_into("out", tf_cmd_help, "--completion", NULL), 125);
	holds(scratch_read("err"), "turf: E_VALUE: --completion");
	ck_assert_int_eq(run_into("out", tf_cmd_version, "x", NULL), 125);
	holds(scratch_read("err"), "turf: E_USAGE: ");
	ck_assert_str_eq(scratch_read("out"), "");
}
END_TEST

START_TEST(the_version_is_the_first_line)
{
	ck_assert_int_eq(run_into("out", tf_cmd_version, NULL, NULL), 0);
	ck_assert_int_eq(strncmp(scratch_read("out"), "turf version " TURF_VERSION "\n",
	                         strlen("turf version " TURF_VERSION "\n")),
	                 0);
}
END_TEST

START_TEST(output_that_is_lost_is_an_error)
{
	ck_assert_int_eq(run_into("/dev/full", tf_cmd_help, NULL, NULL), 125);
	holds(scratch_read("err"),
	      "turf: E_SYSTEM: standard output cannot be written: No space left");
}
END_TEST

Suite *test_cmd_help_suite(void)
{
	Suite *s = suite_create("cmd_help");
	TCase *tc = tcase_create("cmd_help");

	tcase_add_checked_fixture(tc, scratch_make, scratch_drop);
	tcase_add_test(tc, help_goes_to_stdout);
	tcase_add_test(tc, mistakes_go_to_stderr);
	tcase_add_test(tc, the_version_is_the_first_line);
	tcase_add_test(tc, output_that_is_lost_is_an_error);
	suite_add_tcase(s, tc);
	return s;
}
