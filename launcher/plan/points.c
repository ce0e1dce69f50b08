/*
 * Mapping points: what stands in the skeleton of "/" and in private directories, so that a directory lists what is mapped
 * into it. A point is an empty directory or file of mode 000: whoever meets it without libturf.so gets no further, and libturf.so
 * itself takes mode 000 as the sign that a mapping stands there.
 */
#include "plan.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../preload/core/path.h"

static int add_point(struct tf_point *list, unsigned int *n, struct tf_point point,
                     struct tf_err *err)
{
	if (*n == TF_PLAN_MAX_POINTS)
		return tf_err_set(err, TF_E_PATH, E2BIG, "more than %d mapping points",
		                  TF_PLAN_MAX_POINTS);
	list[(*n)++] = point;
	return 0;
}

static const char *link_text(struct tf_plan *plan, const char *path, struct tf_err *err)
{
	char text[TF_PATH_MAX];
	ssize_t n = readlink(path, text, sizeof(text) - 1);

	if (n < 0) {
		tf_err_set(err, TF_E_PATH, errno, "cannot read the link %s", path);
		return NULL;
	}
	text[n] = '\0';
	return tf_plan_text(plan, err, "%s", text);
}

/* The mapping that the directory of a guest path lies in. */
static const struct tf_mapping *parent_mapping(const struct tf_plan *plan, const char *guest)
{
	size_t n = strlen(guest);

	while (n > 1 && guest[n - 1] != '/')
		n--;
	return tf_view_find(&plan->view, guest, n > 1 ? n - 1 : 1);
}

static int add_inner(struct tf_plan *plan, const struct tf_mapping *parent, enum tf_point_kind kind,
                     const char *guest, struct tf_err *err)
{
	char host[TF_PATH_MAX];
	int n = tf_view_to_host(&plan->view, parent, guest, strlen(guest), host, sizeof(host));
	const char *path = n < 0 ? NULL : tf_plan_text(plan, err, "%s", host);

	if (!path)
		return n < 0 ? tf_err_set(err, TF_E_PATH, -n, "%s", guest) : -ENAMETOOLONG;
	return add_point(plan->inner, &plan->ninner, (struct tf_point){.kind = kind, .path = path},
	                 err);
}

static int add_for(struct tf_plan *plan, const struct tf_view_entry *e, struct tf_err *err)
{
	const struct tf_mapping *parent = parent_mapping(plan, e->guest);
	struct tf_point point = {.kind = e->flags & TF_MAP_FILE ? TF_POINT_FILE : TF_POINT_DIR,
	                         .path = e->guest};

	if (strcmp(e->guest, "/") == 0 || e->kind == TF_KIND_HIDDEN ||
	    !(parent->flags & TF_MAP_SKELETON))
		return 0;
	if (parent->guest.len > 1)
		return add_inner(plan, parent, point.kind, e->guest, err);
	if (e->flags & TF_MAP_LINK) {
		point.kind = TF_POINT_LINK;
		point.text = link_text(plan, e->guest, err);
		if (!point.text)
			return -EIO;
	}
	return add_point(plan->point, &plan->npoints, point, err);
}

/* What every /dev has besides devices (bubblewrap, OCI: the same four). */
static const struct tf_point dev_links[] = {
        {TF_POINT_LINK, "/dev/fd", "/proc/self/fd"},
        {TF_POINT_LINK, "/dev/stdin", "/proc/self/fd/0"},
        {TF_POINT_LINK, "/dev/stdout", "/proc/self/fd/1"},
        {TF_POINT_LINK, "/dev/stderr", "/proc/self/fd/2"},
};

static int compare(const struct tf_point *a, const struct tf_point *b)
{
	return strcmp(a->path, b->path);
}

static void sort_points(struct tf_point *list, unsigned int n)
{
	for (unsigned int i = 1; i < n; i++) {
		struct tf_point moving = list[i];
		unsigned int j = i;

		for (; j && compare(&list[j - 1], &moving) > 0; j--)
			list[j] = list[j - 1];
		list[j] = moving;
	}
}

int tf_plan_points(struct tf_plan *plan, struct tf_err *err)
{
	int rc = 0;

	plan->npoints = plan->ninner = 0;
	for (unsigned int i = 0; i < plan->nentries && rc == 0; i++)
		rc = add_for(plan, &plan->entry[i], err);
	for (unsigned int i = 0; i < sizeof(dev_links) / sizeof(dev_links[0]) && rc == 0; i++) {
		const char *path = dev_links[i].path;

		if (tf_view_find(&plan->view, path, strlen(path))->guest.len == 1)
			rc = add_point(plan->point, &plan->npoints, dev_links[i], err);
	}
	sort_points(plan->point, plan->npoints);
	return rc;
}

static uint64_t hash_text(uint64_t h, const char *text)
{
	/* FNV-1a, the NUL too */
	do
		h = (h ^ (unsigned char)*text) * 0x100000001b3u;
	while (*text++);
	return h;
}

void tf_plan_skeleton_name(const struct tf_plan *plan, char name[17])
{
	uint64_t h = hash_text(0xcbf29ce484222325u, "skeleton 1");

	for (unsigned int i = 0; i < plan->npoints; i++) {
		char kind[2] = {(char)('0' + plan->point[i].kind), '\0'};

		h = hash_text(hash_text(h, kind), plan->point[i].path);
		h = hash_text(h, plan->point[i].text ? plan->point[i].text : "");
	}
	snprintf(name, 17, "%016llx", (unsigned long long)h);
}
