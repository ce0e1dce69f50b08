/*
 * Settings → plan. See plan.h. Requests are looked up on the host one by one; the later of two for the same guest path
 * wins; then what turf itself adds (the working directory, the skeleton, its own work dir hidden).
 */
#include "plan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/openat2.h>

#include "../../preload/core/path.h"
#include "../base/fd.h"

const char *tf_plan_text(struct tf_plan *plan, struct tf_err *err, const char *format, ...)
{
	char *at = plan->arena + plan->arena_used;
	size_t left = sizeof(plan->arena) - plan->arena_used;
	va_list ap;

	va_start(ap, format);
	int n = vsnprintf(at, left, format, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= left) {
		tf_err_set(err, TF_E_PATH, ENAMETOOLONG,
		           "the paths of this run take too much room");
		return NULL;
	}
	plan->arena_used += (size_t)n + 1;
	return at;
}

/* ---- one path on the host ---- */

struct found {
	const char *real; /* clean, free of symlinks */
	int fd;           /* O_PATH, the caller's */
	int is_dir, has_links;
};

/* The path that fd was opened by, without symlinks. */
static const char *real_path(struct tf_plan *plan, int fd, struct tf_err *err)
{
	char link[40], text[TF_PATH_MAX];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, text, sizeof(text) - 1);
	if (n < 0) {
		tf_err_set(err, TF_E_SYSTEM, errno, "cannot read %s", link);
		return NULL;
	}
	text[n] = '\0';
	return tf_plan_text(plan, err, "%s", text);
}

static int look_up(struct tf_plan *plan, const char *host, struct found *ret, struct tf_err *err)
{
	/* Most paths have no symlink: then one call says so, and the path is its own real path. */
	struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS};
	tf_autoclose int fd = (int)syscall(SYS_openat2, AT_FDCWD, host, &how, sizeof(how));
	const char *real = host;
	struct stat st;

	if (fd < 0 && errno != ENOENT) {
		fd = tf_fd_open(AT_FDCWD, host, O_PATH, 0);
		if (fd < 0)
			return fd;
		real = real_path(plan, fd, err);
		if (!real)
			return -EIO;
	}
	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	*ret = (struct found){.real = real,
	                      .is_dir = S_ISDIR(st.st_mode),
	                      .has_links = real != host,
	                      .fd = tf_fd_take(&fd)};
	return 0;
}

/* ---- entries ---- */

static struct tf_view_entry *find_entry(struct tf_plan *plan, const char *guest)
{
	for (unsigned int i = 0; i < plan->nentries; i++)
		if (strcmp(plan->entry[i].guest, guest) == 0)
			return &plan->entry[i];
	return NULL;
}

static int add_entry(struct tf_plan *plan, struct tf_view_entry entry, struct tf_err *err)
{
	if (plan->nentries == TF_VIEW_MAX_MAPPINGS)
		return tf_err_set(err, TF_E_PATH, E2BIG, "more than %d mappings",
		                  TF_VIEW_MAX_MAPPINGS);
	if (entry.kind == TF_KIND_BIND && strcmp(entry.guest, entry.host) == 0)
		entry.kind = TF_KIND_IDENTITY;
	plan->fd[plan->nentries] = -1;
	plan->entry[plan->nentries++] = entry;
	return 0;
}

static int add_make(struct tf_plan *plan, enum tf_make_kind kind, const char *host,
                    const char *source)
{
	plan->make[plan->nmakes++] = (struct tf_make){.kind = kind, .host = host, .source = source};
	return 0;
}

/* "code", "tmp", "home" have names of their own below the sandbox's directory; others are numbered. */
static const char *private_name(struct tf_plan *plan, const struct tf_places *places,
                                const char *guest, struct tf_err *err)
{
	const char *name = strcmp(guest, "/work") == 0        ? "code"
	                   : strcmp(guest, "/tmp") == 0       ? "tmp"
	                   : strcmp(guest, places->home) == 0 ? "home"
	                   : strcmp(guest, "/dev/shm") == 0   ? "shm"
	                                                      : NULL;

	if (name)
		return tf_plan_text(plan, err, "%s/%s", places->box, name);
	return tf_plan_text(plan, err, "%s/dir%u", places->box, plan->nmakes);
}

