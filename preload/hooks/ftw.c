/*
 * ftw and nftw over the view. libc's own reads directories by internal calls, so the walk is done here, with
 * glibc's behaviour: each directory once when links are followed, FTW_CHDIR, FTW_MOUNT, FTW_DEPTH, FTW_ACTIONRETVAL.
 * The callback sees guest paths.
 *
 * The limit on descriptors is always kept: names.c needs one at a time, never one a level.
 */
#include <ftw.h>
#include "compose.h"
#include "names.h"

/* What an object is. The numbers are glibc's; musl's are one higher. */
enum { IS_F, IS_D, IS_DNR, IS_NS, IS_SL, IS_DP, IS_SLN };

/* glibc's extensions; musl ignores these bits, and so do we for its programs. */
#define STOP_SKIP_SUBTREE 2
#define STOP_SKIP_SIBLINGS 3

typedef int ftw_fn(const char *path, const struct stat *st, int type);
typedef int nftw_fn(const char *path, const struct stat *st, int type, struct FTW *ftw);

struct key {
	dev_t dev;
	ino_t ino;
	int used;
};

struct tree {
	ftw_fn *simple; /* ftw's callback, or NULL */
	nftw_fn *full;
	int flags;
	int base; /* AT_FDCWD, or with FTW_CHDIR a descriptor of where the walk began */
	dev_t dev;
	struct FTW ftw;
	char *path;
	size_t len, size;
	struct key *seen; /* directories, when links are followed: a hash table, a power of 2 */
	size_t nseen, seen_size;
};

static int failed(int r)
{
	tf_rt_set_errno(-r);
	return -1;
}

/* ---- directories that were visited ---- */

static struct key *seen_slot(struct key *table, size_t size, dev_t dev, ino_t ino)
{
	size_t i = (size_t)(ino * 0x9e3779b97f4a7c15u ^ dev * 0xff51afd7ed558ccdu) >> 7;

	for (;; i++) {
		struct key *k = &table[i & (size - 1)];

		if (!k->used || (k->dev == dev && k->ino == ino))
			return k;
	}
}

static int seen_grow(struct tree *t)
{
	size_t size = t->seen_size ? t->seen_size * 2 : 64;
	struct key *table = calloc(size, sizeof(*table));

	if (!table)
		return -ENOMEM;
	for (size_t i = 0; i < t->seen_size; i++)
		if (t->seen[i].used)
			*seen_slot(table, size, t->seen[i].dev, t->seen[i].ino) = t->seen[i];
	free(t->seen);
	t->seen = table;
	t->seen_size = size;
	return 0;
}

/* 1 when the directory is new, 0 when it was visited, or -errno. */
static int is_new(struct tree *t, const struct stat *st)
{
	struct key *k;

	if (t->nseen * 2 >= t->seen_size && seen_grow(t) < 0)
		return -ENOMEM;
	k = seen_slot(t->seen, t->seen_size, st->st_dev, st->st_ino);
	if (k->used)
		return 0;
	*k = (struct key){st->st_dev, st->st_ino, 1};
	t->nseen++;
	return 1;
}

/* ---- the walk ---- */

static int set_path(struct tree *t, size_t at, const char *name)
{
	size_t len = strlen(name), need = at + len + 2;

	if (need > t->size) {
		char *path = realloc(t->path, need * 2);

		if (!path)
			return -ENOMEM;
		t->path = path;
		t->size = need * 2;
	}
	memcpy(t->path + at, name, len + 1);
	t->len = at + len;
	return 0;
}

static int report(struct tree *t, const struct stat *st, int type)
{
	int shift = tf_is_glibc() ? 0 : 1;

	if (!t->simple)
		return t->full(t->path, st, type + shift, &t->ftw);
	/* ftw(3) has no word for links. */
	if (type == IS_SL)
		type = IS_F;
	else if (type == IS_SLN)
		type = IS_NS;
	return t->simple(t->path, st, type + shift);
}

