/*
 * The list of turf's commands. What they do is in cmd_NAME.c; main.c dispatches.
 */
#include "commands.h"

#include <stddef.h>
#include <string.h>

static const struct tf_command_option format_option[] = {
        {"--format", "text|json", "for people (the default) or for programs"},
        {NULL, NULL, NULL},
};
static const struct tf_command_option help_options[] = {
        {"--man", NULL, "print the manual page turf(1) (troff)"},
        {"--completion", "bash|zsh|fish", "print a completion script for this shell"},
        {NULL, NULL, NULL},
};

/* clang-format off */
const struct tf_command tf_commands[] = {
	{"run", "[OPTIONS] -- PROGRAM [ARGUMENTS]", "run a program in a sandbox of its own", NULL},
	{"info", "[--format text|json]", "what this host can do, and what turf makes of it", format_option},
	{"doctor", "[--format text|json]", "what is missing, what that costs, and what fixes it", format_option},
	{"help", "[COMMAND]", "explain turf or one command", help_options},
	{"version", "", "print the version", NULL},
	/* Promised; until then each says so by name. */
	{"agent", NULL, NULL, NULL}, {"attach", NULL, NULL, NULL}, {"check-config", NULL, NULL, NULL},
	{"cp", NULL, NULL, NULL}, {"create", NULL, NULL, NULL}, {"delete", NULL, NULL, NULL},
	{"diff", NULL, NULL, NULL}, {"events", NULL, NULL, NULL}, {"exec", NULL, NULL, NULL},
	{"features", NULL, NULL, NULL}, {"fn", NULL, NULL, NULL}, {"gc", NULL, NULL, NULL},
	{"init", NULL, NULL, NULL}, {"inspect", NULL, NULL, NULL}, {"kill", NULL, NULL, NULL},
	{"list", NULL, NULL, NULL}, {"logs", NULL, NULL, NULL}, {"ls", NULL, NULL, NULL},
	{"pause", NULL, NULL, NULL}, {"ps", NULL, NULL, NULL}, {"resume", NULL, NULL, NULL},
	{"runtime", NULL, NULL, NULL}, {"spec", NULL, NULL, NULL}, {"start", NULL, NULL, NULL},
	{"state", NULL, NULL, NULL}, {"stats", NULL, NULL, NULL}, {"stop", NULL, NULL, NULL},
	{"top", NULL, NULL, NULL}, {"update", NULL, NULL, NULL}, {"wait", NULL, NULL, NULL},
	{"-D", NULL, NULL, NULL}, {"-H", NULL, NULL, NULL},
};
/* clang-format on */
const unsigned int tf_ncommands = sizeof(tf_commands) / sizeof(tf_commands[0]);

const struct tf_command *tf_command_find(const char *name)
{
	for (unsigned int i = 0; i < tf_ncommands; i++)
		if (strcmp(tf_commands[i].name, name) == 0)
			return &tf_commands[i];
	return NULL;
}
