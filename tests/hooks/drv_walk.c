/*
 * ftw, nftw, fts, glob over mappings.
 */
#include "drv.h"

#include <ftw.h>
#include <glob.h>
#ifdef __GLIBC__
#include <fts.h>
#endif

/* What a walk saw, sorted, "path:letter" joined by blanks. */
static char seen[64][128];
static int nseen;
static int action;
static const char *action_at;

static void start(void)
{
	nseen = 0;
	action = 0;
	action_at = "";
}

static void note(const char *path, char letter)
{
	if (nseen < 64)
		snprintf(seen[nseen++], sizeof(seen[0]), "%s:%c", path, letter);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static const char *all_seen(void)
{
	static char buf[4096];

	qsort(seen, (size_t)nseen, sizeof(seen[0]), by_text);
	buf[0] = '\0';
	for (int i = 0; i < nseen; i++) {
		if (i)
			strcat(buf, " ");
		strcat(buf, seen[i]);
	}
	return buf;
}

static char letter_of(int type)
{
	switch (type) {
	case FTW_F:
		return 'f';
	case FTW_D:
		return 'd';
	case FTW_DNR:
		return 'r';
	case FTW_NS:
		return '?';
	case FTW_SL:
		return 'l';
	case FTW_DP:
		return 'p';
	case FTW_SLN:
		return 'n';
	default:
		return '!';
	}
}

static int on_ftw(const char *path, const struct stat *st, int type)
{
	(void)st;
	note(path, letter_of(type));
	return 0;
}

static int bad_base;

static int on_nftw(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	const char *slash = strrchr(path, '/');

	(void)st;
	note(path, letter_of(type));
	if (ftw->base != (slash && slash[1] ? slash + 1 - path : 0) && strcmp(path, "/") != 0)
		bad_base++;
	return strcmp(path, action_at) == 0 ? action : 0;
}

/* A small tree with links to files, to directories, to a directory above and to nothing. */
static void make_tree(void)
{
	mkdir("/work/tree", 0755);
	mkdir("/work/tree/x", 0755);
	mkdir("/work/tree/y", 0755);
	mkdir("/work/tree/y/z", 0755);
	close(creat("/work/tree/f", 0644));
	close(creat("/work/tree/y/z/g", 0644));
	symlink("/ro/d", "/work/tree/to_d");
	symlink("/work/tree", "/work/tree/x/up");
	symlink("nothing", "/work/tree/x/dead");
	close(creat("/work/tree/x/.hidden", 0644));
}

#define T_ "/work/tree"

static void test_ftw(void)
{
	start();
	SAME(ftw(T_, on_ftw, 5), 0);
#ifdef __GLIBC__
	TEXT(all_seen(), T_ "/f:f " T_ "/to_d:d " T_ "/x/.hidden:f " T_ "/x/dead:? " T_ "/x:d " T_
	                    "/y/z/g:f " T_ "/y/z:d " T_ "/y:d " T_ ":d");
#endif
	FAILS(ftw("/work/nothing", on_ftw, 5), ENOENT);
	FAILS(ftw("", on_ftw, 5), ENOENT);
	FAILS(ftw(on_host("one"), on_ftw, 5), ENOENT);
}

static void test_nftw(void)
{
	start();
	SAME(nftw(T_, on_nftw, 1, FTW_PHYS), 0);
	TEXT(all_seen(), T_ "/f:f " T_ "/to_d:l " T_ "/x/.hidden:f " T_ "/x/dead:l " T_
	                    "/x/up:l " T_ "/x:d " T_ "/y/z/g:f " T_ "/y/z:d " T_ "/y:d " T_ ":d");
	SAME(bad_base, 0);
	start();
	SAME(nftw("tree/y/", on_nftw, 1, FTW_PHYS | FTW_DEPTH), 0);
	TEXT(seen[0], "tree/y/z/g:f");
	TEXT(seen[1], "tree/y/z:p");
	TEXT(seen[2], "tree/y:p");
	start();
	SAME(nftw("/ro", on_nftw, 4, FTW_PHYS | FTW_MOUNT), 0);
	TEXT(all_seen(), "/ro/d:d /ro/link_w:l /ro/r:f /ro/tool:f /ro:d");
	start();
	action = 77;
	action_at = "tree/y/z";
	SAME(nftw("tree/y", on_nftw, 4, FTW_PHYS), 77);
	FAILS(nftw("/work/nothing", on_nftw, 4, 0), ENOENT);
	start();
	SAME(nftw("/work/dangling", on_nftw, 4, 0), 0);
	TEXT(all_seen(), "/work/dangling:n");
	start();
	SAME(nftw("/file", on_nftw, 4, 0), 0);
	TEXT(all_seen(), "/file:f");
	if (is_nested()) {
		start();
		SAME(nftw("/work/in", on_nftw, 4, 0), 0);
		TEXT(all_seen(), "/work/in/i:f /work/in:d");
	}
}

#ifdef __GLIBC__
static int wrong_cwd;

static int on_chdir(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	struct stat here;

	(void)type;
	note(path, 'c');
	if (lstat(path + ftw->base, &here) < 0 || here.st_ino != st->st_ino)
		wrong_cwd++;
	return 0;
}

static void test_nftw_gnu(void)
{
	char before[256], after[256];

	getcwd(before, sizeof(before));
	start();
	SAME(nftw("tree", on_chdir, 4, FTW_PHYS | FTW_CHDIR), 0);
	SAME(nseen, 10);
	SAME(wrong_cwd, 0);
	start();
	SAME(nftw(T_, on_chdir, 4, FTW_PHYS | FTW_CHDIR), 0);
	SAME(wrong_cwd, 0);
	TEXT(getcwd(after, sizeof(after)), before);
	start();
	action = FTW_SKIP_SUBTREE;
	action_at = T_ "/y";
	SAME(nftw(T_, on_nftw, 4, FTW_PHYS | FTW_ACTIONRETVAL), 0);
	SAME(nseen, 8);
	start();
	action = FTW_STOP;
	action_at = T_;
	SAME(nftw(T_, on_nftw, 4, FTW_PHYS | FTW_ACTIONRETVAL), FTW_STOP);
	SAME(nseen, 1);
	start();
	action = FTW_SKIP_SIBLINGS;
	action_at = T_ "/y/z";
	SAME(nftw(T_ "/y", on_nftw, 4, FTW_PHYS | FTW_ACTIONRETVAL), 0);
	SAME(nseen, 2);
	FAILS(nftw(T_, on_nftw, 4, 1 << 20), EINVAL);
}

/* ---- fts ---- */

static char fts_letter(int info)
{
	static const char letters[] = "!dcor.pefi?nlsw";

	return info > 0 && info < 15 ? letters[info] : '!';
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static const char *fts_all(char *path, char *path2, int options)
{
	static char buf[4096];
	char *paths[] = {path, path2, NULL};
	FTS *fts = fts_open(paths, options, by_name);
	FTSENT *p;
	size_t n = 0;

	if (!fts)
		return "(failed)";
	buf[0] = '\0';
	while ((p = fts_read(fts)))
		n += (size_t)snprintf(buf + n, sizeof(buf) - n, "%s%s:%c%d", n ? " " : "",
		                      p->fts_path, fts_letter(p->fts_info), p->fts_level);
	SAME(errno, 0);
	SAME(fts_close(fts), 0);
	return buf;
}

static void test_fts(void)
{
	TEXT(fts_all("tree", NULL, FTS_PHYSICAL),
	     "tree:d0 tree/f:f1 tree/to_d:l1 tree/x:d1 tree/x/.hidden:f2 tree/x/dead:l2 "
	     "tree/x/up:l2 tree/x:p1 tree/y:d1 tree/y/z:d2 tree/y/z/g:f3 tree/y/z:p2 tree/y:p1 "
	     "tree:p0");
	TEXT(fts_all("tree/x", NULL, FTS_LOGICAL | FTS_NOCHDIR),
	     "tree/x:d0 tree/x/.hidden:f1 tree/x/dead:s1 tree/x/up:d1 tree/x/up/f:f2 "
	     "tree/x/up/to_d:d2 tree/x/up/to_d:p2 tree/x/up/x:c2 tree/x/up/y:d2 tree/x/up/y/z:d3 "
	     "tree/x/up/y/z/g:f4 tree/x/up/y/z:p3 tree/x/up/y:p2 tree/x/up:p1 tree/x:p0");
	TEXT(fts_all("/ro", "/work/link_absdir", FTS_PHYSICAL | FTS_COMFOLLOW | FTS_XDEV),
	     "/ro:d0 /ro/d:d1 /ro/d:p1 /ro/link_w:l1 /ro/r:f1 /ro/tool:f1 /ro:p0 "
	     "/work/link_absdir:d0 /work/link_absdir/d:d1 /work/link_absdir/d:p1 "
	     "/work/link_absdir/link_w:l1 /work/link_absdir/r:f1 /work/link_absdir/tool:f1 "
	     "/work/link_absdir:p0");
	TEXT(fts_all("/work/nothing", NULL, FTS_PHYSICAL), "/work/nothing:?0");
	TEXT(fts_all("tree/y/z", NULL, FTS_PHYSICAL | FTS_SEEDOT),
	     "tree/y/z:d0 tree/y/z/.:.1 tree/y/z/..:.1 tree/y/z/g:f1 tree/y/z:p0");
	TEXT(fts_all("tree/y/z/", NULL, FTS_PHYSICAL | FTS_NOSTAT),
	     "tree/y/z/:d0 tree/y/z/g:n1 tree/y/z/:p0");
}

static void test_fts_steps(void)
{
	char *paths[] = {"/work/tree", NULL}, *none[] = {"", NULL};
	FTS *fts = fts_open(paths, FTS_PHYSICAL, by_name);
	FTSENT *p;
	int n = 0;

	p = fts_children(fts, 0);
	TEXT(p ? p->fts_name : NULL, "/work/tree");
	p = fts_read(fts);
	TEXT(p->fts_name, "tree");
	for (FTSENT *c = fts_children(fts, 0); c; c = c->fts_link)
		n++;
	SAME(n, 4);
	p = fts_read(fts);
	TEXT(p->fts_name, "f");
	SAME(fts_set(fts, p, FTS_AGAIN), 0);
	SAME(fts_read(fts) == p, 1);
	p = fts_read(fts);
	TEXT(p->fts_name, "to_d");
	SAME(fts_set(fts, p, FTS_FOLLOW), 0);
	SAME(fts_read(fts) == p && p->fts_info == FTS_D, 1);
	SAME(fts_read(fts) == p && p->fts_info == FTS_DP, 1);
	p = fts_read(fts);
	TEXT(p->fts_name, "x");
	SAME(fts_set(fts, p, FTS_SKIP), 0);
	SAME(fts_read(fts) == p && p->fts_info == FTS_DP, 1);
	p = fts_read(fts);
	TEXT(p->fts_name, "y");
	n = 0;
	for (FTSENT *c = fts_children(fts, FTS_NAMEONLY); c; c = c->fts_link)
		n++;
	SAME(n, 1);
	p = fts_read(fts);
	TEXT(p->fts_path, "/work/tree/y/z");
	TEXT(p->fts_accpath, "/work/tree/y/z");
	SAME(S_ISDIR(p->fts_statp->st_mode), 1);
	SAME(p->fts_pathlen, 14);
	SAME(p->fts_namelen, 1);
	/* Left in the middle. */
	SAME(fts_close(fts), 0);
	errno = 0;
	SAME(fts_open(none, FTS_PHYSICAL, NULL) == NULL && errno == ENOENT, 1);
	SAME(fts_open(paths, 1 << 12, NULL) == NULL && errno == EINVAL, 1);
}

static void test_glob_gnu(void)
{
	glob_t g;

	SAME(glob("/work/{a,dir/*}", GLOB_BRACE, NULL, &g), 0);
	SAME(g.gl_pathc, 2);
	TEXT(g.gl_pathv[1], "/work/dir/b");
	SAME(g.gl_flags & GLOB_ALTDIRFUNC, 0);
	globfree(&g);
	SAME(glob("/work/d*", GLOB_ONLYDIR, NULL, &g), 0);
	TEXT(g.gl_pathv[0], "/work/dir");
	globfree(&g);
	setenv("HOME", "/work", 1);
	SAME(glob("~/dir/?", GLOB_TILDE, NULL, &g), 0);
	TEXT(g.gl_pathv[0], "/work/dir/b");
	globfree(&g);
}
#endif

/* ---- glob ---- */

static int errors_seen;

static int on_error(const char *path, int error)
{
	(void)path;
	errors_seen += error == EACCES;
	return 0;
}

static const char *globbed(const char *pattern, int flags)
{
	static char buf[1024];
	glob_t g;
	int r = glob(pattern, flags, on_error, &g);

	buf[0] = '\0';
	if (r) {
		snprintf(buf, sizeof(buf), "(%d)", r);
		return buf;
	}
	for (size_t i = 0; i < g.gl_pathc; i++) {
		if (i)
			strcat(buf, " ");
		strcat(buf, g.gl_pathv[i]);
	}
	globfree(&g);
	return buf;
}

static void test_glob(void)
{
	glob_t g = {.gl_offs = 2};
	char none[16];

	snprintf(none, sizeof(none), "(%d)", GLOB_NOMATCH);
	TEXT(globbed("/ro/*", 0), "/ro/d /ro/link_w /ro/r /ro/tool");
	TEXT(globbed("/ro/[rt]*", 0), "/ro/r /ro/tool");
	TEXT(globbed("*/b", 0), "dir/b link_dir/b");
	TEXT(globbed("../r?/r", 0), "../ro/r");
	TEXT(globbed("/wor[k]/a", 0), "/work/a");
	TEXT(globbed("/work/tree/*/", 0), "/work/tree/to_d/ /work/tree/x/ /work/tree/y/");
	TEXT(globbed("/ro/*", GLOB_MARK), "/ro/d/ /ro/link_w /ro/r /ro/tool");
	TEXT(globbed("/work/a", 0), "/work/a");
	TEXT(globbed("/work/\\a", 0), "/work/a");
	TEXT(globbed("/work/nothing*", 0), none);
	TEXT(globbed("/work/nothing", 0), none);
	TEXT(globbed("/work/nothing*", GLOB_NOCHECK), "/work/nothing*");
	TEXT(globbed("tree/x/*", 0), "tree/x/dead tree/x/up");
	TEXT(globbed("tree/x/.h*", 0), "tree/x/.hidden");
	TEXT(globbed(on_host("one/*"), 0), none);
	SAME(glob("/ro/r", GLOB_DOOFFS, NULL, &g), 0);
	SAME(glob("/work/dir/*", GLOB_DOOFFS | GLOB_APPEND, NULL, &g), 0);
	SAME(g.gl_pathc, 2);
	SAME(g.gl_pathv[0] == NULL && g.gl_pathv[1] == NULL, 1);
	TEXT(g.gl_pathv[2], "/ro/r");
	TEXT(g.gl_pathv[3], "/work/dir/b");
	SAME(g.gl_pathv[4] == NULL, 1);
	globfree(&g);
	if (is_nested()) {
		TEXT(globbed("/work/in/*", 0), "/work/in/i");
		TEXT(globbed("/work/secret/*", 0), none);
	}
}

int main(void)
{
	make_tree();
	test_ftw();
	test_nftw();
	test_glob();
#ifdef __GLIBC__
	test_nftw_gnu();
	test_fts();
	test_fts_steps();
	test_glob_gnu();
#endif
	return failures != 0;
}
