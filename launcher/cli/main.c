/*
 * turf: finds the command and calls it. No work of its own, and no state.
 */
#include <errno.h>
#include <string.h>

#include "../base/log.h"
#include "commands.h"
#include "options.h"
#include "suggest.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} built[] = {
        {"run", tf_cmd_run},   {"info", tf_cmd_info},       {"doctor", tf_cmd_doctor},
        {"help", tf_cmd_help}, {"version", tf_cmd_version},
};

/* Other spellings that people and tools try. */
static const struct {
	const char *word, *command;
} aliases[] = {
        {"--version", "version"},
        {"-V", "version"},
        {"--help", "help"},
        {"-h", "help"},
};

/* Only what is built: to suggest what then says "not yet" helps nobody. */
static const char *command_name(unsigned int i)
{
	return tf_commands[i].synopsis ? tf_commands[i].name : NULL;
}

static int say_unknown(const char *word)
{
	const char *near = tf_suggest(word, command_name, tf_ncommands);
	struct tf_err err;

	tf_err_set(&err, TF_E_COMMAND, 0, "unknown command %.80s%s%s%s; turf help lists them", word,
	           near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
	return tf_log_fail(&err);
}

/* `turf COMMAND --help`: among run's options, elsewhere as the only word. */
static int wants_help(const struct tf_command *command, int argc, char **argv)
{
	if (strcmp(command->name, "run") == 0)
		return tf_options_wants_help(argc, argv);
	return argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0);
}

static int run_command(const struct tf_command *command, int argc, char **argv)
{
	char *help_argv[] = {(char *)"help", (char *)command->name, NULL};
	struct tf_err err;

	if (!command->synopsis) {
		tf_err_set(&err, TF_E_NOTYET, 0, "turf %s is not built yet", command->name);
		return tf_log_fail(&err);
	}
	if (wants_help(command, argc, argv))
		return tf_cmd_help(2, help_argv);
	for (unsigned int i = 0; i < sizeof(built) / sizeof(built[0]); i++)
		if (strcmp(built[i].name, command->name) == 0)
			return built[i].run(argc, argv);
	return say_unknown(command->name);
}

int main(int argc, char **argv)
{
	const struct tf_command *command;
	struct tf_err err;
	const char *word;

	if (argc < 2) {
		tf_err_set(&err, TF_E_USAGE, 0, "no command given; turf help lists them");
		return tf_log_fail(&err);
	}
	word = argv[1];
	for (unsigned int i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (strcmp(word, aliases[i].word) == 0)
			word = aliases[i].command;
	command = tf_command_find(word);
	return command ? run_command(command, argc - 1, argv + 1) : say_unknown(word);
}
