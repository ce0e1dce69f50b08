/*
 * Users and groups. libc's name service reads /etc/passwd and /etc/group by internal calls. Where the
 * guest's files are the host's, it is asked; where they are not, they are read here, and nothing else is
 * (no NIS, LDAP, nscd: those would answer for the host).
 */
#include <grp.h>
#include <pwd.h>
#include "compose.h"
#include "nss_file.h"

#define FIRST_BUFFER 1024

struct base {
	const char *path;
	tf_nss_parse *parse;
};

static const struct base users = {"/etc/passwd", tf_nss_parse_user};
static const struct base groups = {"/etc/group", tf_nss_parse_group};

/* Whether libc would answer for another file than the guest's. */
static int is_ours(const struct base *b)
{
	return tf_rt_view() && !tf_compose_is_host(b->path);
}

/* ---- the _r functions ---- */

/* 0 and *result NULL when there is none; an error number. */
static int find(const struct base *b, const struct tf_nss_want *want, void *out, char *buf,
                size_t size, void **result)
{
	int r = tf_nss_find(b->path, want, b->parse, out, buf, size);

	*result = r > 0 ? out : NULL;
	return r < 0 ? -r : 0;
}

TF_EXPORT int getpwnam_r(const char *name, struct passwd *out, char *buf, size_t size,
                         struct passwd **result)
{
	struct tf_nss_want want = {name, 0};

	if (!is_ours(&users))
		return TF_REAL(getpwnam_r)(name, out, buf, size, result);
	return find(&users, &want, out, buf, size, (void **)result);
}

TF_EXPORT int getpwuid_r(uid_t uid, struct passwd *out, char *buf, size_t size,
                         struct passwd **result)
{
	struct tf_nss_want want = {NULL, uid};

	if (!is_ours(&users))
		return TF_REAL(getpwuid_r)(uid, out, buf, size, result);
	return find(&users, &want, out, buf, size, (void **)result);
}

TF_EXPORT int getgrnam_r(const char *name, struct group *out, char *buf, size_t size,
                         struct group **result)
{
	struct tf_nss_want want = {name, 0};

	if (!is_ours(&groups))
		return TF_REAL(getgrnam_r)(name, out, buf, size, result);
	return find(&groups, &want, out, buf, size, (void **)result);
}

TF_EXPORT int getgrgid_r(gid_t gid, struct group *out, char *buf, size_t size,
                         struct group **result)
{
	struct tf_nss_want want = {NULL, gid};

	if (!is_ours(&groups))
		return TF_REAL(getgrgid_r)(gid, out, buf, size, result);
	return find(&groups, &want, out, buf, size, (void **)result);
}

/* ---- with libc's static storage ---- */

struct keep {
	char *buf;
	size_t size;
};

/* run(ctx, buf, size) with a buffer that grows until it is enough. 1, 0 or -errno. */
static int growing(struct keep *keep, int (*run)(void *ctx, char *buf, size_t size), void *ctx)
{
	for (;;) {
		size_t size = keep->size ? keep->size * 2 : FIRST_BUFFER;
		int r = keep->size ? run(ctx, keep->buf, keep->size) : -ERANGE;
		char *buf;

		if (r != -ERANGE)
			return r;
		buf = realloc(keep->buf, size);
		if (!buf)
			return -ENOMEM;
		keep->buf = buf;
		keep->size = size;
	}
}

struct query {
	const struct base *base;
	const struct tf_nss_want *want;
	void *out;
};

static int run_query(void *ctx, char *buf, size_t size)
{
	const struct query *q = ctx;

	return tf_nss_find(q->base->path, q->want, q->base->parse, q->out, buf, size);
}

static void *lookup(const struct base *b, const struct tf_nss_want *want, void *out,
                    struct keep *keep)
{
	struct query q = {b, want, out};
	int r = growing(keep, run_query, &q);

	if (r < 0)
		return tf_null(r);
	return r ? out : NULL;
}

static struct passwd user;
static struct keep user_text;
static struct group group;
static struct keep group_text;

