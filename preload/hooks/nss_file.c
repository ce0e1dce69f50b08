/*
 * passwd(5) and group(5) of the guest. The file is mapped, searched and let go in every call: no descriptor
 * and no stale copy is kept. What stands in it is the guest's own: nothing here trusts it.
 */
#include <grp.h>
#include <pwd.h>
#include "compose.h"
#include "nss_file.h"

#define MAX_BYTES (64u << 20)

struct text {
	const char *bytes;
	size_t len;
};

struct line {
	const char *start;
	size_t len;
};

static int text_open(struct text *t, const char *path)
{
	int fd = tf_rt_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
	struct stat st;
	long r;

	if (fd < 0)
		return fd;
	r = tf_sys(SYS_fstat, fd, &st);
	if (r == 0 && (!S_ISREG(st.st_mode) || st.st_size <= 0 || st.st_size > MAX_BYTES))
		r = -ENOENT;
	if (r == 0)
		r = tf_sys(SYS_mmap, 0, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	tf_sys(SYS_close, fd);
	if (r < 0)
		return (int)r;
	t->bytes = (const char *)r;
	t->len = (size_t)st.st_size;
	return 0;
}

static void text_close(struct text *t)
{
	tf_sys(SYS_munmap, t->bytes, t->len);
}

/* The line at *at that may be a record; moves *at on. */
static int next_line(const struct text *t, size_t *at, struct line *l)
{
	while (*at < t->len) {
		l->start = t->bytes + *at;
		for (l->len = 0; *at + l->len < t->len && l->start[l->len] != '\n'; l->len++)
			;
		*at += l->len + 1;
		if (l->len && *l->start != '+' && *l->start != '-' && *l->start != '#')
			return 1;
	}
	return 0;
}

/* The n-th field, without its colon. */
static int field(const struct line *l, int n, struct line *ret)
{
	size_t i = 0;

	for (; n; n--, i++) {
		while (i < l->len && l->start[i] != ':')
			i++;
		if (i == l->len)
			return 0;
	}
	ret->start = l->start + i;
	for (ret->len = 0; i + ret->len < l->len && ret->start[ret->len] != ':'; ret->len++)
		;
	return 1;
}

static int number(const char *s, size_t len, unsigned int *ret)
{
	uint64_t v = 0;

	if (!len || len > 10)
		return 0;
	for (size_t i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return 0;
		v = v * 10 + (unsigned int)(s[i] - '0');
	}
	if (v > UINT32_MAX)
		return 0;
	*ret = (unsigned int)v;
	return 1;
}

static int is_text(const struct line *l, const char *s)
{
	size_t i = 0;

	while (i < l->len && s[i] && s[i] == l->start[i])
		i++;
	return i == l->len && !s[i];
}

/* Both files have the name first and the id third. */
static int is_wanted(const struct line *l, const struct tf_nss_want *want)
{
	struct line f;
	unsigned int id;

	if (want->name)
		return field(l, 0, &f) && is_text(&f, want->name);
	return field(l, 2, &f) && number(f.start, f.len, &id) && id == want->id;
}

static int take(const struct line *l, tf_nss_parse *parse, void *out, char *buf, size_t size)
{
	if (l->len + 1 > size)
		return -ERANGE;
	memcpy(buf, l->start, l->len);
	buf[l->len] = 0;
	return parse(buf, size, out);
}

int tf_nss_find(const char *path, const struct tf_nss_want *want, tf_nss_parse *parse, void *out,
                char *buf, size_t size)
{
	struct text t;
	struct line l;
	size_t at = 0;
	int r = 0;

	if (text_open(&t, path) < 0)
		return 0;
	while (r == 0 && next_line(&t, &at, &l))
		if (is_wanted(&l, want))
			r = take(&l, parse, out, buf, size);
	text_close(&t);
	return r;
}

int tf_nss_next(const char *path, size_t *at, tf_nss_parse *parse, void *out, char *buf,
                size_t size)
{
	struct text t;
	struct line l;
	size_t next = *at;
	int r = 0;

	if (text_open(&t, path) < 0)
		return 0;
	while (r == 0 && next_line(&t, &next, &l))
		r = take(&l, parse, out, buf, size);
	text_close(&t);
	if (r > 0)
		*at = next;
	return r;
}

int tf_nss_memberships(const char *path, const char *name, gid_t gid, gid_t *list, int room)
{
	struct line l, members, one;
	struct text t;
	size_t at = 0;
	int n = 0;

	if (text_open(&t, path) < 0)
		return 0;
	while (next_line(&t, &at, &l)) {
		unsigned int id;

		if (!field(&l, 2, &one) || !number(one.start, one.len, &id) || id == gid ||
		    !field(&l, 3, &members))
			continue;
		for (size_t i = 0; i < members.len; i += one.len + 1) {
			one.start = members.start + i;
			for (one.len = 0; i + one.len < members.len && one.start[one.len] != ',';
			     one.len++)
				;
			if (!is_text(&one, name))
				continue;
			if (n < room)
				list[n] = id;
			n++;
			break;
		}
	}
	text_close(&t);
	return n;
}

/* Cuts text at its colons: the number of fields, at most max. */
static int split(char *text, char **fields, int max)
{
	int n = 0;

	for (;;) {
		fields[n++] = text;
		while (*text && *text != ':')
			text++;
		if (!*text || n == max)
			return n;
		*text++ = 0;
	}
}

int tf_nss_parse_user(char *text, size_t size, void *out)
{
	struct passwd *pw = out;
	char *f[7];

	if (split(text, f, 7) != 7 || !number(f[2], strlen(f[2]), &pw->pw_uid) ||
	    !number(f[3], strlen(f[3]), &pw->pw_gid))
		return 0;
	pw->pw_name = f[0];
	pw->pw_passwd = f[1];
	pw->pw_gecos = f[4];
	pw->pw_dir = f[5];
	pw->pw_shell = f[6];
	return 1;
}

/* The members' pointers lie behind the text in the same buffer. */
int tf_nss_parse_group(char *text, size_t size, void *out)
{
	struct group *gr = out;
	size_t len = strlen(text) + 1, n = 0, room;
	char *f[4], **members, *c;
	uintptr_t at = ((uintptr_t)text + len + sizeof(char *) - 1) & ~(sizeof(char *) - 1);

	if (split(text, f, 4) != 4 || !number(f[2], strlen(f[2]), &gr->gr_gid))
		return 0;
	room = at < (uintptr_t)text + size ? ((uintptr_t)text + size - at) / sizeof(char *) : 0;
	members = (char **)at;
	for (c = f[3]; *c;) {
		if (n + 1 >= room)
			return -ERANGE;
		members[n++] = c;
		while (*c && *c != ',')
			c++;
		if (*c)
			*c++ = 0;
	}
	if (n >= room)
		return -ERANGE;
	members[n] = NULL;
	gr->gr_name = f[0];
	gr->gr_passwd = f[1];
	gr->gr_mem = members;
	return 1;
}
