/*
 * glob(3) for programs on musl, whose own glob opens directories by internal calls. Component by component:
 * plain ones are appended, patterns matched against the directory's names. Only POSIX's flags, GLOB_PERIOD
 * and GLOB_TILDE: musl has no others.
 */
#include <fnmatch.h>
#include <pwd.h>
#include "compose.h"
#include "glob_walk.h"
#include "names.h"

#pragma weak fnmatch
#pragma weak qsort

struct hunt {
	int flags;
	int (*on_error)(const char *, int);
	char *path; /* TF_PATH_MAX bytes: what has been matched so far */
	char **found;
	size_t nfound, size;
};

static int is_dir(const char *path)
{
	struct stat st;

	return tf_rt_fstatat(AT_FDCWD, path, &st, 0) == 0 && S_ISDIR(st.st_mode);
}

static int add(struct hunt *h, const char *path, size_t len, int mark)
{
	char *copy = malloc(len + 2);

	if (!copy)
		return GLOB_NOSPACE;
	if (h->nfound == h->size) {
		size_t size = h->size ? h->size * 2 : 16;
		char **found = realloc(h->found, size * sizeof(*found));

		if (!found) {
			free(copy);
			return GLOB_NOSPACE;
		}
		h->found = found;
		h->size = size;
	}
	memcpy(copy, path, len);
	if (mark)
		copy[len++] = '/';
	copy[len] = 0;
	h->found[h->nfound++] = copy;
	return 0;
}

/* The whole pattern is used up: does it exist? */
static int arrived(struct hunt *h, size_t len)
{
	struct stat st;

	h->path[len] = 0;
	if (!len || tf_rt_fstatat(AT_FDCWD, h->path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	return add(h, h->path, len,
	           h->flags & GLOB_MARK && h->path[len - 1] != '/' && is_dir(h->path));
}

static int is_magic(const struct hunt *h, const char *part, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (part[i] == '*' || part[i] == '?' || part[i] == '[')
			return 1;
		if (part[i] == '\\' && !(h->flags & GLOB_NOESCAPE))
			i++;
	}
	return 0;
}

/* Appends a component without its escapes; the new length, or 0 when it is too long. */
static size_t append_plain(struct hunt *h, size_t at, const char *part, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (part[i] == '\\' && !(h->flags & GLOB_NOESCAPE) && i + 1 < len)
			i++;
		if (at + 2 >= TF_PATH_MAX)
			return 0;
		h->path[at++] = part[i];
	}
	return at;
}

static int hunt(struct hunt *h, size_t at, const char *pattern);

static int match_names(struct hunt *h, size_t at, const char *part, const char *rest,
                       const struct tf_names *names)
{
	int how = (h->flags & GLOB_NOESCAPE ? FNM_NOESCAPE : 0) |
	          (h->flags & GLOB_PERIOD ? 0 : FNM_PERIOD);
	size_t i = 0;
	unsigned char type;
	const char *name;
	int r = 0;

	while (r == 0 && (name = tf_names_next(names, &i, &type))) {
		size_t len = strlen(name);

		if (*rest && type != DT_DIR && type != DT_LNK && type != DT_UNKNOWN)
			continue;
		/* "." and ".." have to be asked for with a dot, GLOB_PERIOD or not. */
		if (at + len + 2 >= TF_PATH_MAX ||
		    fnmatch(part, name, tf_names_is_dot(name) ? how | FNM_PERIOD : how) != 0)
			continue;
		memcpy(h->path + at, name, len + 1);
		r = hunt(h, at + len, rest);
	}
	return r;
}

/* A component with a pattern in it: every name in the directory that fits. */
static int match_component(struct hunt *h, size_t at, const char *part, size_t len)
{
	struct tf_names names;
	char *copy;
	int r;

	h->path[at] = 0;
	r = tf_names_read(&names, AT_FDCWD, at ? h->path : ".", 1);
	if (r < 0) {
		h->path[at] = 0;
		if ((h->on_error && h->on_error(h->path, -r)) || h->flags & GLOB_ERR)
			return GLOB_ABORTED;
		return 0;
	}
	copy = malloc(len + 1);
	if (copy) {
		memcpy(copy, part, len);
		copy[len] = 0;
		r = match_names(h, at, copy, part + len, &names);
		free(copy);
	} else {
		r = GLOB_NOSPACE;
	}
	tf_names_done(&names);
	return r;
}

