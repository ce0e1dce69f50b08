/*
 * The program's environment: what rules let pass from the caller's, then what rules set, then HOME. Nothing else: the
 * caller's environment holds secrets (tokens, agent sockets) that a sandbox has no business to see.
 */
#include "plan.h"

#include <errno.h>
#include <string.h>

static size_t name_len(const char *entry)
{
	const char *eq = strchr(entry, '=');

	return eq ? (size_t)(eq - entry) : strlen(entry);
}

/* "LC_*" matches LC_ALL; without a star the whole name has to be the same. */
static int matches(const char *pattern, const char *entry)
{
	size_t n = name_len(entry), p = strlen(pattern);

	if (p && pattern[p - 1] == '*')
		return n >= p - 1 && memcmp(pattern, entry, p - 1) == 0;
	return n == p && memcmp(pattern, entry, p) == 0;
}

struct list {
	char **env;
	unsigned int n, max;
};

/* Later ones replace earlier ones of the same name. */
static int put(struct list *list, const char *entry)
{
	size_t n = name_len(entry) + 1;

	for (unsigned int i = 0; i < list->n; i++) {
		if (strncmp(list->env[i], entry, n) == 0) {
			list->env[i] = (char *)(uintptr_t)entry;
			return 0;
		}
	}
	if (list->n + 1 >= list->max)
		return -E2BIG;
	list->env[list->n++] = (char *)(uintptr_t)entry;
	return 0;
}

static int apply_rule(struct list *list, const struct tf_env_rule *rule, char *const *from)
{
	int rc = 0;

	if (rule->kind == TF_ENV_SET)
		return put(list, rule->text);
	for (; *from && rc == 0; from++)
		if (strchr(*from, '=') && matches(rule->text, *from))
			rc = put(list, *from);
	return rc;
}

int tf_plan_environ(struct tf_plan *plan, const struct tf_settings *set, const char *home,
                    char *const *from, char **env, unsigned int max, struct tf_err *err)
{
	struct list list = {.env = env, .max = max};
	int rc = 0;

	for (unsigned int i = 0; i < set->nenv && rc == 0; i++)
		rc = apply_rule(&list, &set->env[i], from);
	for (unsigned int i = 0; i < list.n; i++)
		if (strncmp(list.env[i], "HOME=", 5) == 0)
			home = NULL;
	if (rc == 0 && home && !set->is_env_clear) {
		const char *entry = tf_plan_text(plan, err, "HOME=%s", home);

		rc = entry ? put(&list, entry) : -E2BIG;
	}
	if (rc < 0)
		return tf_err_set(err, TF_E_VALUE, 0,
		                  "more than %u environment variables would be passed", max);
	env[list.n] = NULL;
	return (int)list.n;
}
