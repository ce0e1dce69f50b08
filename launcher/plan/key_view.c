/*
 * Settings of the view: paths that are shared, copied, hidden, and where the program starts. Texts only: whether a
 * path exists is found out by the plan.
 */
#include "keys.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../preload/core/path.h"

#define MAX_PATH 4096
#define MAX_PARTS 3

static const char *const want_names[] = {"--ro", "--rw", "--copy", "--hide", "--tmpfs"};

int tf_settings_keep(struct tf_settings *set, const char *text, size_t n, const char **ret,
                     struct tf_err *err)
{
	char *at = set->arena + set->arena_used;

	if (n >= sizeof(set->arena) - set->arena_used)
		return tf_err_set(err, TF_E_VALUE, ENOSPC, "the settings are too long together");
	memcpy(at, text, n);
	at[n] = '\0';
	set->arena_used += (uint32_t)n + 1;
	*ret = at;
	return 0;
}

/* Cleans an absolute path and keeps it. */
static int keep_clean(struct tf_settings *set, const char *path, const char **ret,
                      struct tf_err *err)
{
	char buf[MAX_PATH];
	int n = tf_path_clean(path, buf, sizeof(buf));

	if (n < 0)
		return tf_err_set(err, TF_E_PATH, -n, "%.60s...", path);
	return tf_settings_keep(set, buf, (size_t)n, ret, err);
}

static int keep_joined(struct tf_settings *set, const char *dir, const char *name, const char **ret,
                       struct tf_err *err)
{
	char buf[2 * MAX_PATH];
	int n = tf_path_join(dir, name, buf, sizeof(buf));

	if (n < 0)
		return tf_err_set(err, TF_E_PATH, -n, "%.60s...", name);
	return keep_clean(set, buf, ret, err);
}

static const char *find_home(struct tf_settings *set)
{
	if (!set->home)
		set->home = getenv("HOME");
	return set->home && set->home[0] == '/' ? set->home : NULL;
}

static int find_cwd(struct tf_settings *set, struct tf_err *err)
{
	char buf[MAX_PATH];

	if (set->cwd)
		return 0;
	if (!getcwd(buf, sizeof(buf)))
		return tf_err_set(err, TF_E_PATH, errno,
		                  "the current directory cannot be found out");
	/* the kernel says "(unreachable)/..." for a directory that was moved out of reach */
	if (buf[0] != '/')
		return tf_err_set(err, TF_E_PATH, 0, "the current directory cannot be reached");
	return tf_settings_keep(set, buf, strlen(buf), &set->cwd, err);
}

static int is_home(const char *text)
{
	return text[0] == '~' && (text[1] == '\0' || text[1] == '/');
}

/* "~" or "~/x" with home (NULL: unknown) in the place of "~". */
static int keep_in_home(struct tf_settings *set, const char *home, const char *text,
                        const char **ret, struct tf_err *err)
{
	if (!home)
		return tf_err_set(err, TF_E_PATH, 0, "\"%s\" needs HOME, which is %s", text,
		                  set->home ? "not absolute" : "not set");
	return keep_joined(set, home, text + 1 + (text[1] == '/'), ret, err);
}

int tf_settings_host_path(struct tf_settings *set, const char *text, const char **ret,
                          struct tf_err *err)
{
	int rc;

	if (text[0] == '\0')
		return tf_err_set(err, TF_E_VALUE, 0, "the path is empty");
	if (is_home(text))
		return keep_in_home(set, find_home(set), text, ret, err);
	if (text[0] == '/')
		return keep_clean(set, text, ret, err);
	if (set->origin != TF_FROM_OPTION)
		return tf_err_set(err, TF_E_PATH, 0, "\"%s\" must begin with / or ~/", text);
	rc = find_cwd(set, err);
	return rc < 0 ? rc : keep_joined(set, set->cwd, text, ret, err);
}

int tf_settings_guest_path(struct tf_settings *set, const char *text, const char **ret,
                           struct tf_err *err)
{
	const char *home;

	if (text[0] == '\0')
		return tf_err_set(err, TF_E_VALUE, 0, "the path inside the sandbox is empty");
	if (is_home(text)) {
		home = find_home(set);
		/* the same that the program's HOME will be */
		return keep_in_home(set, home && home[1] ? home : TF_GUEST_HOME, text, ret, err);
	}
	if (text[0] != '/')
		return tf_err_set(err, TF_E_PATH, 0,
		                  "\"%s\" is a path inside the sandbox and must begin with /",
		                  text);
	return keep_clean(set, text, ret, err);
}

/*
 * Splits "A:B:C" at its colons into parts in the arena; "\:" is a colon, "\\" a backslash, so that every path can be
 * written. Returns how many, or -errno.
 */
static int split(struct tf_settings *set, const char *text, char *parts[MAX_PARTS],
                 struct tf_err *err)
{
	const char *kept = text;
	int n = 1, rc = tf_settings_keep(set, text, strlen(text), &kept, err);
	char *to = set->arena + (kept - set->arena);

	if (rc < 0)
		return rc;
	parts[0] = to;
	for (const char *p = text; *p; p++) {
		if (*p == '\\' && (p[1] == ':' || p[1] == '\\')) {
			*to++ = *++p;
		} else if (*p == ':') {
			if (n == MAX_PARTS)
				return tf_err_set(
				        err, TF_E_VALUE, 0,
				        "\"%s\" has too many parts (write \\: for a colon)", text);
			*to++ = '\0';
			parts[n++] = to;
		} else {
			*to++ = *p;
		}
	}
	*to = '\0';
	return n;
}

