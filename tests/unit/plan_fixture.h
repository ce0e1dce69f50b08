/*
 * Plans over a small host of the test's own: the scratch directory, with h/ for the host's files and w/ for the work dir.
 * plan_fixture_make() before each test, plan_fixture_drop() after it.
 */
#ifndef TURF_TESTS_PLAN_FIXTURE_H
#define TURF_TESTS_PLAN_FIXTURE_H

#include <errno.h>
#include <stdarg.h>

#include "launcher/plan/plan.h"
#include "scratch_dir.h"

static struct tf_plan plan;
static struct tf_settings set;
static struct tf_places places;
static struct tf_err err;

/* A path below the scratch directory; stays until the test ends. */
static inline const char *below(const char *format, ...) __attribute__((format(printf, 1, 2)));
static inline const char *below(const char *format, ...)
{
	static char texts[1024][160];
	static unsigned int n;
	char *text = texts[n++];
	va_list ap;

	ck_assert_uint_le(n, 1024);
	int len = snprintf(text, sizeof(texts[0]), "%s/", scratch);
	va_start(ap, format);
	len += vsnprintf(text + len, sizeof(texts[0]) - (size_t)len, format, ap);
	va_end(ap);
	ck_assert_int_lt(len, (int)sizeof(texts[0]));
	return text;
}

static inline void shell(const char *command)
{
	ck_assert_msg(system(command) == 0, "%s", command);
}

static inline void plan_fixture_make(void)
{
	scratch_make();
	shell("umask 022; mkdir -p h w/fallback/b; chmod 700 w w/fallback w/fallback/b");
	tf_settings_init(&set);
	err = (struct tf_err){.code = TF_E_NONE};
	places = (struct tf_places){.work = below("w"),
	                            .box = below("w/fallback/b"),
	                            .library = below("w/lib.so"),
	                            .view = below("w/fallback/b/view"),
	                            .shared = below("w/fallback/b/shared"),
	                            .home = "/home/guest",
	                            .cwd = NULL};
}

static inline void plan_fixture_drop(void)
{
	tf_plan_done(&plan);
	scratch_drop();
}

static inline struct tf_request *request(enum tf_want want, const char *host, const char *guest)
{
	struct tf_request *req = &set.requests[set.nrequests++];

	*req = (struct tf_request){.want = want, .host = host, .guest = guest};
	return req;
}

/* The same path for the guest as on the host. */
static inline struct tf_request *request_same(enum tf_want want, const char *path)
{
	return request(want, want == TF_WANT_HIDE || want == TF_WANT_TMPFS ? NULL : path, path);
}

static inline int make_plan_now(void)
{
	return tf_plan_make(&plan, &set, &places, 0, &err);
}

static inline void make_plan(void)
{
	int rc = make_plan_now();

	ck_assert_msg(rc == 0, "%d: %s", rc, err.text);
}

/* The mapping of exactly this guest path. */
static inline const struct tf_mapping *mapping(const char *guest)
{
	const struct tf_mapping *map = tf_view_find(&plan.view, guest, strlen(guest));

	ck_assert_str_eq(tf_view_str(&plan.view, map->guest), guest);
	return map;
}

static inline const char *host_of(const char *guest)
{
	return tf_view_str(&plan.view, mapping(guest)->host);
}

static inline void err_holds(const char *word)
{
	ck_assert_msg(strstr(err.text, word) != NULL, "\"%s\" is not in: %s", word, err.text);
}

#endif
