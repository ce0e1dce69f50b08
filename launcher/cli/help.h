/*
 * Help, manual page and completion, all generated from the two tables (plan/settings.h, commands.h).
 * Each function prints to out and leaves errors of writing to ferror(out).
 */
#ifndef TURF_CLI_HELP_H
#define TURF_CLI_HELP_H

#include <stdio.h>

#include "commands.h"

/* `turf help`: what turf is, the commands. */
void tf_help_all(FILE *out);

/* `turf help COMMAND`. */
void tf_help_command(FILE *out, const struct tf_command *command);

/* turf(1) as troff. */
void tf_help_man(FILE *out);

/* A completion script: "bash", "zsh", "fish". 0 or -EINVAL for another shell. */
int tf_help_completion(FILE *out, const char *shell);

/* Headings of the groups of options, in order: the sections of the table. Ends with a NULL section. */
struct tf_help_group {
	const char *section, *title;
};
extern const struct tf_help_group tf_help_groups[];

#endif