/* Into the directory that the first len bytes of the path name. */
static int change_to(struct tree *t, size_t len)
{
	char kept = t->path[len];
	int fd, r;

	t->path[len] = 0;
	fd = tf_rt_openat(t->base, len ? t->path : ".", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	t->path[len] = kept;
	if (fd < 0)
		return fd;
	r = (int)tf_sys(SYS_fchdir, fd);
	tf_sys(SYS_close, fd);
	tf_rt_cwd_changed();
	return r;
}

static int visit(struct tree *t);

static int visit_names(struct tree *t, const struct tf_names *names, size_t dir_len)
{
	size_t at = 0, name_at = dir_len;
	unsigned char type;
	const char *name;
	int r = 0;

	if (t->path[dir_len - 1] != '/') {
		t->path[name_at++] = '/'; /* set_path() keeps room for it */
		t->path[name_at] = 0;
	}
	t->ftw.level++;
	t->ftw.base = (int)name_at;
	while (r == 0 && (name = tf_names_next(names, &at, &type))) {
		r = set_path(t, name_at, name);
		r = r < 0 ? failed(r) : visit(t);
	}
	t->ftw.level--;
	t->path[dir_len] = 0;
	t->len = dir_len;
	return r;
}

static int visit_dir(struct tree *t, const struct stat *st)
{
	size_t dir_len = t->len;
	int base = t->ftw.base, r;
	struct tf_names names;

	r = tf_names_read(&names, t->base, t->path, 0);
	if (r == -EACCES)
		return report(t, st, IS_DNR);
	if (r < 0)
		return failed(r);
	if (!(t->flags & FTW_DEPTH))
		r = report(t, st, IS_D);
	if (r == 0 && t->flags & FTW_CHDIR) {
		r = change_to(t, dir_len);
		r = r < 0 ? failed(r) : 0;
	}
	if (r == 0) {
		r = visit_names(t, &names, dir_len);
		t->ftw.base = base;
		if (t->flags & FTW_ACTIONRETVAL && r == STOP_SKIP_SIBLINGS)
			r = 0;
		if (r == 0 && t->flags & FTW_DEPTH)
			r = report(t, st, IS_DP);
		/* Back, unless the walk ends here anyway. */
		if (t->flags & FTW_CHDIR && r != -1 && (r == 0 || t->flags & FTW_ACTIONRETVAL) &&
		    change_to(t, (size_t)base) < 0)
			r = -1;
	}
	tf_names_done(&names);
	return r;
}

/* What cannot be followed: a link to nothing, or nothing that may be seen. */
static int unseen_type(struct tree *t, struct stat *st)
{
	if (!(t->flags & FTW_PHYS) &&
	    tf_rt_fstatat(t->base, t->path, st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st->st_mode))
		return IS_SLN;
	return IS_NS;
}

static int type_of(const struct stat *st)
{
	if (S_ISDIR(st->st_mode))
		return IS_D;
	return S_ISLNK(st->st_mode) ? IS_SL : IS_F;
}

static int visit_object(struct tree *t, const struct stat *st, int type)
{
	int r;

	if (type != IS_D)
		return report(t, st, type);
	r = t->flags & FTW_PHYS ? 1 : is_new(t, st);
	if (r < 0)
		return failed(r);
	return r ? visit_dir(t, st) : 0;
}

static int visit(struct tree *t)
{
	struct stat st;
	int type, r;

	r = tf_rt_fstatat(t->base, t->path, &st, t->flags & FTW_PHYS ? AT_SYMLINK_NOFOLLOW : 0);
	if (r < 0 && r != -EACCES && r != -ENOENT)
		return failed(r);
	if (r < 0)
		memset(&st, 0, sizeof(st));
	type = r < 0 ? unseen_type(t, &st) : type_of(&st);
	if (type != IS_NS && t->flags & FTW_MOUNT && st.st_dev != t->dev)
		return 0;
	r = visit_object(t, &st, type);
	return t->flags & FTW_ACTIONRETVAL && r == STOP_SKIP_SUBTREE ? 0 : r;
}

/* The first object: one that is not there is the caller's error, not the callback's. */
static int visit_first(struct tree *t)
{
	struct stat st;
	int type, r;

	r = tf_rt_fstatat(t->base, t->path, &st, t->flags & FTW_PHYS ? AT_SYMLINK_NOFOLLOW : 0);
	if (r < 0) {
		if (r != -ENOENT || unseen_type(t, &st) != IS_SLN)
			return failed(r);
		type = IS_SLN;
	} else {
		type = type_of(&st);
	}
	t->dev = st.st_dev;
	if (t->flags & FTW_CHDIR && t->ftw.base > 0) {
		r = change_to(t, (size_t)t->ftw.base);
		if (r < 0)
			return failed(r);
	}
	r = visit_object(t, &st, type);
	if (t->flags & FTW_ACTIONRETVAL && (r == STOP_SKIP_SUBTREE || r == STOP_SKIP_SIBLINGS))
		r = 0;
	return r;
}

static int run(struct tree *t, const char *root)
{
	int r, e;

	if (!root[0])
		return failed(-ENOENT);
	r = set_path(t, 0, root);
	if (r < 0)
		return failed(r);
	while (t->len > 1 && t->path[t->len - 1] == '/')
		t->path[--t->len] = 0;
	t->ftw.base = (int)t->len;
	while (t->ftw.base > 0 && t->path[t->ftw.base - 1] != '/')
		t->ftw.base--;
	t->base = AT_FDCWD;
	if (t->flags & FTW_CHDIR) {
		t->base = tf_rt_openat(AT_FDCWD, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
		if (t->base < 0) {
			free(t->path);
			return failed(t->base);
		}
	}
	r = visit_first(t);
	e = tf_rt_errno();
	if (t->base >= 0) {
		tf_sys(SYS_fchdir, t->base);
		tf_rt_cwd_changed();
		tf_sys(SYS_close, t->base);
	}
	free(t->path);
	free(t->seen);
	tf_rt_set_errno(e);
	return r;
}

TF_EXPORT int ftw(const char *path, ftw_fn *fn, int descriptors)
{
	struct tree t = {.simple = fn};

	if (!tf_rt_view())
		return TF_REAL(ftw)(path, fn, descriptors);
	return run(&t, path);
}

TF_EXPORT int nftw(const char *path, nftw_fn *fn, int descriptors, int flags)
{
	int known = FTW_PHYS | FTW_MOUNT | FTW_CHDIR | FTW_DEPTH | FTW_ACTIONRETVAL;
	struct tree t = {.full = fn, .flags = flags};

	if (!tf_rt_view())
		return TF_REAL(nftw)(path, fn, descriptors, flags);
	if (!tf_is_glibc())
		t.flags &= FTW_PHYS | FTW_MOUNT | FTW_DEPTH;
	else if (flags & ~known)
		return failed(-EINVAL);
	return run(&t, path);
}

/* struct stat64 is struct stat here. */
TF_TWIN(ftw64, ftw);
TF_TWIN(nftw64, nftw);
