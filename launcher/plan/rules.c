/*
 * View → Landlock rules. A rule grants a whole tree, and nothing can be taken back below it: where a mapping must not show all
 * of what lies under its host path (something hidden, read-only or private there), its siblings are granted one by one, and the
 * directories on the way only for listing.
 */
#include "plan.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "../../preload/core/path.h"

struct exceptions {
	const char *path[TF_VIEW_MAX_MAPPINGS]; /* host paths that the grant must not reach */
	unsigned int n;
};

static int add_rule(struct tf_plan *plan, const char *host, unsigned int access, struct tf_err *err)
{
	if (plan->nrules == TF_PLAN_MAX_RULES)
		return tf_err_set(err, TF_E_PATH, E2BIG,
		                  "too many files beside a hidden one (more than %d): hide a "
		                  "directory higher up, or map less",
		                  TF_PLAN_MAX_RULES);
	plan->rule[plan->nrules++] = (struct tf_rule){.host = host, .access = access, .fd = -1};
	return 0;
}

/* A rule for a whole mapping: where the plan still has it open, by that descriptor. */
static int add_mapping_rule(struct tf_plan *plan, const struct tf_mapping *map, unsigned int access,
                            struct tf_err *err)
{
	const char *guest = tf_view_str(&plan->view, map->guest);
	int rc = add_rule(plan, tf_view_str(&plan->view, map->host), access, err);

	for (unsigned int i = 0; i < plan->nentries && rc == 0; i++) {
		if (strcmp(plan->entry[i].guest, guest) != 0)
			continue;
		plan->rule[plan->nrules - 1].fd = plan->fd[i];
		plan->rule[plan->nrules - 1].is_dir = !(map->flags & TF_MAP_FILE);
	}
	return rc;
}

/* The host paths below map's own that other mappings of the guest cover with something else, or with less. */
static int collect(struct tf_plan *plan, const struct tf_mapping *map, struct exceptions *ex,
                   struct tf_err *err)
{
	const struct tf_view *view = &plan->view;
	const char *guest = tf_view_str(view, map->guest);
	char host[TF_PATH_MAX];

	ex->n = 0;
	for (uint32_t i = 0; i < view->head->nmappings; i++) {
		const struct tf_mapping *m = &view->map[i];
		const char *g = tf_view_str(view, m->guest);

		if (m == map || m->flags & TF_MAP_LINK ||
		    !tf_path_below(g, m->guest.len, guest, map->guest.len))
			continue;
		int n = tf_view_to_host(view, map, g, m->guest.len, host, sizeof(host));
		if (n < 0)
			return tf_err_set(err, TF_E_PATH, -n, "%s", g);
		if (m->kind != TF_KIND_HIDDEN && strcmp(host, tf_view_str(view, m->host)) == 0 &&
		    (m->access & map->access) == map->access)
			continue;
		ex->path[ex->n] = tf_plan_text(plan, err, "%s", host);
		if (!ex->path[ex->n++])
			return -ENAMETOOLONG;
	}
	return 0;
}

/* 1: path is an exception; 2: one lies below it; 0: neither. */
static int relation(const struct exceptions *ex, const char *path)
{
	size_t len = strlen(path);
	int ret = 0;

	for (unsigned int i = 0; i < ex->n; i++) {
		if (strcmp(ex->path[i], path) == 0)
			return 1;
		if (tf_path_below(ex->path[i], strlen(ex->path[i]), path, len))
			ret = 2;
	}
	return ret;
}

static int grant_around(struct tf_plan *plan, const char *dir, unsigned int access,
                        const struct exceptions *ex, struct tf_err *err);

static int grant_entry(struct tf_plan *plan, const char *dir, const struct dirent *d,
                       unsigned int access, const struct exceptions *ex, struct tf_err *err)
{
	if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0 || d->d_type == DT_LNK)
		return 0;
	const char *path = tf_plan_text(plan, err, "%s/%s", strcmp(dir, "/") ? dir : "", d->d_name);
	if (!path)
		return -ENAMETOOLONG;
	switch (relation(ex, path)) {
	case 1:
		return 0;
	case 2:
		return grant_around(plan, path, access, ex, err);
	default:
		return add_rule(plan, path, access, err);
	}
}

/* Depth is bounded by the depth of the exceptions' paths. */
static int grant_around(struct tf_plan *plan, const char *dir, unsigned int access,
                        const struct exceptions *ex, struct tf_err *err)
{
	int rc = add_rule(plan, dir, TF_RULE_LIST, err);
	DIR *d = rc < 0 ? NULL : opendir(dir);

	if (rc < 0)
		return rc;
	if (!d) /* what we cannot list, the program cannot either */
		return errno == EACCES ? 0
		                       : tf_err_set(err, TF_E_PATH, errno, "cannot list %s", dir);
	for (struct dirent *e = readdir(d); e && rc == 0; e = readdir(d))
		rc = grant_entry(plan, dir, e, access, ex, err);
	closedir(d);
	return rc;
}

static int grant_mapping(struct tf_plan *plan, const struct tf_mapping *map, struct exceptions *ex,
                         struct tf_err *err)
{
	const char *host = tf_view_str(&plan->view, map->host);
	unsigned int access = map->access;
	int rc;

	if (map->kind == TF_KIND_HIDDEN)
		return 0;
	if (map->flags & TF_MAP_SKELETON && !(access & TF_WRITE))
		return add_rule(plan, host, TF_RULE_LIST, err);
	if (map->flags & TF_MAP_FILE && access & TF_WRITE)
		access |= TF_RULE_IOCTL;
	if (map->flags & (TF_MAP_SKELETON | TF_MAP_FILE) || !(map->flags & TF_MAP_NESTED))
		return add_mapping_rule(plan, map, access, err);
	rc = collect(plan, map, ex, err);
	if (rc < 0)
		return rc;
	return ex->n ? grant_around(plan, host, access, ex, err)
	             : add_mapping_rule(plan, map, access, err);
}

int tf_plan_rules(struct tf_plan *plan, const struct tf_places *places, struct tf_err *err)
{
	static struct exceptions ex; /* 4 KiB, and one plan at a time */
	int rc = 0;

	plan->nrules = 0;
	for (uint32_t i = 0; i < plan->view.head->nmappings && rc == 0; i++) {
		/* Below a link's mapping lies what its target's mapping grants already. */
		if (!(plan->view.map[i].flags & TF_MAP_LINK))
			rc = grant_mapping(plan, &plan->view.map[i], &ex, err);
	}
	if (rc == 0)
		rc = add_rule(plan, places->library, TF_READ, err);
	if (rc == 0)
		rc = add_rule(plan, places->view, TF_READ, err);
	if (rc == 0 && *places->shared)
		rc = add_rule(plan, places->shared, TF_READ | TF_WRITE, err);
	return rc;
}
