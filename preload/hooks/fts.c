/*
 * The fts family over the view, with glibc's structures and the meaning that fts(3) gives.
 *
 * It never changes the current directory, as if FTS_NOCHDIR were always given: fts_accpath is fts_path,
 * which is right from wherever the program is. Every entry carries its own path; glibc keeps one in a buffer
 * that moves.
 */
#include <fts.h>
#include "compose.h"
#include "names.h"

#pragma weak qsort

enum build { BUILD_NAMES, BUILD_CHILDREN, BUILD_READ };

static int has(const FTS *sp, int option)
{
	return sp->fts_options & option;
}

/* ---- entries ---- */

struct sizes {
	size_t st, path, all;
};

static struct sizes sizes_of(size_t name_len, size_t path_len)
{
	struct sizes s;

	s.st = offsetof(FTSENT, fts_name) + name_len + 1;
	s.st = (s.st + _Alignof(struct stat) - 1) & ~(_Alignof(struct stat) - 1);
	s.path = s.st + sizeof(struct stat);
	s.all = s.path + path_len + 1;
	return s;
}

/* An entry of that name; its path is prefix, a slash unless there is one, and the name. */
static FTSENT *new_entry(const char *prefix, size_t prefix_len, const char *name)
{
	size_t name_len = strlen(name);
	int slash = prefix_len && prefix[prefix_len - 1] != '/';
	size_t path_len = prefix_len + (size_t)slash + name_len;
	struct sizes s = sizes_of(name_len, path_len);
	FTSENT *p = calloc(1, s.all);

	if (!p)
		return NULL;
	memcpy(p->fts_name, name, name_len + 1);
	p->fts_statp = (struct stat *)(void *)((char *)p + s.st);
	p->fts_path = (char *)p + s.path;
	memcpy(p->fts_path, prefix, prefix_len);
	if (slash)
		p->fts_path[prefix_len] = '/';
	memcpy(p->fts_path + prefix_len + slash, name, name_len + 1);
	p->fts_accpath = p->fts_path;
	p->fts_namelen = (unsigned short)name_len;
	p->fts_pathlen = (unsigned short)path_len;
	p->fts_instr = FTS_NOINSTR;
	return p;
}

static void free_list(FTSENT *p)
{
	while (p) {
		FTSENT *next = p->fts_link;

		free(p);
		p = next;
	}
}

static FTSENT *sort(FTS *sp, FTSENT *list, size_t n)
{
	FTSENT **array, *p;
	size_t i = 0;

	if (!sp->fts_compar || n < 2)
		return list;
	array = malloc(n * sizeof(*array));
	if (!array)
		return list; /* unsorted, as glibc does */
	for (p = list; p; p = p->fts_link)
		array[i++] = p;
	qsort(array, n, sizeof(*array), sp->fts_compar);
	for (i = 0; i < n; i++)
		array[i]->fts_link = i + 1 < n ? array[i + 1] : NULL;
	list = array[0];
	free(array);
	return list;
}

/* ---- looking at an object ---- */

static unsigned short directory_info(FTSENT *p)
{
	p->fts_dev = p->fts_statp->st_dev;
	p->fts_ino = p->fts_statp->st_ino;
	p->fts_nlink = p->fts_statp->st_nlink;
	if (tf_names_is_dot(p->fts_name))
		return FTS_DOT;
	for (FTSENT *t = p->fts_parent; t->fts_level >= FTS_ROOTLEVEL; t = t->fts_parent)
		if (p->fts_ino == t->fts_ino && p->fts_dev == t->fts_dev) {
			p->fts_cycle = t;
			return FTS_DC;
		}
	return FTS_D;
}

static unsigned short look(const FTS *sp, FTSENT *p, int follow)
{
	struct stat *st = p->fts_statp;
	int r;

	if (has(sp, FTS_LOGICAL) || follow) {
		r = tf_rt_fstatat(AT_FDCWD, p->fts_path, st, 0);
		if (r < 0 && tf_rt_fstatat(AT_FDCWD, p->fts_path, st, AT_SYMLINK_NOFOLLOW) == 0) {
			tf_rt_set_errno(0);
			return FTS_SLNONE;
		}
	} else {
		r = tf_rt_fstatat(AT_FDCWD, p->fts_path, st, AT_SYMLINK_NOFOLLOW);
	}
	if (r < 0) {
		p->fts_errno = -r;
		memset(st, 0, sizeof(*st));
		return FTS_NS;
	}
	p->fts_dev = st->st_dev;
	p->fts_ino = st->st_ino;
	p->fts_nlink = st->st_nlink;
	if (S_ISDIR(st->st_mode))
		return directory_info(p);
	if (S_ISLNK(st->st_mode))
		return FTS_SL;
	return S_ISREG(st->st_mode) ? FTS_F : FTS_DEFAULT;
}

/* ---- a directory's children ---- */