TF_EXPORT struct passwd *getpwnam(const char *name)
{
	struct tf_nss_want want = {name, 0};

	if (!is_ours(&users))
		return TF_REAL(getpwnam)(name);
	return lookup(&users, &want, &user, &user_text);
}

TF_EXPORT struct passwd *getpwuid(uid_t uid)
{
	struct tf_nss_want want = {NULL, uid};

	if (!is_ours(&users))
		return TF_REAL(getpwuid)(uid);
	return lookup(&users, &want, &user, &user_text);
}

TF_EXPORT struct group *getgrnam(const char *name)
{
	struct tf_nss_want want = {name, 0};

	if (!is_ours(&groups))
		return TF_REAL(getgrnam)(name);
	return lookup(&groups, &want, &group, &group_text);
}

TF_EXPORT struct group *getgrgid(gid_t gid)
{
	struct tf_nss_want want = {NULL, gid};

	if (!is_ours(&groups))
		return TF_REAL(getgrgid)(gid);
	return lookup(&groups, &want, &group, &group_text);
}

/* ---- one after the other ---- */

/* Where getpwent and getgrent are in their files. */
static size_t next_user, next_group;

static int entry_r(const struct base *b, size_t *at, void *out, char *buf, size_t size,
                   void **result)
{
	int r = tf_nss_next(b->path, at, b->parse, out, buf, size);

	*result = r > 0 ? out : NULL;
	return r < 0 ? -r : r ? 0 : ENOENT;
}

struct step {
	const struct base *base;
	size_t *at;
	void *out;
};

static int run_step(void *ctx, char *buf, size_t size)
{
	const struct step *s = ctx;

	return tf_nss_next(s->base->path, s->at, s->base->parse, s->out, buf, size);
}

static void *entry(const struct base *b, size_t *at, void *out, struct keep *keep)
{
	struct step s = {b, at, out};
	int r = growing(keep, run_step, &s);

	if (r < 0)
		return tf_null(r);
	return r ? out : NULL;
}

TF_EXPORT int getpwent_r(struct passwd *out, char *buf, size_t size, struct passwd **result)
{
	if (!is_ours(&users))
		return TF_REAL(getpwent_r)(out, buf, size, result);
	return entry_r(&users, &next_user, out, buf, size, (void **)result);
}

TF_EXPORT int getgrent_r(struct group *out, char *buf, size_t size, struct group **result)
{
	if (!is_ours(&groups))
		return TF_REAL(getgrent_r)(out, buf, size, result);
	return entry_r(&groups, &next_group, out, buf, size, (void **)result);
}

TF_EXPORT struct passwd *getpwent(void)
{
	if (!is_ours(&users))
		return TF_REAL(getpwent)();
	return entry(&users, &next_user, &user, &user_text);
}

TF_EXPORT struct group *getgrent(void)
{
	if (!is_ours(&groups))
		return TF_REAL(getgrent)();
	return entry(&groups, &next_group, &group, &group_text);
}

TF_EXPORT void setpwent(void)
{
	next_user = 0;
	if (!is_ours(&users))
		TF_REAL(setpwent)();
}

TF_EXPORT void endpwent(void)
{
	next_user = 0;
	if (!is_ours(&users))
		TF_REAL(endpwent)();
}

TF_EXPORT void setgrent(void)
{
	next_group = 0;
	if (!is_ours(&groups))
		TF_REAL(setgrent)();
}

TF_EXPORT void endgrent(void)
{
	next_group = 0;
	if (!is_ours(&groups))
		TF_REAL(endgrent)();
}

/* ---- the groups of a user ---- */

TF_EXPORT int getgrouplist(const char *name, gid_t gid, gid_t *list, int *count)
{
	int room = *count, n = 0;

	if (!is_ours(&groups))
		return TF_REAL(getgrouplist)(name, gid, list, count);
	if (room > 0)
		list[0] = gid;
	n = 1 + tf_nss_memberships(groups.path, name, gid, list + 1, room > 0 ? room - 1 : 0);
	*count = n;
	return n > room ? -1 : n;
}
