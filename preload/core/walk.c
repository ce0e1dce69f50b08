/*
 * The walk. See walk.h. The invariant: walk->guest holds a clean, fully resolved guest path (no NUL-length
 * string for "/": length 0), walk->rest what is still to come; the host is only ever asked about a path
 * that tf_view_to_host() made.
 */
#include "walk.h"

#include <errno.h>
#include <string.h>

#include "path.h"

struct state {
	const struct tf_view *view;
	const struct tf_walk_ops *ops;
	struct tf_walk *w;
	size_t len; /* of w->guest, 0 for "/" */
	size_t pos; /* in w->rest */
	unsigned int flags;
	int nlinks;
	int must_be_dir; /* a trailing slash, "." or ".." at the end */
};

/* The host path of w->guest's first len bytes, the last component not taken as a mapping of its own if it is a link. */
static int host_of(struct state *s, size_t len)
{
	const char *guest = len ? s->w->guest : "/";
	size_t n = len ? len : 1;
	const struct tf_mapping *map = tf_view_find(s->view, guest, n);

	/* /bin -> usr/bin: below it the mapping holds, itself it is a link in the directory above. */
	if (map->flags & TF_MAP_LINK && map->guest.len == n) {
		size_t up = n;
		while (up && guest[up - 1] != '/')
			up--;
		map = tf_view_find(s->view, guest, up > 1 ? up - 1 : 1);
	}
	int rc = tf_view_to_host(s->view, map, guest, n, s->w->host, TF_PATH_MAX);
	if (rc < 0)
		return rc;
	s->w->map = map;
	return rc;
}

