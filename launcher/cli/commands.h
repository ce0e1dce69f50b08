/*
 * turf's commands: one function each, in cmd_NAME.c, and the one list that dispatch, help, completion and
 * the manual are made from (commands.c).
 */
#ifndef TURF_CLI_COMMANDS_H
#define TURF_CLI_COMMANDS_H

/*
 * argv[0] is the command's name. Each returns turf's exit code, and has said on stderr why it is not 0
 * (tf_log_fail()).
 */
int tf_cmd_run(int argc, char **argv);
int tf_cmd_info(int argc, char **argv);
int tf_cmd_doctor(int argc, char **argv);
int tf_cmd_help(int argc, char **argv);
int tf_cmd_version(int argc, char **argv);

/* A command's own options, for help (`turf run` has the table of plan/settings.h instead). */
struct tf_command_option {
	const char *name;  /* "--format" */
	const char *value; /* NULL = a flag */
	const char *help;
};

struct tf_command {
	const char *name;
	const char *synopsis;                    /* after the name; NULL = not built yet */
	const char *help;                        /* one line */
	const struct tf_command_option *options; /* ends with a NULL name; NULL = none */
};
extern const struct tf_command tf_commands[];
extern const unsigned int tf_ncommands;

/* By name; NULL when unknown. */
const struct tf_command *tf_command_find(const char *name);

#endif
