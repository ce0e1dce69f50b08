/*
 * For tests of launcher/plan and launcher/mode: a scratch directory with a host tree, a work dir, and settings that
 * ask for mappings. Everything is found again below `scratch` (scratch_dir.h).
 *
 *   data/a  data/sub/b  data/secret/s  link -> data  file   work/fallback/box
 */
#ifndef TURF_TESTS_PLAN_SCENE_H
#define TURF_TESTS_PLAN_SCENE_H

#include "launcher/plan/plan.h"
#include "scratch_dir.h"

static struct tf_settings set;
static struct tf_plan plan;
static struct tf_places places;
static struct tf_err err;

/* below("data"): its absolute path. Each call has a place of its own. */
static inline const char *below(const char *name)
{
	static char text[32][256];
	static unsigned int next;
	char *at = text[next++ % 32];

	snprintf(at, sizeof(text[0]), "%s%s%s", scratch, *name ? "/" : "", name);
	return at;
}

static inline void plan_scene_make(void)
{
	scratch_make();
	ck_assert_int_eq(mkdir("data", 0755) + mkdir("data/sub", 0755) + mkdir("data/secret", 0755),
	                 0);
	ck_assert_int_eq(mkdir("work", 0700) + mkdir("work/fallback", 0700) +
	                         mkdir("work/fallback/box", 0700),
	                 0);
	scratch_write("data/a", "a");
	scratch_write("data/sub/b", "b");
	scratch_write("data/secret/s", "s");
	scratch_write("file", "file");
	ck_assert_int_eq(symlink("data", "link"), 0);
	tf_settings_init(&set);
	memset(&err, 0, sizeof(err));
	places = (struct tf_places){.work = below("work"),
	                            .box = below("work/fallback/box"),
	                            .library = "/work/lib.so",
	                            .view = "/box/view",
	                            .shared = "/box/shared",
	                            .home = "/home/guest",
	                            .cwd = NULL};
}

static inline void plan_scene_drop(void)
{
	tf_plan_done(&plan);
	scratch_drop();
}

/* One more mapping asked for on the command line; its row, to be changed. */
static inline struct tf_request *ask(enum tf_want want, const char *host, const char *guest)
{
	struct tf_request *req = &set.requests[set.nrequests++];

	*req = (struct tf_request){.want = want, .host = host, .guest = guest};
	return req;
}

static inline int make_plan(void)
{
	return tf_plan_make(&plan, &set, &places, 0, &err);
}

static inline void must_plan(void)
{
	int rc = make_plan();

	ck_assert_msg(rc == 0, "%d: %s", rc, err.text);
}

/* The mapping of exactly this guest path, or NULL. */
static inline const struct tf_mapping *mapping(const char *guest)
{
	const struct tf_mapping *map = tf_view_find(&plan.view, guest, strlen(guest));

	return strcmp(tf_view_str(&plan.view, map->guest), guest) == 0 ? map : NULL;
}

static inline const char *host_of(const char *guest)
{
	const struct tf_mapping *map = mapping(guest);

	return map ? tf_view_str(&plan.view, map->host) : "(none)";
}

#endif