/* req NULL: what turf adds by itself. source NULL: empty. */
static int add_private(struct tf_plan *plan, const struct tf_places *places,
                       const struct tf_request *req, const char *source, struct tf_err *err)
{
	const char *guest = req ? req->guest : "/work";
	unsigned int exec = req && req->is_noexec ? 0 : TF_EXEC;
	const char *host = private_name(plan, places, guest, err);

	if (!host)
		return -ENAMETOOLONG;
	add_make(plan, source ? TF_MAKE_COPY : TF_MAKE_PRIVATE, host, source);
	return add_entry(plan,
	                 (struct tf_view_entry){.guest = guest,
	                                        .host = host,
	                                        .kind = TF_KIND_PRIVATE,
	                                        .access = (uint8_t)(TF_READ | TF_WRITE | exec),
	                                        .flags = source ? 0 : TF_MAP_SKELETON},
	                 err);
}

static const char *option_of(enum tf_want want)
{
	static const char *const names[] = {"--ro", "--rw", "--copy", "--hide", "--tmpfs"};

	return names[want];
}

/* The path itself, not a directory above it, is a symlink, and the guest has it under the same name. */
static int is_link(const struct tf_request *req, const struct found *found)
{
	struct stat st;

	return found->has_links && strcmp(req->host, req->guest) == 0 &&
	       lstat(req->host, &st) == 0 && S_ISLNK(st.st_mode);
}

/* A mapping of a host path that exists (or may be missing, when a profile says so). */
static int add_found(struct tf_plan *plan, const struct tf_places *places,
                     const struct tf_request *req, const struct found *found, struct tf_err *err)
{
	unsigned int access =
	        TF_READ | (req->want == TF_WANT_RW ? TF_WRITE : 0) | (req->is_noexec ? 0 : TF_EXEC);

	if (tf_path_below(found->real, strlen(found->real), places->work, strlen(places->work)))
		return tf_err_set(err, TF_E_PATH, 0,
		                  "%s %s lies in turf's own work dir %s: no sandbox may see it",
		                  option_of(req->want), req->host, places->work);
	if (req->want == TF_WANT_COPY && !found->is_dir)
		return tf_err_set(err, TF_E_PATH, ENOTDIR, "--copy %s", req->host);
	if (req->want == TF_WANT_COPY &&
	    tf_path_below(places->work, strlen(places->work), found->real, strlen(found->real)))
		return tf_err_set(err, TF_E_PATH, 0,
		                  "--copy %s holds turf's own work dir %s, where the copy would go",
		                  req->host, places->work);
	if (req->want == TF_WANT_COPY)
		return add_private(plan, places, req, found->real, err);
	return add_entry(plan,
	                 (struct tf_view_entry){.guest = req->guest,
	                                        .host = found->real,
	                                        .kind = TF_KIND_BIND,
	                                        .access = (uint8_t)access,
	                                        .flags = (found->is_dir ? 0 : TF_MAP_FILE) |
	                                                 (is_link(req, found) ? TF_MAP_LINK : 0)},
	                 err);
}

static int add_host(struct tf_plan *plan, const struct tf_places *places,
                    const struct tf_request *req, struct tf_err *err)
{
	struct found found = {.fd = -1};
	int rc = look_up(plan, req->host, &found, err);

	if (rc == -ENOENT && req->is_optional)
		return 0;
	if (rc < 0)
		return tf_err_set(err, TF_E_PATH, -rc, "%s %s", option_of(req->want), req->host);
	rc = add_found(plan, places, req, &found, err);
	/* Kept for the Landlock rule, which is then about the very thing that was looked at. */
	if (rc == 0 && req->want != TF_WANT_COPY)
		plan->fd[plan->nentries - 1] = tf_fd_take(&found.fd);
	tf_fd_closep(&found.fd);
	return rc;
}