static FTSENT *new_child(const FTS *sp, FTSENT *dir, const char *name, unsigned char type,
                         enum build how)
{
	FTSENT *p = new_entry(dir->fts_path, dir->fts_pathlen, name);
	int plain = has(sp, FTS_NOSTAT) && has(sp, FTS_PHYSICAL) && type != DT_DIR &&
	            type != DT_UNKNOWN;

	if (!p)
		return NULL;
	p->fts_parent = dir;
	p->fts_level = (short)(dir->fts_level + 1);
	p->fts_info = how == BUILD_NAMES || plain ? FTS_NSOK : look(sp, p, 0);
	return p;
}

static FTSENT *build(FTS *sp, enum build how)
{
	FTSENT *dir = sp->fts_cur, *list = NULL, **tail = &list;
	size_t at = 0, n = 0;
	struct tf_names names;
	unsigned char type;
	const char *name;
	int r = tf_names_read(&names, AT_FDCWD, dir->fts_path, has(sp, FTS_SEEDOT));

	if (r < 0) {
		tf_rt_set_errno(-r);
		if (how == BUILD_READ) {
			dir->fts_info = FTS_DNR;
			dir->fts_errno = -r;
		}
		return NULL;
	}
	while ((name = tf_names_next(&names, &at, &type))) {
		FTSENT *p = new_child(sp, dir, name, type, how);

		if (!p) {
			free_list(list);
			tf_names_done(&names);
			dir->fts_info = FTS_ERR;
			dir->fts_errno = ENOMEM;
			sp->fts_options |= FTS_STOP;
			tf_rt_set_errno(ENOMEM);
			return NULL;
		}
		*tail = p;
		tail = &p->fts_link;
		n++;
	}
	tf_names_done(&names);
	if (!n && how == BUILD_READ)
		dir->fts_info = FTS_DP;
	return sort(sp, list, n);
}

/* ---- open, close ---- */

static int add_roots(FTS *sp, FTSENT *parent, char *const *argv)
{
	FTSENT *list = NULL, **tail = &list;
	size_t n = 0;

	for (; *argv; argv++) {
		FTSENT *p = **argv ? new_entry("", 0, *argv) : NULL;

		if (!p) {
			free_list(list);
			return **argv ? -ENOMEM : -ENOENT;
		}
		p->fts_level = FTS_ROOTLEVEL;
		p->fts_parent = parent;
		p->fts_info = look(sp, p, has(sp, FTS_COMFOLLOW));
		if (p->fts_info == FTS_DOT) /* "." as an argument is a directory like others */
			p->fts_info = FTS_D;
		*tail = p;
		tail = &p->fts_link;
		n++;
	}
	sp->fts_cur->fts_link = sort(sp, list, n);
	return 0;
}

typedef int compare_fn(const FTSENT **a, const FTSENT **b);

static FTS *open_tree_walk(char *const *argv, int options, compare_fn *compare)
{
	FTS *sp = calloc(1, sizeof(*sp));
	FTSENT *parent = new_entry("", 0, "");
	int r = -ENOMEM;

	if (sp)
		sp->fts_cur = new_entry("", 0, "");
	if (sp && sp->fts_cur && parent) {
		sp->fts_compar = (int (*)(const void *, const void *))(void *)compare;
		sp->fts_options = options | FTS_NOCHDIR;
		if (has(sp, FTS_LOGICAL))
			sp->fts_options &= ~FTS_PHYSICAL;
		sp->fts_rfd = -1;
		parent->fts_level = FTS_ROOTPARENTLEVEL;
		sp->fts_cur->fts_info = FTS_INIT;
		sp->fts_cur->fts_level = FTS_ROOTLEVEL;
		sp->fts_cur->fts_parent = parent;
		r = add_roots(sp, parent, argv);
	}
	if (r == 0)
		return sp;
	if (sp)
		free(sp->fts_cur);
	free(sp);
	free(parent);
	return tf_null(r);
}

TF_EXPORT FTS *fts_open(char *const *argv, int options, compare_fn *compare)
{
	if (!tf_rt_view())
		return TF_REAL(fts_open)(argv, options, compare);
	if (options & ~FTS_OPTIONMASK)
		return tf_null(-EINVAL);
	return open_tree_walk(argv, options, compare);
}

TF_EXPORT int fts_close(FTS *sp)
{
	FTSENT *p;

	if (!tf_rt_view())
		return TF_REAL(fts_close)(sp);
	p = sp->fts_cur;
	while (p) {
		FTSENT *next = NULL;

		if (p->fts_level >= FTS_ROOTLEVEL)
			next = p->fts_link ? p->fts_link : p->fts_parent;
		free(p);
		p = next;
	}
	free_list(sp->fts_child);
	free(sp);
	return 0;
}

/* ---- read ---- */

