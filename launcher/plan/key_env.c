/*
 * Settings of the environment: which of the caller's variables pass, and which are set.
 */
#include "keys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "../base/fd.h"

/* The length of the name at text; 0 when it is none. A name may hold what shells export (BASH_FUNC_x%%). */
static size_t name_length(const char *text)
{
	size_t n = strcspn(text, "=");

	for (size_t i = 0; i < n; i++)
		if ((unsigned char)text[i] <= ' ' || text[i] == 0x7f)
			return 0;
	return n;
}

static int add_rule(struct tf_settings *set, enum tf_env_kind kind, const char *text,
                    struct tf_err *err)
{
	if (set->nenv == TF_MAX_ENV)
		return tf_err_set(err, TF_E_VALUE, 0, "more than %d variables", TF_MAX_ENV);
	set->env[set->nenv++] = (struct tf_env_rule){
	        .kind = kind, .text = text, .from_profile = set->origin != TF_FROM_OPTION};
	return 0;
}

static int add_variable(struct tf_settings *set, int form, const char *text, struct tf_err *err)
{
	size_t n = name_length(text);
	int is_set = text[n] == '=';
	const char *star = memchr(text, '*', n);

	if (n == 0 || (is_set && form == TF_KEY_ENV_PASS))
		return tf_err_set(err, TF_E_VALUE, 0, "\"%s\" is no name of a variable", text);
	if (!is_set && form == TF_KEY_ENV_SET)
		return tf_err_set(err, TF_E_VALUE, 0, "\"%s\" has no =VALUE", text);
	/* "*" alone would pass everything: the opposite of a safe list */
	if (star && (is_set || star != text + n - 1 || n == 1))
		return tf_err_set(err, TF_E_VALUE, 0,
		                  "\"%s\": a * may only end a name that passes, as in LC_*", text);
	return add_rule(set, is_set ? TF_ENV_SET : TF_ENV_PASS, text, err);
}

int tf_key_env(struct tf_settings *set, const struct tf_key *key, const char *text,
               struct tf_err *err)
{
	return add_variable(set, key->arg, text, err);
}

int tf_key_env_clear(struct tf_settings *set, const struct tf_key *key, const char *text,
                     struct tf_err *err)
{
	unsigned int kept = 0;
	int rc = tf_key_flag(set,
	                     &(struct tf_key){.arg = offsetof(struct tf_settings, is_env_clear)},
	                     text, err);

	if (rc < 0 || !set->is_env_clear)
		return rc;
	/* what the command line said stays, wherever --clearenv stands among it */
	for (unsigned int i = 0; i < set->nenv; i++)
		if (!set->env[i].from_profile)
			set->env[kept++] = set->env[i];
	set->nenv = kept;
	return 0;
}

/* Files from Windows. Only at the end: elsewhere it belongs to the value. */
static void drop_cr(char *line)
{
	size_t n = strlen(line);

	if (n && line[n - 1] == '\r')
		line[n - 1] = '\0';
}

/* The lines of a file of n bytes at text, which is changed in place and stays where it is. */
static int add_lines(struct tf_settings *set, const char *file, char *text, size_t n,
                     struct tf_err *err)
{
	unsigned int number = 1;
	int rc = 0;

	if (memchr(text, '\0', n))
		return tf_err_set(err, TF_E_VALUE, 0, "%s holds a NUL byte", file);
	for (char *line = text, *end; *line && rc == 0; line = end, number++) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		drop_cr(line);
		if (line[0] == '\0' || line[0] == '#')
			continue;
		rc = tf_err_context(err, add_variable(set, TF_KEY_ENV_ANY, line, err), "%s:%u",
		                    file, number);
	}
	return rc;
}

int tf_key_env_file(struct tf_settings *set, const struct tf_key *key, const char *text,
                    struct tf_err *err)
{
	char *at = set->arena + set->arena_used;
	ssize_t n = tf_fd_read_file(AT_FDCWD, text, at, sizeof(set->arena) - set->arena_used);

	if (n < 0)
		return tf_err_set(err, TF_E_PATH, (int)-n, "%s", text);
	set->arena_used += (uint32_t)n + 1;
	return add_lines(set, text, at, (size_t)n, err);
}
