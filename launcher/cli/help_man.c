/*
 * The manual page turf(1), from the same tables as --help. See help.h.
 */
#include <string.h>

#include "../plan/settings.h"
#include "help.h"

/* Text for troff: "-" as it is typed, backslashes, a dot or quote at the start of a line. */
static void put_text(FILE *out, const char *text)
{
	if (text[0] == '.' || text[0] == '\'')
		fputs("\\&", out);
	for (const char *p = text; *p; p++) {
		if (*p == '-')
			fputs("\\-", out);
		else if (*p == '\\')
			fputs("\\e", out);
		else
			fputc(*p, out);
	}
}

/* One ".TP" entry. */
static void put_entry(FILE *out, char letter, const char *name, const char *value, const char *help)
{
	fputs(".TP\n", out);
	if (letter)
		fprintf(out, "\\fB\\-%c\\fR, ", letter);
	fputs("\\fB", out);
	put_text(out, name);
	fputs("\\fR", out);
	if (value) {
		fputs(" \\fI", out);
		put_text(out, value);
		fputs("\\fR", out);
	}
	fputc('\n', out);
	put_text(out, help);
	fputc('\n', out);
}

static void put_options(FILE *out)
{
	fputs(".SH OPTIONS OF RUN\n", out);
	for (const struct tf_help_group *group = tf_help_groups; group->section; group++) {
		fprintf(out, ".SS %s\n", group->title);
		for (unsigned int i = 0; i < tf_nkeys; i++) {
			const struct tf_key *key = &tf_keys[i];
			char name[40];

			if (!(key->where & TF_KEY_OPTION) ||
			    strcmp(key->section, group->section) != 0)
				continue;
			snprintf(name, sizeof(name), "--%s", key->name);
			put_entry(out, key->letter, name, key->value, key->help);
		}
	}
}

static void put_commands(FILE *out)
{
	fputs(".SH COMMANDS\n", out);
	for (unsigned int i = 0; i < tf_ncommands; i++) {
		const struct tf_command *command = &tf_commands[i];

		if (command->synopsis)
			put_entry(out, 0, command->name, command->synopsis, command->help);
	}
}

/* Keys that a profile may hold, section by section in the order of the table. */
static void put_profile_section(FILE *out, const char *section)
{
	fprintf(out, ".SS [%s]\n", section);
	for (unsigned int i = 0; i < tf_nkeys; i++) {
		const struct tf_key *key = &tf_keys[i];

		if ((key->where & TF_KEY_PROFILE) && strcmp(key->section, section) == 0)
			put_entry(out, 0, key->name, key->value ? key->value : "yes|no", key->help);
	}
}

static void put_profiles(FILE *out)
{
	fputs(".SH PROFILES\n"
	      "A profile is an INI file. It is searched as profiles/NAME.conf in "
	      "$TURF_WORKDIR/conf,\n"
	      "$XDG_CONFIG_HOME/turf and PREFIX/etc/turf; then come the ones built in: default, "
	      "strict, build, node, python.\n"
	      "Lines are \\fIkey = value\\fR; comments begin with # or ; on a line of their own. "
	      "Unknown sections and keys,\n"
	      "bad values and doubles are errors. Options of the command line win. Host paths are "
	      "absolute or begin\n"
	      "with ~/; a ? in front makes one optional.\n"
	      ".PP\nturf.conf, searched in the same places, has one section [turf] with the keys",
	      out);
	for (unsigned int i = 0; i < tf_nkeys; i++) {
		if (!(tf_keys[i].where & TF_KEY_CONF))
			continue;
		fputc(' ', out);
		put_text(out, tf_keys[i].name);
	}
	fputs(".\n", out);
	put_profile_section(out, "profile");
	for (const struct tf_help_group *group = tf_help_groups; group->section; group++)
		if (strcmp(group->section, "output") != 0)
			put_profile_section(out, group->section);
}

void tf_help_man(FILE *out)
{
	fputs(".TH TURF 1 \"\" \"turf " TURF_VERSION "\" \"User Commands\"\n"
	      ".SH NAME\nturf \\- run programs that are not trusted, without privilege\n"
	      ".SH SYNOPSIS\n\\fBturf run\\fR [\\fIOPTIONS\\fR] \\-\\- \\fIPROGRAM\\fR "
	      "[\\fIARGUMENTS\\fR]\n.br\n"
	      "\\fBturf\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n"
	      ".SH DESCRIPTION\n"
	      "turf runs a program in a sandbox with the strongest isolation that the host allows, "
	      "and says which.\n"
	      "Without options the program sees the system directories read\\-only, a private "
	      "HOME, /tmp and /work,\n"
	      "and no network.\n",
	      out);
	put_commands(out);
	put_options(out);
	put_profiles(out);
	fputs(".SH EXIT STATUS\n"
	      "The program's own; 128+N after signal N; 124 time limit; 137 memory limit; 126 and "
	      "127 when the program\n"
	      "cannot be run or is not there; 125 when turf itself failed, with \\fIturf: E_NAME: "
	      "sentence\\fR on stderr.\n"
	      ".SH ENVIRONMENT\n"
	      ".TP\n\\fBTURF_WORKDIR\\fR\nwhere turf keeps its files (default ~/.turf)\n"
	      ".TP\n\\fBTURF_DEBUG\\fR\nwhen set, debug lines are logged\n",
	      out);
}
