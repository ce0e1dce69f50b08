/*
 * Settings of the run itself: flags, words, files, names, what must be there.
 */
#include "keys.h"

#include <errno.h>
#include <string.h>

#include "../base/parse.h"
#include "../kernel/probe.h"

int tf_key_flag(struct tf_settings *set, const struct tf_key *key, const char *text,
                struct tf_err *err)
{
	int value;

	if (tf_parse_bool(text, &value) < 0)
		return tf_err_set(err, TF_E_VALUE, 0, "\"%s\" is neither yes nor no", text);
	*(int *)((char *)set + key->arg) = value;
	return 0;
}

static const char *const modes[] = {"auto", "fallback", "rootless", "sysadmin"};
static const char *const tiers[] = {"auto", "kernel", "broker", "cooperative"};
static const char *const formats[] = {"text", "json"};
static const struct {
	const char *const *words;
	unsigned int n;
} lists[] = {
        [TF_KEY_WORD_MODE] = {modes, 4},
        [TF_KEY_WORD_TIER] = {tiers, 4},
        [TF_KEY_WORD_LOG_FORMAT] = {formats, 2},
};

int tf_key_word(struct tf_settings *set, const struct tf_key *key, const char *text,
                struct tf_err *err)
{
	int i = tf_parse_word(text, lists[key->arg].words, lists[key->arg].n);
	char known[128];

	if (i < 0)
		return tf_err_set(err, TF_E_VALUE, 0, "\"%s\" is none of %s", text,
		                  tf_parse_list_words(lists[key->arg].words, lists[key->arg].n,
		                                      known, sizeof(known)));
	if (key->arg == TF_KEY_WORD_MODE)
		set->mode = (enum tf_mode)i;
	else if (key->arg == TF_KEY_WORD_TIER)
		set->tier = (enum tf_tier)i;
	else
		set->is_log_json = i;
	return 0;
}

int tf_key_file(struct tf_settings *set, const struct tf_key *key, const char *text,
                struct tf_err *err)
{
	return tf_settings_host_path(set, text, (const char **)((char *)set + key->arg), err);
}

/* "is no name": why, in one place. */
static int check_name(const char *text, struct tf_err *err)
{
	if (tf_parse_name(text) == 0)
		return 0;
	return tf_err_set(
	        err, TF_E_NAME, 0,
	        "\"%.80s\" is no name: 1 to %d of A-Z a-z 0-9 _ + . -, not beginning with . or -",
	        text, TF_NAME_MAX);
}

int tf_key_name(struct tf_settings *set, const struct tf_key *key, const char *text,
                struct tf_err *err)
{
	int rc = check_name(text, err);

	if (rc == 0)
		set->name = text;
	return rc;
}

int tf_key_profile(struct tf_settings *set, const struct tf_key *key, const char *text,
                   struct tf_err *err)
{
	int rc;

	if (strchr(text, '/'))
		return tf_settings_host_path(set, text, &set->profile, err);
	rc = check_name(text, err);
	if (rc == 0)
		set->profile = text;
	return rc;
}

/* turf-compile has put the base's own lines in front; what is left is the name, for messages. */
int tf_key_base(struct tf_settings *set, const struct tf_key *key, const char *text,
                struct tf_err *err)
{
	return check_name(text, err);
}

int tf_key_require(struct tf_settings *set, const struct tf_key *key, const char *text,
                   struct tf_err *err)
{
	uint32_t bits;
	int rc = tf_probe_parse(text, &bits, err);

	if (rc == 0)
		set->require |= bits;
	return rc;
}