/* Goes up one component. What is left must be a directory for ".." to mean anything. */
static int go_up(struct state *s)
{
	int n = host_of(s, s->len);

	if (n < 0)
		return n;
	if (s->len == 0)
		return 0;
	if (n + 3 > TF_PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(s->w->host + n, "/.", 3);
	n = s->ops->read_link(s->ops->ctx, s->w->host, s->w->text, sizeof(s->w->text));
	if (n != -EINVAL)
		return n < 0 ? n : -ENOTDIR;
	while (s->w->guest[--s->len] != '/')
		;
	s->w->guest[s->len] = '\0';
	return 0;
}

/* Puts the n bytes of w->text in front of what is left after position end. */
static int splice(struct state *s, size_t n, size_t end)
{
	size_t left = strlen(s->w->rest + end);

	if (n + left + 1 > sizeof(s->w->rest))
		return -ENAMETOOLONG;
	memmove(s->w->rest + n, s->w->rest + end, left + 1);
	memcpy(s->w->rest, s->w->text, n);
	s->pos = 0;
	return 0;
}

static int ends_with(const char *text, size_t len, const char *end)
{
	size_t n = strlen(end);

	return len >= n && memcmp(text + len - n, end, n) == 0;
}

/* .../fd/N: a descriptor of a process */
static int is_fd_link(const char *host, size_t len)
{
	while (len && host[len - 1] >= '0' && host[len - 1] <= '9')
		len--;
	return ends_with(host, len, "/fd/");
}

#define MAGIC_DONE 1 /* left for the kernel to follow */

/*
 * A magic link below /proc: its text is a host path (or no path at all). `root` is the guest's root; exe, cwd and
 * descriptors of directories are translated back; what the guest cannot see stays unreachable. A descriptor
 * as the last component is opened by the kernel: it was the process's already (and /dev/stdout is one).
 */
static int follow_magic(struct state *s, size_t host_len, size_t n, int is_last)
{
	struct tf_walk *w = s->w;

	if (is_last && is_fd_link(w->host, host_len)) {
		w->is_magic = 1;
		return MAGIC_DONE;
	}
	if (ends_with(w->host, host_len, "/root")) {
		s->len = 0;
		w->guest[0] = '\0';
		return 0;
	}
	if (w->text[0] != '/') {
		w->is_magic = 1;
		return is_last ? MAGIC_DONE : -ENOTDIR;
	}
	int len = tf_view_to_guest(s->view, w->text, n, w->guest, sizeof(w->guest));
	if (len < 0)
		return len == -ENOENT ? -EACCES : len;
	s->len = len == 1 ? 0 : (size_t)len;
	w->guest[s->len] = '\0';
	return 0;
}

static int is_magic_place(const char *host, size_t len)
{
	return len > 6 && memcmp(host, "/proc/", 6) == 0;
}

/* w->text holds a link's n bytes; the component was put at old_len, the rest goes on at end. */
static int follow(struct state *s, size_t old_len, size_t host_len, size_t n, size_t end,
                  int is_last)
{
	struct tf_walk *w = s->w;

	if (++s->nlinks > TF_WALK_MAX_LINKS)
		return -ELOOP;
	if (n >= sizeof(w->text))
		return -ENAMETOOLONG;
	w->text[n] = '\0';
	if (is_magic_place(w->host, host_len) &&
	    (w->text[0] == '/' || memchr(w->text, ':', n) != NULL)) {
		s->pos = end;
		return follow_magic(s, host_len, n, is_last);
	}
	s->len = w->text[0] == '/' ? 0 : old_len;
	w->guest[s->len] = '\0';
	return splice(s, n, end);
}

/* One component, rest[start, end). Returns 1 when the walk is over. */
static int step(struct state *s, size_t start, size_t end, int is_last)
{
	struct tf_walk *w = s->w;
	size_t n = end - start, old_len = s->len;
	int is_followed = !is_last || s->must_be_dir || !(s->flags & TF_WALK_NOFOLLOW);

	if (n > 255 || s->len + 1 + n >= sizeof(w->guest))
		return -ENAMETOOLONG;
	w->guest[s->len++] = '/';
	memcpy(w->guest + s->len, w->rest + start, n);
	s->len += n;
	w->guest[s->len] = '\0';

	int host_len = host_of(s, s->len);
	if (host_len < 0)
		return host_len;
	if (!is_followed)
		return 1;
	int rc = s->ops->read_link(s->ops->ctx, w->host, w->text, sizeof(w->text));
	if (rc >= 0) {
		rc = follow(s, old_len, (size_t)host_len, (size_t)rc, end, is_last);
		return rc;
	}
	s->pos = end;
	if (rc == -EINVAL || (rc == -ENOENT && is_last))
		return 0;
	return rc;
}

static int walk_all(struct state *s)
{
	char *rest = s->w->rest;

	for (;;) {
		size_t start = s->pos, end, next;

		while (rest[start] == '/')
			start++;
		if (rest[start] == '\0')
			return 0;
		for (end = start; rest[end] && rest[end] != '/'; end++)
			;
		for (next = end; rest[next] == '/'; next++)
			;
		int is_last = rest[next] == '\0';
		int rc = 0;

		s->must_be_dir = is_last && next > end;
		if (end - start == 1 && rest[start] == '.') {
			s->must_be_dir = is_last;
			s->pos = end;
		} else if (end - start == 2 && rest[start] == '.' && rest[start + 1] == '.') {
			s->must_be_dir = is_last;
			s->pos = end;
			rc = go_up(s);
		} else {
			rc = step(s, start, end, is_last);
		}
		if (rc != 0)
			return rc < 0 ? rc : 0;
	}
}

/* w->host for the resolved w->guest, with the trailing slash that the caller gave. */
static int finish(struct state *s)
{
	struct tf_walk *w = s->w;
	const char *guest = s->len ? w->guest : "/";
	int n;

	if (s->len == 0)
		memcpy(w->guest, "/", 2);
	if (w->is_magic)
		return 0;
	if (s->flags & TF_WALK_NOFOLLOW && !s->must_be_dir)
		n = host_of(s, s->len);
	else {
		w->map = tf_view_find(s->view, guest, s->len ? s->len : 1);
		n = tf_view_to_host(s->view, w->map, guest, s->len ? s->len : 1, w->host,
		                    TF_PATH_MAX);
	}
	if (n < 0)
		return n;
	if (s->must_be_dir && w->host[n - 1] != '/') {
		w->host[n] = '/';
		w->host[n + 1] = '\0';
	}
	return 0;
}

int tf_walk(const struct tf_view *view, const struct tf_walk_ops *ops, const char *cwd,
            const char *path, unsigned int flags, struct tf_walk *walk)
{
	struct state s = {.view = view, .ops = ops, .w = walk, .flags = flags};
	size_t n = strlen(path);

	if (n == 0)
		return -ENOENT;
	if (n >= sizeof(walk->rest))
		return -ENAMETOOLONG;
	memcpy(walk->rest, path, n + 1);
	walk->guest[0] = '\0';
	walk->is_magic = 0;
	if (path[0] != '/') {
		s.len = strlen(cwd);
		if (cwd[0] != '/' || s.len >= sizeof(walk->guest))
			return -EINVAL;
		if (s.len == 1)
			s.len = 0;
		memcpy(walk->guest, cwd, s.len);
		walk->guest[s.len] = '\0';
	}
	int rc = walk_all(&s);
	return rc < 0 ? rc : finish(&s);
}
