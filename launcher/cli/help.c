/*
 * Help for people. See help.h.
 */
#include "help.h"

#include <string.h>

#include "../plan/settings.h"

/* Where the explanations begin, and how wide a line may be. */
#define COLUMN 30

const struct tf_help_group tf_help_groups[] = {
        {"view", "What it sees"},
        {"environment", "Environment"},
        {"limits", "Limits"},
        {"network", "Network"},
        {"run", "The run"},
        {"output", "Output"},
        {NULL, NULL},
};

/* "  --name VALUE", padded; the explanation goes to the next line when that is long. */
static void put_option(FILE *out, const char *letter, const char *name, const char *value,
                       const char *help)
{
	int n = fprintf(out, "  %s%s%s%s", letter, name, value ? " " : "", value ? value : "");

	if (n >= COLUMN)
		n = fprintf(out, "\n") - 1;
	fprintf(out, "%*s%s\n", COLUMN - n, "", help);
}

static void put_keys(FILE *out, const struct tf_help_group *group)
{
	fprintf(out, "\n%s:\n", group->title);
	for (unsigned int i = 0; i < tf_nkeys; i++) {
		const struct tf_key *key = &tf_keys[i];
		char letter[8] = "", name[40];

		if (!(key->where & TF_KEY_OPTION) || strcmp(key->section, group->section) != 0)
			continue;
		if (key->letter)
			snprintf(letter, sizeof(letter), "-%c, ", key->letter);
		snprintf(name, sizeof(name), "--%s", key->name);
		put_option(out, letter, name, key->value, key->help);
	}
}

static void put_run(FILE *out)
{
	fputs("\nRuns PROGRAM with nothing of this host but what is given: system directories "
	      "read-only, a private\n"
	      "HOME, /tmp and /work, no network. Each --ro, --rw or --copy adds to that. When one "
	      "of them gives\n"
	      "the current directory, the program starts there.\n",
	      out);
	for (const struct tf_help_group *group = tf_help_groups; group->section; group++)
		put_keys(out, group);
	fputs("\nIn PATH a colon is written \\: and ~ is HOME. An option may be --key value or "
	      "--key=value.\n"
	      "\nExit code: the program's own; 128+N after signal N; 124 time limit; 137 memory "
	      "limit (see --report);\n"
	      "126 and 127 when the program cannot be run or is not there; 125 when turf itself "
	      "failed.\n"
	      "\nExamples:\n"
	      "  turf run -- python3 -c 'print(open(\"/etc/hostname\").read())'\n"
	      "  turf run --rw . -m 512m --timeout 2m -- make\n"
	      "  turf run --ro ~/data:/data --network 443 -- ./fetch\n",
	      out);
}

void tf_help_command(FILE *out, const struct tf_command *command)
{
	if (!command->synopsis) {
		fprintf(out, "turf %s is not built yet.\n", command->name);
		return;
	}
	fprintf(out, "turf %s%s%s: %s\n", command->name, command->synopsis[0] ? " " : "",
	        command->synopsis, command->help);
	if (strcmp(command->name, "run") == 0)
		put_run(out);
	if (command->options)
		fputs("\nOptions:\n", out);
	for (const struct tf_command_option *option = command->options; option && option->name;
	     option++)
		put_option(out, "", option->name, option->value, option->help);
}

static void put_not_yet(FILE *out)
{
	int column = fprintf(out, "Not built yet:");

	for (unsigned int i = 0; i < tf_ncommands; i++) {
		if (tf_commands[i].synopsis)
			continue;
		if (column + (int)strlen(tf_commands[i].name) > 95)
			column = fprintf(out, "\n ") - 1;
		column += fprintf(out, " %s", tf_commands[i].name);
	}
	fputc('\n', out);
}

void tf_help_all(FILE *out)
{
	fputs("turf runs programs that it does not trust, without privilege, and says how strong "
	      "the walls are.\n"
	      "\nUsage: turf COMMAND [OPTIONS]\n\nCommands:\n",
	      out);
	for (unsigned int i = 0; i < tf_ncommands; i++)
		if (tf_commands[i].synopsis)
			fprintf(out, "  %-10s %s\n", tf_commands[i].name, tf_commands[i].help);
	fputs("\nturf help COMMAND explains one. Errors are \"turf: E_NAME: sentence\" on stderr, "
	      "exit code 125.\n",
	      out);
	put_not_yet(out);
}
