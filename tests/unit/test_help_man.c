/*
 * launcher/cli/help_man: turf(1).
 */
#include "launcher/cli/help.h"
#include "launcher/plan/settings.h"
#include "printed.h"

static const char *page(void)
{
	FILE *out = printed_open();

	tf_help_man(out);
	return printed_close(out);
}

START_TEST(sections_are_there)
{
	const char *text = page();

	ck_assert_int_eq(strncmp(text, ".TH TURF 1", 10), 0);
	holds(text, ".SH NAME\n");
	holds(text, ".SH SYNOPSIS\n");
	holds(text, ".SH OPTIONS OF RUN\n");
	holds(text, ".SH PROFILES\n");
	holds(text, ".SH EXIT STATUS\n");
}
END_TEST

START_TEST(options_are_typed_with_real_hyphens)
{
	const char *text = page();

	holds(text, "\\fB\\-m\\fR, \\fB\\-\\-memory\\fR \\fISIZE\\fR\n");
	holds(text, "\\fB\\-\\-pids\\-limit\\fR \\fIN\\fR\n");
}
END_TEST

START_TEST(no_line_is_a_request_by_accident)
{
	const char *text = page();

	for (const char *line = text; line && *line;
	     line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		if (*line == '.')
			ck_assert_msg(strncmp(line, ".TH", 3) == 0 ||
			                      strncmp(line, ".SH", 3) == 0 ||
			                      strncmp(line, ".SS", 3) == 0 ||
			                      strncmp(line, ".TP", 3) == 0 ||
			                      strncmp(line, ".PP", 3) == 0 ||
			                      strncmp(line, ".br", 3) == 0,
			              "%.40s", line);
		else
			ck_assert_int_ne(*line, '\'');
}
END_TEST

Suite *test_help_man_suite(void)
{
	Suite *s = suite_create("help_man");
	TCase *tc = tcase_create("help_man");

	tcase_add_test(tc, sections_are_there);
	tcase_add_test(tc, options_are_typed_with_real_hyphens);
	tcase_add_test(tc, no_line_is_a_request_by_accident);
	suite_add_tcase(s, tc);
	return s;
}
