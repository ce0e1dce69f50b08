/*
 * launcher/cli/commands: the list of commands.
 */
#include <stddef.h>
#include <string.h>

#include "launcher/cli/commands.h"
#include "unit.h"

START_TEST(names_are_unique)
{
	for (unsigned int i = 0; i < tf_ncommands; i++) {
		ck_assert_ptr_eq(tf_command_find(tf_commands[i].name), &tf_commands[i]);
		/* both or none */
		ck_assert_int_eq(!tf_commands[i].synopsis, !tf_commands[i].help);
	}
	ck_assert_ptr_null(tf_command_find("none"));
	ck_assert_ptr_null(tf_command_find(""));
}
END_TEST

START_TEST(promised_verbs_are_known)
{
	static const char *const promised[] = {
	        "create",  "start",        "exec",     "stop",   "kill",    "pause",
	        "resume",  "delete",       "list",     "ls",     "ps",      "state",
	        "wait",    "logs",         "attach",   "events", "stats",   "top",
	        "update",  "cp",           "spec",     "init",   "runtime", "gc",
	        "inspect", "check-config", "features", "-D",     "-H",
	};

	for (unsigned int i = 0; i < sizeof(promised) / sizeof(promised[0]); i++)
		ck_assert_msg(tf_command_find(promised[i]) != NULL, "%s", promised[i]);
}
END_TEST

Suite *test_commands_suite(void)
{
	Suite *s = suite_create("commands");
	TCase *tc = tcase_create("commands");

	tcase_add_test(tc, names_are_unique);
	tcase_add_test(tc, promised_verbs_are_known);
	suite_add_tcase(s, tc);
	return s;
}