/* A root's turn has come: its name is the last component from here on. */
static FTSENT *load_root(FTS *sp, FTSENT *p)
{
	const char *last = NULL;

	for (const char *c = p->fts_name; *c; c++)
		if (*c == '/')
			last = c;
	if (last && (last != p->fts_name || last[1])) {
		size_t len = strlen(last + 1);

		memmove(p->fts_name, last + 1, len + 1);
		p->fts_namelen = (unsigned short)len;
	}
	sp->fts_dev = p->fts_dev;
	sp->fts_cur = p;
	return p;
}

/* Down into p; NULL when p itself is what comes next (empty, unreadable) or the walk has to stop. */
static FTSENT *descend(FTS *sp, FTSENT *p, int instr)
{
	if (instr == FTS_SKIP || (has(sp, FTS_XDEV) && p->fts_dev != sp->fts_dev)) {
		free_list(sp->fts_child);
		sp->fts_child = NULL;
		p->fts_info = FTS_DP;
		return NULL;
	}
	if (sp->fts_child && has(sp, FTS_NAMEONLY)) {
		sp->fts_options &= ~FTS_NAMEONLY;
		free_list(sp->fts_child);
		sp->fts_child = NULL;
	}
	if (!sp->fts_child)
		sp->fts_child = build(sp, BUILD_READ);
	p = sp->fts_child;
	sp->fts_child = NULL;
	return p;
}

static FTSENT *ascend(FTS *sp, FTSENT *p)
{
	if (p->fts_level == FTS_ROOTPARENTLEVEL) {
		free(p);
		sp->fts_cur = NULL;
		return tf_null(0);
	}
	p->fts_info = p->fts_errno ? FTS_ERR : FTS_DP;
	sp->fts_cur = p;
	return p;
}

/* The sibling that comes next, else the parent for the second time. Frees p. */
static FTSENT *next_entry(FTS *sp, FTSENT *p)
{
	FTSENT *old;

	do {
		old = p;
		p = old->fts_link;
		if (!p) {
			p = ascend(sp, old->fts_parent);
			free(old);
			return p;
		}
		free(old);
		if (p->fts_level == FTS_ROOTLEVEL)
			return load_root(sp, p);
		sp->fts_cur = p;
	} while (p->fts_instr == FTS_SKIP);
	if (p->fts_instr == FTS_FOLLOW) {
		p->fts_info = look(sp, p, 1);
		p->fts_instr = FTS_NOINSTR;
	}
	return p;
}

TF_EXPORT FTSENT *fts_read(FTS *sp)
{
	FTSENT *p, *child;
	int instr;

	if (!tf_rt_view())
		return TF_REAL(fts_read)(sp);
	p = sp->fts_cur;
	if (!p || has(sp, FTS_STOP))
		return NULL;
	instr = p->fts_instr;
	p->fts_instr = FTS_NOINSTR;
	if (instr == FTS_AGAIN) {
		p->fts_info = look(sp, p, 0);
		return p;
	}
	if (instr == FTS_FOLLOW && (p->fts_info == FTS_SL || p->fts_info == FTS_SLNONE)) {
		p->fts_info = look(sp, p, 1);
		return p;
	}
	if (p->fts_info != FTS_D)
		return next_entry(sp, p);
	child = descend(sp, p, instr);
	if (has(sp, FTS_STOP))
		return NULL;
	if (!child)
		return p;
	sp->fts_cur = child;
	return child;
}

TF_EXPORT FTSENT *fts_children(FTS *sp, int instr)
{
	FTSENT *p;

	if (!tf_rt_view())
		return TF_REAL(fts_children)(sp, instr);
	if (instr != 0 && instr != FTS_NAMEONLY)
		return tf_null(-EINVAL);
	p = sp->fts_cur;
	tf_rt_set_errno(0);
	if (!p || has(sp, FTS_STOP))
		return NULL;
	if (p->fts_info == FTS_INIT)
		return p->fts_link;
	if (p->fts_info != FTS_D)
		return NULL;
	free_list(sp->fts_child);
	sp->fts_options = (sp->fts_options & ~FTS_NAMEONLY) | instr;
	sp->fts_child = build(sp, instr ? BUILD_NAMES : BUILD_CHILDREN);
	return sp->fts_child;
}

TF_EXPORT int fts_set(FTS *sp, FTSENT *p, int instr)
{
	if (!tf_rt_view())
		return TF_REAL(fts_set)(sp, p, instr);
	if (instr < 0 || instr > FTS_SKIP)
		return (int)tf_rt_ret(-EINVAL);
	p->fts_instr = (unsigned short)instr;
	return 0;
}

/* FTS64 and FTSENT64 are laid out as FTS and FTSENT here. */
TF_TWIN(fts64_open, fts_open);
TF_TWIN(fts64_read, fts_read);
TF_TWIN(fts64_children, fts_children);
TF_TWIN(fts64_set, fts_set);
TF_TWIN(fts64_close, fts_close);
