/*
 * Completion scripts for bash, zsh and fish, from the same tables as --help. See help.h.
 */
#include <errno.h>
#include <string.h>

#include "../plan/settings.h"
#include "help.h"

/* Every value of the tables is a constant of ours: only single quotes would need care, and there are none. */

static int is_option(const struct tf_key *key)
{
	return (key->where & TF_KEY_OPTION) != 0;
}

/* A value that is a path: completed with files. */
static int is_path(const struct tf_key *key)
{
	return key->value &&
	       (strncmp(key->value, "PATH", 4) == 0 || strncmp(key->value, "DIR", 3) == 0 ||
	        strcmp(key->value, "FILE") == 0);
}

static void put_commands(FILE *out)
{
	for (unsigned int i = 0, first = 1; i < tf_ncommands; i++) {
		if (!tf_commands[i].synopsis)
			continue;
		fprintf(out, "%s%s", first ? "" : " ", tf_commands[i].name);
		first = 0;
	}
}

/* "--ro|--rw" of the options for which want() holds. */
static void put_options(FILE *out, int (*want)(const struct tf_key *key), const char *between)
{
	for (unsigned int i = 0, first = 1; i < tf_nkeys; i++) {
		const struct tf_key *key = &tf_keys[i];

		if (!is_option(key) || !want(key))
			continue;
		fprintf(out, "%s--%s", first ? "" : between, key->name);
		if (key->letter)
			fprintf(out, "%s-%c", between, key->letter);
		first = 0;
	}
}

static int has_other_value(const struct tf_key *key)
{
	return key->value && !is_path(key);
}

static void put_bash(FILE *out)
{
	fputs("# bash completion for turf\n"
	      "_turf() {\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} i\n"
	      "\tif [ \"$COMP_CWORD\" = 1 ]; then\n\t\tCOMPREPLY=($(compgen -W '",
	      out);
	put_commands(out);
	fputs("' -- \"$cur\"))\n\t\treturn\n\tfi\n"
	      "\t[ \"${COMP_WORDS[1]}\" = run ] || return\n"
	      "\tfor ((i = 2; i < COMP_CWORD; i++)); do\n"
	      "\t\t[ \"${COMP_WORDS[i]}\" = -- ] && { COMPREPLY=($(compgen -o default -- "
	      "\"$cur\")); return; }\n"
	      "\tdone\n\tcase $prev in\n\t",
	      out);
	put_options(out, is_path, "|");
	fputs(") COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n\t", out);
	put_options(out, has_other_value, "|");
	fputs(") ;;\n\t*) COMPREPLY=($(compgen -W '-- ", out);
	put_options(out, is_option, " ");
	fputs("' -- \"$cur\")) ;;\n\tesac\n}\ncomplete -o filenames -F _turf turf\n", out);
}

static void put_zsh(FILE *out)
{
	fputs("#compdef turf\n"
	      "if (( CURRENT == 2 )); then\n\tcompadd -- ",
	      out);
	put_commands(out);
	fputs("\nelif [[ $words[2] == run ]]; then\n"
	      "\twords=(\"${words[@]:1}\")\n\t(( CURRENT-- ))\n\t_arguments -S -s",
	      out);
	for (unsigned int i = 0; i < tf_nkeys; i++) {
		const struct tf_key *key = &tf_keys[i];

		if (!is_option(key))
			continue;
		fprintf(out, " \\\n\t\t'%s--%s%s[", key->is_multiple ? "*" : "", key->name,
		        key->value ? "=" : "");
		/* brackets and colons are _arguments' own */
		for (const char *p = key->help; *p; p++)
			fprintf(out, strchr("[]:", *p) ? "\\%c" : "%c", *p);
		fprintf(out, "]%s%s'", key->value ? ":value:" : "", is_path(key) ? "_files" : "");
	}
	fputs(" \\\n\t\t'*::program:_normal'\nfi\n", out);
}

static void put_fish(FILE *out)
{
	fputs("# fish completion for turf\ncomplete -c turf -f -n __fish_use_subcommand -a '", out);
	put_commands(out);
	fputs("'\n", out);
	for (unsigned int i = 0; i < tf_nkeys; i++) {
		const struct tf_key *key = &tf_keys[i];

		if (!is_option(key))
			continue;
		fprintf(out, "complete -c turf -n '__fish_seen_subcommand_from run' -l %s",
		        key->name);
		if (key->letter)
			fprintf(out, " -s %c", key->letter);
		fprintf(out, "%s -d '%s'\n",
		        is_path(key) ? " -r -F"
		        : key->value ? " -x"
		                     : " -f",
		        key->help);
	}
}

int tf_help_completion(FILE *out, const char *shell)
{
	static const struct {
		const char *shell;
		void (*put)(FILE *out);
	} shells[] = {{"bash", put_bash}, {"zsh", put_zsh}, {"fish", put_fish}};

	for (unsigned int i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
		if (strcmp(shell, shells[i].shell) == 0) {
			shells[i].put(out);
			return 0;
		}
	}
	return -EINVAL;
}
