/*
 * Settings that are limits: memory, times, processes, rlimits.
 */
#include "keys.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/resource.h>

#include "../base/parse.h"

/* Linux: PID_MAX_LIMIT */
#define MAX_PIDS 4194304u
/* Ten years: what is above is a mistake, and timers need room for sums. */
#define MAX_TIME_MS 315360000000ull
#define MAX_PRESERVED 1000u

/* The field that a key's arg points at. */
static void *field(struct tf_settings *set, const struct tf_key *key)
{
	return (char *)set + key->arg;
}

int tf_key_memory(struct tf_settings *set, const struct tf_key *key, const char *text,
                  struct tf_err *err)
{
	uint64_t bytes;
	int rc = tf_parse_size(text, &bytes);

	if (rc < 0)
		return tf_err_set(err, TF_E_VALUE, 0, "\"%s\" is %s (64m, 1.5GiB)", text,
		                  rc == -ERANGE ? "too large" : "not a size");
	if (bytes && bytes < TF_MIN_MEMORY)
		return tf_err_set(err, TF_E_VALUE, 0,
		                  "\"%s\" is too little: at least 1m (a bare number is bytes)",
		                  text);
	set->memory_bytes = bytes;
	return 0;
}

int tf_key_time(struct tf_settings *set, const struct tf_key *key, const char *text,
                struct tf_err *err)
{
	uint64_t ms;
	int rc = tf_parse_duration(text, &ms);

	if (rc < 0 || ms > MAX_TIME_MS)
		return tf_err_set(err, TF_E_VALUE, 0, "\"%s\" is %s (1.5s, 100ms, 2m, 1h30m)", text,
		                  rc == -EINVAL ? "not a time" : "out of range");
	*(uint64_t *)field(set, key) = ms;
	return 0;
}

int tf_key_number(struct tf_settings *set, const struct tf_key *key, const char *text,
                  struct tf_err *err)
{
	static const uint64_t max[] = {MAX_PIDS, MAX_PRESERVED, INT_MAX};
	uint64_t n;

	if (tf_parse_uint(text, max[key->arg], &n) < 0)
		return tf_err_set(err, TF_E_VALUE, 0, "\"%s\" is not a number from 0 to %llu", text,
		                  (unsigned long long)max[key->arg]);
	if (key->arg == TF_KEY_NUMBER_PIDS)
		set->pids = (uint32_t)n;
	else if (key->arg == TF_KEY_NUMBER_PRESERVE_FDS)
		set->preserve_fds = (unsigned int)n;
	else
		set->status_fd = (int)n;
	return 0;
}

struct limit {
	const char *name;
	int resource;
	int is_size; /* bytes: 64m may be written */
};

/* RLIMIT_RTTIME is not here: turf marks a sandbox's processes with it. */
static const struct limit limits[] = {
        {"as", RLIMIT_AS, 1},           {"core", RLIMIT_CORE, 1},
        {"cpu", RLIMIT_CPU, 0},         {"data", RLIMIT_DATA, 1},
        {"fsize", RLIMIT_FSIZE, 1},     {"locks", RLIMIT_LOCKS, 0},
        {"memlock", RLIMIT_MEMLOCK, 1}, {"msgqueue", RLIMIT_MSGQUEUE, 1},
        {"nice", RLIMIT_NICE, 0},       {"nofile", RLIMIT_NOFILE, 0},
        {"nproc", RLIMIT_NPROC, 0},     {"rss", RLIMIT_RSS, 1},
        {"rtprio", RLIMIT_RTPRIO, 0},   {"sigpending", RLIMIT_SIGPENDING, 0},
        {"stack", RLIMIT_STACK, 1},
};

static const struct limit *find_limit(const char *name, size_t n)
{
	for (unsigned int i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		if (strlen(limits[i].name) == n && memcmp(limits[i].name, name, n) == 0)
			return &limits[i];
	return NULL;
}

/* One value: a number, a size, "unlimited" or -1. */
static int read_limit(const struct limit *limit, const char *text, size_t n, uint64_t *ret)
{
	char buf[32];

	if (n >= sizeof(buf))
		return -EINVAL;
	memcpy(buf, text, n);
	buf[n] = '\0';
	if (strcmp(buf, "unlimited") == 0 || strcmp(buf, "-1") == 0) {
		*ret = RLIM_INFINITY;
		return 0;
	}
	return limit->is_size ? tf_parse_size(buf, ret) : tf_parse_uint(buf, INT64_MAX, ret);
}

/* A later value takes the place of an earlier one. */
static int put_ulimit(struct tf_settings *set, const struct tf_ulimit *fresh, struct tf_err *err)
{
	for (unsigned int i = 0; i < set->nulimits; i++) {
		if (set->ulimits[i].resource == fresh->resource) {
			set->ulimits[i] = *fresh;
			return 0;
		}
	}
	if (set->nulimits == TF_MAX_ULIMITS)
		return tf_err_set(err, TF_E_VALUE, 0, "more than %d limits", TF_MAX_ULIMITS);
	set->ulimits[set->nulimits++] = *fresh;
	return 0;
}

int tf_key_ulimit(struct tf_settings *set, const struct tf_key *key, const char *text,
                  struct tf_err *err)
{
	size_t name_len = strcspn(text, "=");
	const struct limit *limit = find_limit(text, name_len);
	const char *soft = text + name_len + 1, *hard;
	struct tf_ulimit fresh;
	int rc;

	if (text[name_len] != '=')
		return tf_err_set(err, TF_E_VALUE, 0, "\"%s\" is not %s", text, key->value);
	if (name_len == 6 && memcmp(text, "rttime", 6) == 0)
		return tf_err_set(err, TF_E_VALUE, 0,
		                  "rttime is taken: turf marks a sandbox's processes with it");
	if (!limit)
		return tf_err_set(err, TF_E_VALUE, 0,
		                  "\"%.*s\" is no limit (as core cpu data fsize locks memlock "
		                  "msgqueue nice nofile "
		                  "nproc rss rtprio sigpending stack)",
		                  (int)name_len, text);
	hard = strchr(soft, ':');
	rc = read_limit(limit, soft, hard ? (size_t)(hard - soft) : strlen(soft), &fresh.soft);
	fresh.hard = fresh.soft;
	if (rc == 0 && hard)
		rc = read_limit(limit, hard + 1, strlen(hard + 1), &fresh.hard);
	if (rc < 0)
		return tf_err_set(err, TF_E_VALUE, 0, "\"%s\" is not %s (unlimited, or a number%s)",
		                  text, key->value, limit->is_size ? ", 64m" : "");
	if (fresh.soft > fresh.hard)
		return tf_err_set(err, TF_E_VALUE, 0,
		                  "\"%s\": the soft limit is above the hard one", text);
	fresh.resource = limit->resource;
	return put_ulimit(set, &fresh, err);
}
