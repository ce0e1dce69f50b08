/*
 * turf help, turf version: text on stdout, nothing else.
 */
#include <errno.h>
#include <string.h>

#include "../base/log.h"
#include "../plan/profile.h"
#include "commands.h"
#include "help.h"

/* What was printed must have arrived: a full disk behind "> turf.1" is an error. */
static int finish(void)
{
	struct tf_err err;

	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	tf_err_set(&err, TF_E_SYSTEM, errno, "standard output cannot be written");
	return tf_log_fail(&err);
}

static int say_too_much(const char *command, const char *word)
{
	struct tf_err err;

	tf_err_set(&err, TF_E_USAGE, 0, "turf %s: \"%.80s\" is one word too much", command, word);
	return tf_log_fail(&err);
}

int tf_cmd_help(int argc, char **argv)
{
	const struct tf_command *command;
	struct tf_err err;

	if (argc == 1) {
		tf_help_all(stdout);
	} else if (strcmp(argv[1], "--man") == 0 && argc == 2) {
		tf_help_man(stdout);
	} else if (strcmp(argv[1], "--completion") == 0) {
		if (argc != 3 || tf_help_completion(stdout, argv[2]) < 0) {
			tf_err_set(&err, TF_E_VALUE, 0,
			           "--completion: the shell is one of bash, zsh, fish");
			return tf_log_fail(&err);
		}
	} else if (argc > 2) {
		return say_too_much("help", argv[2]);
	} else {
		command = tf_command_find(argv[1]);
		if (!command) {
			tf_err_set(&err, TF_E_COMMAND, 0,
			           "there is no command %s; turf help lists them", argv[1]);
			return tf_log_fail(&err);
		}
		tf_help_command(stdout, command);
	}
	return finish();
}

int tf_cmd_version(int argc, char **argv)
{
	if (argc > 1)
		return say_too_much("version", argv[1]);
	printf("turf version %s\nprofile format: %u\n", TURF_VERSION, TF_PROFILE_VERSION);
	return finish();
}
