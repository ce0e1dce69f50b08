/*
 * launcher/cli/help: generated help.
 */
#include "launcher/cli/help.h"
#include "launcher/plan/settings.h"
#include "printed.h"

static const char *help_of(const char *command)
{
	FILE *out = printed_open();

	tf_help_command(out, tf_command_find(command));
	return printed_close(out);
}

START_TEST(run_explains_every_option)
{
	const char *text = help_of("run");

	for (unsigned int i = 0; i < tf_nkeys; i++) {
		char name[64];

		if (!(tf_keys[i].where & TF_KEY_OPTION))
			continue;
		snprintf(name, sizeof(name), "--%s", tf_keys[i].name);
		holds(text, name);
		holds(text, tf_keys[i].help);
	}
	ck_assert_ptr_null(strstr(text, "--pass"));
}
END_TEST

START_TEST(every_section_of_options_has_a_heading)
{
	for (unsigned int i = 0; i < tf_nkeys; i++) {
		const struct tf_help_group *group = tf_help_groups;

		if (!(tf_keys[i].where & TF_KEY_OPTION))
			continue;
		while (group->section && strcmp(group->section, tf_keys[i].section) != 0)
			group++;
		ck_assert_msg(group->section != NULL, "%s", tf_keys[i].name);
	}
}
END_TEST

START_TEST(no_line_is_wider_than_a_page)
{
	const char *text = help_of("run");

	for (const char *line = text, *end; *line; line = *end ? end + 1 : end) {
		end = line + strcspn(line, "\n");
		ck_assert_msg(end - line <= 120, "%.*s", (int)(end - line), line);
	}
}
END_TEST

START_TEST(the_overview_lists_built_commands_and_the_rest_apart)
{
	FILE *out = printed_open();
	const char *text;

	tf_help_all(out);
	text = printed_close(out);
	holds(text, "  run ");
	holds(text, "  doctor ");
	holds(text, "Not built yet:");
	ck_assert_ptr_null(strstr(text, "  create "));
}
END_TEST

START_TEST(what_is_not_built_says_so)
{
	holds(help_of("create"), "not built yet");
}
END_TEST

Suite *test_help_suite(void)
{
	Suite *s = suite_create("help");
	TCase *tc = tcase_create("help");

	tcase_add_test(tc, run_explains_every_option);
	tcase_add_test(tc, every_section_of_options_has_a_heading);
	tcase_add_test(tc, no_line_is_wider_than_a_page);
	tcase_add_test(tc, the_overview_lists_built_commands_and_the_rest_apart);
	tcase_add_test(tc, what_is_not_built_says_so);
	suite_add_tcase(s, tc);
	return s;
}