void tf_plan_done(struct tf_plan *plan)
{
	for (unsigned int i = 0; i < plan->nentries; i++)
		tf_fd_closep(&plan->fd[i]);
}

static int add_request(struct tf_plan *plan, const struct tf_places *places,
                       const struct tf_request *req, struct tf_err *err)
{
	if (find_entry(plan, req->guest)) /* a later request was first in line */
		return 0;
	switch (req->want) {
	case TF_WANT_HIDE:
		return add_entry(
		        plan, (struct tf_view_entry){.guest = req->guest, .kind = TF_KIND_HIDDEN},
		        err);
	case TF_WANT_TMPFS:
		return add_private(plan, places, req, NULL, err);
	default:
		return add_host(plan, places, req, err);
	}
}

static int is_covered(const struct tf_plan *plan, const struct tf_view_entry *e)
{
	for (unsigned int i = 0; i < plan->nentries; i++) {
		const struct tf_view_entry *t = &plan->entry[i];

		if (t->kind == TF_KIND_IDENTITY && (t->access & e->access) == e->access &&
		    tf_path_below(e->host, strlen(e->host), t->guest, strlen(t->guest)))
			return 1;
	}
	return 0;
}

/*
 * /bin -> usr/bin: where the target is in the view under its own name, with the same rights, the guest sees the
 * link as it is on the host. Otherwise it sees a directory.
 */
static void settle_links(struct tf_plan *plan)
{
	for (unsigned int i = 0; i < plan->nentries; i++) {
		struct tf_view_entry *e = &plan->entry[i];

		if (e->flags & TF_MAP_LINK && !is_covered(plan, e))
			e->flags &= (uint8_t)~TF_MAP_LINK;
	}
}