/* Adds a request, or takes the place of the profile's for the same guest path. */
static int add_request(struct tf_settings *set, struct tf_request fresh, struct tf_err *err)
{
	fresh.from_profile = set->origin != TF_FROM_OPTION;
	for (unsigned int i = 0; i < set->nrequests; i++) {
		struct tf_request *old = &set->requests[i];

		if (strcmp(old->guest, fresh.guest) != 0)
			continue;
		if (!old->from_profile)
			return tf_err_set(err, TF_E_PATH, 0,
			                  "%s is mapped twice (%s is there already)", fresh.guest,
			                  want_names[old->want]);
		*old = fresh;
		return 0;
	}
	if (set->nrequests == TF_MAX_REQUESTS)
		return tf_err_set(err, TF_E_VALUE, 0, "more than %d paths", TF_MAX_REQUESTS);
	set->requests[set->nrequests++] = fresh;
	return 0;
}

/* PATH and GUEST (NULL: the same) into a request. A profile's "?" in front makes it optional. */
static int add_shared(struct tf_settings *set, struct tf_request *fresh, const char *host,
                      const char *guest, struct tf_err *err)
{
	int rc;

	if (host[0] == '?' && set->origin != TF_FROM_OPTION) {
		fresh->is_optional = 1;
		host++;
		if (is_home(host) && !find_home(set))
			return 0; /* what is nowhere is not there */
	}
	rc = tf_settings_host_path(set, host, &fresh->host, err);
	fresh->guest = fresh->host;
	if (rc == 0 && guest)
		rc = tf_settings_guest_path(set, guest, &fresh->guest, err);
	return rc < 0 ? rc : add_request(set, *fresh, err);
}

int tf_key_ro(struct tf_settings *set, const struct tf_key *key, const char *text,
              struct tf_err *err)
{
	struct tf_request fresh = {.want = (enum tf_want)key->arg};
	char *parts[MAX_PARTS];
	int n = split(set, text, parts, err);

	if (n < 0)
		return n;
	if (n > 2)
		return tf_err_set(err, TF_E_VALUE, 0, "\"%s\" is not %s (write \\: for a colon)",
		                  text, key->value);
	return add_shared(set, &fresh, parts[0], n == 2 ? parts[1] : NULL, err);
}

/* "ro,noexec": words of -v's third part. */
static int read_volume_words(const char *words, struct tf_request *fresh, struct tf_err *err)
{
	for (const char *word = words, *end; word; word = *end ? end + 1 : NULL) {
		size_t n = strcspn(word, ",");

		end = word + n;
		if (n == 2 && memcmp(word, "ro", n) == 0)
			fresh->want = TF_WANT_RO;
		else if (n == 6 && memcmp(word, "noexec", n) == 0)
			fresh->is_noexec = 1;
		else if (n != 2 || memcmp(word, "rw", n) != 0)
			return tf_err_set(err, TF_E_VALUE, 0, "\"%.*s\" is none of ro, rw, noexec",
			                  (int)n, word);
	}
	return 0;
}

int tf_key_volume(struct tf_settings *set, const struct tf_key *key, const char *text,
                  struct tf_err *err)
{
	struct tf_request fresh = {.want = TF_WANT_RW};
	char *parts[MAX_PARTS];
	int n = split(set, text, parts, err), rc = 0;

	if (n < 0)
		return n;
	if (n < 2)
		return tf_err_set(err, TF_E_VALUE, 0, "\"%s\" is not %s", text, key->value);
	if (n == 3)
		rc = read_volume_words(parts[2], &fresh, err);
	return rc < 0 ? rc : add_shared(set, &fresh, parts[0], parts[1], err);
}

int tf_key_hide(struct tf_settings *set, const struct tf_key *key, const char *text,
                struct tf_err *err)
{
	struct tf_request fresh = {.want = TF_WANT_HIDE};
	int rc = tf_settings_guest_path(set, text, &fresh.guest, err);

	if (rc == 0 && strcmp(fresh.guest, "/") == 0)
		rc = tf_err_set(err, TF_E_PATH, 0, "hiding / leaves nothing to run");
	return rc < 0 ? rc : add_request(set, fresh, err);
}

int tf_key_tmpfs(struct tf_settings *set, const struct tf_key *key, const char *text,
                 struct tf_err *err)
{
	struct tf_request fresh = {.want = TF_WANT_TMPFS};
	char *parts[MAX_PARTS];
	int n = split(set, text, parts, err), rc;

	if (n < 0)
		return n;
	if (n > 2 || (n == 2 && strcmp(parts[1], "noexec") != 0))
		return tf_err_set(err, TF_E_VALUE, 0, "\"%s\" is not %s", text, key->value);
	fresh.is_noexec = n == 2;
	rc = tf_settings_guest_path(set, parts[0], &fresh.guest, err);
	if (rc == 0 && strcmp(fresh.guest, "/") == 0)
		rc = tf_err_set(err, TF_E_PATH, 0, "an empty / leaves nothing to run");
	return rc < 0 ? rc : add_request(set, fresh, err);
}

int tf_key_workdir(struct tf_settings *set, const struct tf_key *key, const char *text,
                   struct tf_err *err)
{
	return tf_settings_guest_path(set, text, &set->workdir, err);
}