/* Matches pattern below the first `at` bytes of the path. */
static int hunt(struct hunt *h, size_t at, const char *pattern)
{
	for (;;) {
		size_t len = 0;

		while (*pattern == '/') {
			if (at + 2 >= TF_PATH_MAX)
				return 0;
			h->path[at++] = *pattern++;
		}
		if (!*pattern)
			return arrived(h, at);
		while (pattern[len] && pattern[len] != '/')
			len++;
		if (is_magic(h, pattern, len))
			return match_component(h, at, pattern, len);
		at = append_plain(h, at, pattern, len);
		if (!at)
			return 0;
		pattern += len;
	}
}

static int compare(const void *a, const void *b)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;

	while (*x && *x == *y) {
		x++;
		y++;
	}
	return (unsigned char)*x - (unsigned char)*y;
}

/* "~" or "~name" at the pattern's begin: the home directory into the path; GLOB_NOMATCH when unknown. */
static int tilde(struct hunt *h, const char **pattern, size_t *at)
{
	const char *name = *pattern + 1, *home, *end = name;
	char user[NAME_MAX + 1];
	struct passwd *pw;

	while (*end && *end != '/')
		end++;
	if (end == name) {
		home = tf_compose_getenv("HOME");
		pw = home && *home ? NULL : getpwuid((uid_t)tf_sys(SYS_getuid));
	} else {
		size_t len = (size_t)(end - name);

		if (len >= sizeof(user))
			return GLOB_NOMATCH;
		memcpy(user, name, len);
		user[len] = 0;
		home = NULL;
		pw = getpwnam(user);
	}
	if (pw)
		home = pw->pw_dir;
	if (!home || !*home || strlen(home) + 2 >= TF_PATH_MAX)
		return GLOB_NOMATCH;
	*at = strlen(home);
	memcpy(h->path, home, *at);
	*pattern = end;
	return 0;
}

/* Moves what was found behind what g has from before (GLOB_APPEND). */
static int deliver(struct hunt *h, glob_t *g)
{
	size_t offs = h->flags & GLOB_DOOFFS ? g->gl_offs : 0;
	size_t old = h->flags & GLOB_APPEND ? g->gl_pathc : 0;
	char **v = realloc(h->flags & GLOB_APPEND ? g->gl_pathv : NULL,
	                   (offs + old + h->nfound + 1) * sizeof(*v));

	if (!v)
		return GLOB_NOSPACE;
	for (size_t i = 0; i < offs; i++)
		v[i] = NULL;
	memcpy(v + offs + old, h->found, h->nfound * sizeof(*v));
	v[offs + old + h->nfound] = NULL;
	g->gl_pathv = v;
	g->gl_pathc = old + h->nfound;
	h->nfound = 0;
	return 0;
}

static int search(struct hunt *h, const char *pattern)
{
	const char *whole = pattern;
	size_t at = 0;
	int r = 0;

	if (h->flags & (GLOB_TILDE | GLOB_TILDE_CHECK) && pattern[0] == '~') {
		r = tilde(h, &pattern, &at);
		if (r && h->flags & GLOB_TILDE_CHECK)
			return r;
		r = 0;
	}
	if (*pattern || at)
		r = hunt(h, at, pattern);
	if (r == 0 && !h->nfound) {
		if (!(h->flags & GLOB_NOCHECK))
			return GLOB_NOMATCH;
		return add(h, whole, strlen(whole), 0);
	}
	return r;
}

int tf_glob_walk(const char *pattern, int flags, int (*on_error)(const char *, int), glob_t *g)
{
	struct tf_slot *slot = tf_rt_slot_take();
	struct hunt h = {.flags = flags, .on_error = on_error};
	int r, r2;

	if (!(flags & GLOB_DOOFFS))
		g->gl_offs = 0;
	if (!(flags & GLOB_APPEND)) {
		g->gl_pathc = 0;
		g->gl_pathv = NULL;
	}
	if (!slot)
		return GLOB_NOSPACE;
	h.path = slot->path;
	r = search(&h, pattern);
	if (!(flags & GLOB_NOSORT) && h.nfound > 1)
		qsort(h.found, h.nfound, sizeof(*h.found), compare);
	/* What was found before an error is delivered too (POSIX). */
	if (r != GLOB_NOMATCH) {
		r2 = deliver(&h, g);
		if (r2)
			r = r2;
	}
	while (h.nfound)
		free(h.found[--h.nfound]);
	free(h.found);
	tf_rt_slot_give(slot);
	return r;
}

void tf_glob_free(glob_t *g)
{
	for (size_t i = 0; i < g->gl_pathc; i++)
		free(g->gl_pathv[g->gl_offs + i]);
	free(g->gl_pathv);
	g->gl_pathc = 0;
	g->gl_pathv = NULL;
}