/* Wherever a mapping would show turf's own work dir (another sandbox's files), it is hidden. */
static int hide_work(struct tf_plan *plan, const struct tf_places *places, struct tf_err *err)
{
	size_t len = strlen(places->work);
	unsigned int n = plan->nentries;

	for (unsigned int i = 0; i < n; i++) {
		const struct tf_view_entry *e = &plan->entry[i];
		size_t hlen = e->host ? strlen(e->host) : 0;

		if (!hlen || e->kind == TF_KIND_PRIVATE ||
		    !tf_path_below(places->work, len, e->host, hlen))
			continue;
		const char *rest = places->work + (hlen == 1 ? 0 : hlen);
		const char *guest = tf_plan_text(plan, err, "%s%s",
		                                 strcmp(e->guest, "/") ? e->guest : "", rest);
		if (!guest)
			return -ENAMETOOLONG;
		if (find_entry(plan, guest))
			continue;
		int rc = add_entry(
		        plan, (struct tf_view_entry){.guest = guest, .kind = TF_KIND_HIDDEN}, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int add_entries(struct tf_plan *plan, const struct tf_settings *set,
                       const struct tf_places *places, struct tf_err *err)
{
	int rc = 0;

	for (unsigned int i = set->nrequests; i-- && rc == 0;)
		rc = add_request(plan, places, &set->requests[i], err);
	if (rc == 0 && !find_entry(plan, "/work"))
		rc = add_private(plan, places, NULL, NULL, err);
	settle_links(plan);
	if (rc == 0)
		rc = hide_work(plan, places, err);
	return rc;
}

/* ---- the view and the directory to start in ---- */

static int build_view(struct tf_plan *plan, const struct tf_places *places, uint32_t flags,
                      struct tf_err *err)
{
	struct tf_view_info info = {.library = places->library,
	                            .self = places->view,
	                            .shared = places->shared,
	                            .flags = flags};
	int rc = tf_view_build(plan->entry, plan->nentries, &info, plan->blob, sizeof(plan->blob),
	                       &plan->blob_bytes);

	if (rc == 0)
		rc = tf_view_open(plan->blob, plan->blob_bytes, &plan->view);
	return rc < 0 ? tf_err_set(err, TF_E_PATH, -rc, "cannot build the view") : 0;
}

/* Whether guest, below req's own mapping, is there what the caller's cwd is: something else may lie over it. */
static int shows_cwd(const struct tf_plan *plan, const struct tf_request *req, const char *guest,
                     const char *cwd)
{
	size_t len = strlen(guest);
	const struct tf_mapping *map = tf_view_find(&plan->view, guest, len);
	char host[TF_PATH_MAX];

	if (map->kind == TF_KIND_HIDDEN)
		return 0;
	if (strcmp(tf_view_str(&plan->view, map->guest), req->guest) ==
	    0) /* a copy too, whose host path is another */
		return 1;
	return tf_view_to_host(&plan->view, map, guest, len, host, sizeof(host)) > 0 &&
	       strcmp(host, cwd) == 0;
}

/* A mapping that the command line asked for shows the caller's directory: there the program starts. */
static const char *cwd_of_requests(struct tf_plan *plan, const struct tf_settings *set,
                                   const char *cwd, struct tf_err *err)
{
	for (unsigned int i = set->nrequests; cwd && i--;) {
		const struct tf_request *req = &set->requests[i];
		size_t n = req->host ? strlen(req->host) : 0;

		if (req->from_profile || !n || !tf_path_below(cwd, strlen(cwd), req->host, n))
			continue;
		const char *rest = cwd + (n == 1 ? 0 : n);
		const char *guest =
		        tf_plan_text(plan, err, "%s%s",
		                     strcmp(req->guest, "/") || !*rest ? req->guest : "", rest);
		if (guest && shows_cwd(plan, req, guest, cwd))
			return guest;
	}
	return "/work";
}

/* "/" as an empty root of turf's own, whose name follows from what stands in it. */
static int add_skeleton(struct tf_plan *plan, const struct tf_places *places, uint32_t flags,
                        struct tf_err *err)
{
	char name[17];
	int rc;

	/* A first view, with a place holder for the skeleton, says what its points are. */
	struct tf_view_entry root = {.guest = "/",
	                             .host = places->box,
	                             .kind = TF_KIND_PRIVATE,
	                             .access = TF_READ,
	                             .flags = TF_MAP_SKELETON};
	rc = add_entry(plan, root, err);
	if (rc == 0)
		rc = build_view(plan, places, flags, err);
	if (rc == 0)
		rc = tf_plan_points(plan, err);
	if (rc < 0)
		return rc;
	tf_plan_skeleton_name(plan, name);
	plan->skeleton = tf_plan_text(plan, err, "%s/skeleton/%s", places->work, name);
	if (!plan->skeleton)
		return -ENAMETOOLONG;
	plan->entry[plan->nentries - 1].host = plan->skeleton;
	return build_view(plan, places, flags, err);
}

int tf_plan_make(struct tf_plan *plan, const struct tf_settings *set,
                 const struct tf_places *places, uint32_t view_flags, struct tf_err *err)
{
	int rc;

	plan->nentries = plan->nmakes = plan->npoints = plan->ninner = plan->nrules = 0;
	plan->arena_used = 0;
	plan->skeleton = NULL;
	rc = add_entries(plan, set, places, err);
	if (rc < 0)
		return rc;
	if (find_entry(plan, "/")) {
		rc = build_view(plan, places, view_flags, err);
		if (rc == 0)
			rc = tf_plan_points(plan, err);
	} else {
		rc = add_skeleton(plan, places, view_flags, err);
	}
	if (rc < 0)
		return rc;
	plan->cwd = set->workdir ? set->workdir : cwd_of_requests(plan, set, places->cwd, err);
	return plan->cwd ? 0 : -ENAMETOOLONG;
}
