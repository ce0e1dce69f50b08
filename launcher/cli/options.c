/*
 * The command line of `turf run`. See options.h. One walk over the words serves all: the check of the form, the
 * search for --profile and --help, and the application.
 */
#include "options.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "suggest.h"

/* Where the walk stands, and what it found there. */
struct option_walk {
	int argc;
	char **argv;
	int i;        /* the word */
	int at;       /* inside a group of letters ("-qm64m"), else 0 */
	int has_dash; /* stopped at "--" */
	const struct tf_key *key;
	const char *value;
};

/* Options that are promised: said by name, not called unknown. */
static const char *const not_yet[] = {
        "--bundle", "-b",      "--detach",      "-d", "--pid-file", "--rootfs", "--overlay",
        "--trace",  "--learn", "--interactive", "-i", "--tty",      "-t",
};

static const char *option_name(unsigned int i)
{
	return tf_keys[i].where & TF_KEY_OPTION ? tf_keys[i].name : NULL;
}

static int say_unknown(const char *word, size_t n, struct tf_err *err)
{
	char name[64];
	const char *near = NULL;

	for (unsigned int i = 0; i < sizeof(not_yet) / sizeof(not_yet[0]); i++)
		if (strlen(not_yet[i]) == n && memcmp(not_yet[i], word, n) == 0)
			return tf_err_set(err, TF_E_NOTYET, 0, "%s is not built yet", not_yet[i]);
	if (n > 2 && n - 2 < sizeof(name)) {
		memcpy(name, word + 2, n - 2);
		name[n - 2] = '\0';
		near = tf_suggest(name, option_name, tf_nkeys);
	}
	return tf_err_set(err, TF_E_OPTION, 0,
	                  "unknown option %.*s%s%s%s; turf run --help lists them",
	                  (int)(n < 80 ? n : 80), word, near ? " (did you mean --" : "",
	                  near ? near : "", near ? "?)" : "");
}

/* The value of an option that needs one: behind it, or the next word. */
static int take_value(struct option_walk *walk, const char *attached, struct tf_err *err)
{
	if (attached) {
		walk->value = attached;
		return 0;
	}
	/* "--": the value was forgotten */
	if (walk->i >= walk->argc || strcmp(walk->argv[walk->i], "--") == 0)
		return tf_err_set(err, TF_E_USAGE, 0, "--%s needs a value: %s", walk->key->name,
		                  walk->key->value);
	walk->value = walk->argv[walk->i++];
	return 0;
}

static const struct tf_key *find_option(const char *name, size_t n)
{
	for (unsigned int i = 0; i < tf_nkeys; i++)
		if ((tf_keys[i].where & TF_KEY_OPTION) && strlen(tf_keys[i].name) == n &&
		    memcmp(tf_keys[i].name, name, n) == 0)
			return &tf_keys[i];
	return NULL;
}

static int next_long(struct option_walk *walk, const char *word, struct tf_err *err)
{
	size_t n = strcspn(word + 2, "=");
	const char *attached = word[2 + n] ? word + 2 + n + 1 : NULL;

	walk->key = find_option(word + 2, n);
	if (!walk->key)
		return say_unknown(word, n + 2, err);
	walk->i++;
	if (walk->key->value)
		return take_value(walk, attached, err);
	walk->value = attached ? attached : "yes";
	return 0;
}

static const struct tf_key *find_letter(char letter)
{
	for (unsigned int i = 0; i < tf_nkeys; i++)
		if ((tf_keys[i].where & TF_KEY_OPTION) && tf_keys[i].letter == letter)
			return &tf_keys[i];
	return NULL;
}

static int next_letter(struct option_walk *walk, const char *word, struct tf_err *err)
{
	const char *p = word + (walk->at ? walk->at : 1);

	walk->key = find_letter(*p);
	if (!walk->key) {
		char name[3] = {'-', *p, '\0'};

		return say_unknown(name, 2, err);
	}
	if (!walk->key->value && p[1]) {
		walk->at = (int)(p + 1 - word);
	} else {
		walk->at = 0;
		walk->i++;
	}
	if (walk->key->value)
		return take_value(walk, p[1] ? p + 1 : NULL, err);
	walk->value = "yes";
	return 0;
}

/* 1 with key and value, 0 at the end of the options (i is the first word that is none), -errno. */
static int next_option(struct option_walk *walk, struct tf_err *err)
{
	const char *word = walk->i < walk->argc ? walk->argv[walk->i] : NULL;
	int rc;

	if (!word || word[0] != '-' || word[1] == '\0')
		return 0;
	if (strcmp(word, "--") == 0) {
		walk->has_dash = 1;
		walk->i++;
		return 0;
	}
	rc = word[1] == '-' ? next_long(walk, word, err) : next_letter(walk, word, err);
	return rc < 0 ? rc : 1;
}

int tf_options_parse(int argc, char **argv, struct tf_settings *set, const char **ret_profile,
                     int *ret_rest, struct tf_err *err)
{
	struct option_walk walk = {.argc = argc, .argv = argv, .i = 1};
	const char *profile = NULL;
	int rc;

	while ((rc = next_option(&walk, err)) > 0) {
		if (strcmp(walk.key->name, "profile") == 0)
			profile = walk.value;
		if (set)
			rc = tf_settings_apply(set, walk.key, walk.value, TF_FROM_OPTION, err);
		if (rc < 0)
			return rc;
	}
	if (rc < 0)
		return rc;
	*ret_profile = profile;
	*ret_rest = walk.i;
	return walk.has_dash;
}

int tf_options_wants_help(int argc, char **argv)
{
	struct option_walk walk = {.argc = argc, .argv = argv, .i = 1};
	struct tf_err err;

	do {
		const char *word = walk.i < argc ? argv[walk.i] : "";

		if (walk.at == 0 && (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0))
			return 1;
	} while (next_option(&walk, &err) > 0);
	return 0;
}
