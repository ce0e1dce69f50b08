/*
 * The plan of a run: settings looked up on this host. From it the view's blob, the Landlock rules, the directories to
 * make and the environment follow. Making a plan reads the host, it changes nothing; launcher/mode applies it.
 */
#ifndef TURF_PLAN_PLAN_H
#define TURF_PLAN_PLAN_H

#include <stddef.h>

#include "settings.h"
#include "view_build.h"

#define TF_PLAN_MAX_RULES 4096
#define TF_PLAN_ARENA (2u << 20)
#define TF_PLAN_MAX_POINTS (2 * TF_VIEW_MAX_MAPPINGS)

/* Where this run keeps its things (host paths, clean, free of symlinks). */
struct tf_places {
	const char *work; /* $TURF_WORKDIR */
	const char *box;  /* work/fallback/<name>: holds code, tmp, home, ... */
	const char *library;
	const char *view;
	const char *shared;
	const char *home; /* the guest's HOME */
	const char *cwd;  /* the caller's current directory, NULL = unknown */
};

/* What has to be made before the start, in order. */
enum tf_make_kind {
	TF_MAKE_PRIVATE, /* an empty directory of the sandbox's own, 0700 */
	TF_MAKE_COPY,    /* the same, filled with a copy of source */
};
struct tf_make {
	enum tf_make_kind kind;
	const char *host;
	const char *source;
};

/* Something that stands in a skeleton or a private directory so that the guest can list it. */
enum tf_point_kind { TF_POINT_DIR, TF_POINT_FILE, TF_POINT_LINK };
struct tf_point {
	enum tf_point_kind kind;
	const char *path; /* guest path below the skeleton; host path for a private directory's */
	const char *text; /* a link's */
};

/* Landlock: access below a host path; TF_READ | TF_WRITE | TF_EXEC and: */
#define TF_RULE_LIST 8u   /* only reading directories */
#define TF_RULE_IOCTL 16u /* a device that may be talked to */
struct tf_rule {
	const char *host;
	unsigned int access;
	int fd; /* O_PATH descriptor on host, kept from when it was looked up; -1 = to be opened */
	int is_dir;
};

struct tf_plan {
	struct tf_view_entry entry[TF_VIEW_MAX_MAPPINGS];
	unsigned int nentries;
	int fd[TF_VIEW_MAX_MAPPINGS]; /* entry[i]'s host path, O_PATH; -1 = none */
	struct tf_make make[TF_MAX_REQUESTS + 8];
	unsigned int nmakes;
	struct tf_point
	        point[TF_PLAN_MAX_POINTS]; /* of the skeleton of "/"; none when "/" is mapped */
	unsigned int npoints;
	struct tf_point inner[TF_PLAN_MAX_POINTS]; /* of private directories */
	unsigned int ninner;
	struct tf_rule rule[TF_PLAN_MAX_RULES];
	unsigned int nrules;
	const char *skeleton; /* host path, NULL = "/" is mapped by the settings */
	const char *cwd;      /* guest path that the program starts in */
	size_t blob_bytes;
	uint64_t blob[TF_VIEW_MAX_BYTES / 8]; /* the view */
	struct tf_view view;                  /* opened on blob */
	size_t arena_used;
	char arena[TF_PLAN_ARENA];
};

/* Formats into the plan's arena. NULL with err when it is full. */
const char *tf_plan_text(struct tf_plan *plan, struct tf_err *err, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

/* Looks the settings up: entries, view, points, directory to start in. 0 or -errno with err (E_PATH). */
int tf_plan_make(struct tf_plan *plan, const struct tf_settings *set,
                 const struct tf_places *places, uint32_t view_flags, struct tf_err *err);

/* Closes the descriptors of a plan; also after an error. */
void tf_plan_done(struct tf_plan *plan);

/* The Landlock rules of a made plan (rules.c). Reads directories where something below a grant must be left out. */
int tf_plan_rules(struct tf_plan *plan, const struct tf_places *places, struct tf_err *err);

/* The points where mappings stand in the skeleton and in private directories (points.c). */
int tf_plan_points(struct tf_plan *plan, struct tf_err *err);

/* The skeleton's name: 16 hexadecimal digits of what stands in it. */
void tf_plan_skeleton_name(const struct tf_plan *plan, char name[17]);

/* The program's environment (environ.c): "NAME=VALUE" texts into env, ends with NULL. The count or -errno. */
int tf_plan_environ(struct tf_plan *plan, const struct tf_settings *set, const char *home,
                    char *const *from, char **env, unsigned int max, struct tf_err *err);

/* Prints the plan for --explain (explain.c). */
void tf_plan_explain(const struct tf_plan *plan, const struct tf_settings *set, int fd);

#endif
