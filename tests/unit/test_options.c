/*
 * launcher/cli/options: the command line of `turf run`.
 */
#include <errno.h>
#include <stdio.h>

#include "apply_key.h"
#include "launcher/cli/options.h"

#define MAX_WORDS 32

/* Splits at single spaces ("~" is an empty word), with "run" in front. */
static int words_of(const char *line, char **argv)
{
	static char buf[512];
	int argc = 1;

	argv[0] = (char *)"run";
	snprintf(buf, sizeof(buf), "%s", line);
	for (char *p = buf; *p; argc++) {
		char *end = strchr(p, ' ');

		argv[argc] = strcmp(p, "~") == 0 ? (char *)"" : p;
		if (!end) {
			argc++;
			break;
		}
		*end = '\0';
		p = end + 1;
	}
	argv[argc] = NULL;
	return argc;
}

static int parse(const char *line, const char **ret_profile, int *ret_rest)
{
	char *argv[MAX_WORDS];
	int argc = words_of(line, argv);
	int first, rc;

	fresh_settings();
	*ret_profile = "unset";
	*ret_rest = -1;
	first = tf_options_parse(argc, argv, NULL, ret_profile, ret_rest, &err);
	if (first < 0)
		return first;
	rc = tf_options_parse(argc, argv, &set, ret_profile, ret_rest, &err);
	if (rc >= 0)
		ck_assert_int_eq(rc, first);
	return rc;
}

static const struct {
	const char *line;
	int rc, rest;
} lines[] = {
        {"", 0, 1},
        {"--", 1, 2},
        {"-- true -m", 1, 2},
        {"-m 64m -- true", 1, 4},
        {"-m64m -- true", 1, 3},
        {"--memory=64m -- true", 1, 3},
        {"--memory 64m -- true", 1, 4},
        {"-q --rm --explain -- x", 1, 5},
        {"-qm64m -- x", 1, 3},
        {"-qm 64m -- x", 1, 4},
        {"--quiet=no -- x", 1, 3},
        {"-e A=-x -e -y=1 -- x", 1, 6},
        {"name", 0, 1},
        {"-q name", 0, 2},
        {"- x", 0, 1},
        {"-w /a true -m 1g", 0, 3},
};

START_TEST(options_end_where_the_program_begins)
{
	const char *profile;
	int rest, rc = parse(lines[_i].line, &profile, &rest);

	ck_assert_msg(rc == lines[_i].rc, "\"%s\": %d %s", lines[_i].line, rc, err.text);
	ck_assert_msg(rest == lines[_i].rest, "\"%s\": rest %d", lines[_i].line, rest);
	ck_assert_ptr_null(profile);
}
END_TEST

static const struct {
	const char *line;
	enum tf_err_code code;
	const char *word;
} bad[] = {
        {"--memry 1g -- x", TF_E_OPTION, "did you mean --memory?"},
        {"--mem=1g -- x", TF_E_OPTION, "did you mean --memory?"},
        {"--nonsense -- x", TF_E_OPTION, "unknown option --nonsense; turf run --help"},
        {"-X -- x", TF_E_OPTION, "unknown option -X"},
        {"-qX -- x", TF_E_OPTION, "unknown option -X"},
        {"--pass A -- x", TF_E_OPTION, "unknown option --pass"},
        {"--base=default -- x", TF_E_OPTION, "unknown option --base"},
        {"--memory -- x", TF_E_USAGE, "--memory needs a value: SIZE"},
        {"--memory", TF_E_USAGE, "--memory needs a value"},
        {"-m", TF_E_USAGE, "--memory needs a value"},
        {"--memory= -- x", TF_E_VALUE, "--memory: \"\""},
        {"--rm=x -- x", TF_E_VALUE, "--rm: \"x\""},
        {"-m 1g -m 2g -- x", TF_E_USAGE, "--memory: given twice"},
        {"--profile a --profile b -- x", TF_E_USAGE, "--profile: given twice"},
        {"--overlay /x -- x", TF_E_NOTYET, "--overlay is not built yet"},
        {"-d -- x", TF_E_NOTYET, "-d is not built yet"},
        {"-b x", TF_E_NOTYET, "-b is not built yet"},
        {"--ro /a --rw /b:/a -- x", TF_E_PATH, "--rw: /a is mapped twice"},
};

START_TEST(mistakes_are_named)
{
	const char *profile;
	int rest, rc = parse(bad[_i].line, &profile, &rest);

	ck_assert_msg(rc < 0, "\"%s\": accepted", bad[_i].line);
	ck_assert_msg(err.code == bad[_i].code, "\"%s\": %s", bad[_i].line, tf_err_name(err.code));
	ck_assert_msg(strstr(err.text, bad[_i].word) != NULL, "\"%s\": %s", bad[_i].line, err.text);
}
END_TEST

START_TEST(the_first_pass_finds_the_profile_and_applies_nothing)
{
	char *argv[MAX_WORDS];
	int argc = words_of("-m nonsense --profile strict -- x --profile other", argv), rest;
	const char *profile;

	ck_assert_int_eq(tf_options_parse(argc, argv, NULL, &profile, &rest, &err), 1);
	ck_assert_str_eq(profile, "strict");
	ck_assert_str_eq(argv[rest], "x");
}
END_TEST

START_TEST(values_reach_the_settings)
{
	const char *profile;
	int rest;

	ck_assert_int_eq(
	        parse("--ro /a:/b -v /c:/d:ro -e A=1 -w /b --timeout=2m -q -- x", &profile, &rest),
	        1);
	ck_assert_uint_eq(set.nrequests, 2);
	ck_assert_str_eq(set.requests[1].host, "/c");
	ck_assert_str_eq(set.workdir, "/b");
	ck_assert_uint_eq(set.wall_ms, 120000);
	ck_assert_int_eq(set.is_quiet, 1);
	ck_assert_str_eq(set.env[0].text, "A=1");
}
END_TEST

static const struct {
	const char *line;
	int wants;
} helps[] = {
        {"--help", 1},
        {"-h", 1},
        {"-q --help", 1},
        {"-m 64m -h -- x", 1},
        {"-- x --help", 0},
        {"x --help", 0},
        {"-e -h -- x", 0},
        {"--env --help -- x", 0},
        {"", 0},
        {"--bad --help", 0},
        {"-qh", 0},
};

START_TEST(help_is_found_among_options_only)
{
	char *argv[MAX_WORDS];
	int argc = words_of(helps[_i].line, argv);

	ck_assert_msg(tf_options_wants_help(argc, argv) == helps[_i].wants, "\"%s\"",
	              helps[_i].line);
}
END_TEST

#define NELEM(a) ((int)(sizeof(a) / sizeof((a)[0])))

Suite *test_options_suite(void)
{
	Suite *s = suite_create("options");
	TCase *tc = tcase_create("options");

	tcase_add_loop_test(tc, options_end_where_the_program_begins, 0, NELEM(lines));
	tcase_add_loop_test(tc, mistakes_are_named, 0, NELEM(bad));
	tcase_add_test(tc, the_first_pass_finds_the_profile_and_applies_nothing);
	tcase_add_test(tc, values_reach_the_settings);
	tcase_add_loop_test(tc, help_is_found_among_options_only, 0, NELEM(helps));
	suite_add_tcase(s, tc);
	return s;
}
