/*
 * preload/core/walk: path_resolution(7) inside the view, over a made-up host file system.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "preload/core/walk.h"
#include "view_fixture.h"

/* The host: text NULL = directory, "" = file, otherwise a symlink with that text. */
struct node {
	const char *path, *text;
};

static const struct node host_tree[] = {
        {"/", NULL},
        {"/w", NULL},
        {"/w/root", NULL},
        {"/w/root/bin", "usr/bin"},
        {"/w/root/usr", NULL},
        {"/w/root/etc", NULL},
        {"/w/root/work", NULL},
        {"/w/root/tmp", NULL},
        {"/w/root/proc", NULL},
        {"/w/tmp", NULL},
        {"/w/code", NULL},
        {"/w/code/in", NULL},
        {"/w/code/file", ""},
        {"/w/code/dir", NULL},
        {"/w/code/dir/deep", NULL},
        {"/w/code/dir/deep/f", ""},
        {"/w/code/abs", "/etc/passwd"},
        {"/w/code/absdir", "/usr"},
        {"/w/code/rel", "dir/deep/f"},
        {"/w/code/reldir", "dir"},
        {"/w/code/slash", "dir/"},
        {"/w/code/up", "../../../../../../home/u/.ssh"},
        {"/w/code/out", "/home/u/.ssh"},
        {"/w/code/host", "/w/code/file"},
        {"/w/code/tokey", "/work/in/key"},
        {"/w/code/toin", "in"},
        {"/w/code/dot", "."},
        {"/w/code/self", "self"},
        {"/w/code/ping", "pong"},
        {"/w/code/pong", "ping"},
        {"/w/code/dangling", "/work/nothing"},
        {"/w/code/dir/back", "../file"},
        {"/w/code/dir/toroot", "/"},
        {"/data", NULL},
        {"/data/in", NULL},
        {"/data/in/a", ""},
        {"/data/in/sub", NULL},
        {"/data/in/key", ""},
        {"/data/in/leave", "../../secret"},
        {"/data/in/toshop", "/workshop"},
        {"/data/secret", ""},
        {"/home", NULL},
        {"/home/u", NULL},
        {"/home/u/.ssh", NULL},
        {"/home/u/.ssh/id", ""},
        {"/home/u/shop", NULL},
        {"/usr", NULL},
        {"/usr/bin", NULL},
        {"/usr/bin/sh", "dash"},
        {"/usr/bin/dash", ""},
        {"/usr/lib", NULL},
        {"/etc", NULL},
        {"/etc/passwd", ""},
        {"/etc/alt", NULL},
        {"/etc/alt/cc", "/usr/bin/dash"},
        {"/proc", NULL},
        {"/proc/self", "7"},
        {"/proc/7", NULL},
        {"/proc/7/fd", NULL},
        {"/proc/7/root", "/"},
        {"/proc/7/cwd", "/w/code/dir"},
        {"/proc/7/exe", "/usr/bin/dash"},
        {"/proc/7/fd/0", "pipe:[123]"},
        {"/proc/7/fd/3", "/w/code/dir"},
        {"/proc/7/fd/4", "/home/u/.ssh"},
        {"/proc/9", NULL},
        {"/proc/9/root", "/"},
        {"/proc/9/cwd", "/home/u/.ssh"},
};

#define MAX_ASKED 256
struct fake {
	char asked[MAX_ASKED][128];
	int nasked;
};

static const struct node *node_at(const char *path)
{
	for (int i = 0; i < NELEM(host_tree); i++)
		if (!strcmp(host_tree[i].path, path))
			return &host_tree[i];
	return NULL;
}

/* As the kernel's readlink(2), but following nothing: no component but the last may be a link. */
static int fake_read_link(void *ctx, const char *host, char *buf, size_t size)
{
	struct fake *fake = ctx;
	char path[TF_PATH_MAX + 2];
	size_t len = strlen(host);

	if (fake->nasked < MAX_ASKED)
		snprintf(fake->asked[fake->nasked++], sizeof(fake->asked[0]), "%s", host);
	if (len >= sizeof(path))
		return -ENAMETOOLONG;
	memcpy(path, host, len + 1);
	int wants_dir = len > 2 && !strcmp(path + len - 2, "/.");
	if (wants_dir)
		path[len - 2] = '\0';
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		const struct node *up = node_at(path);
		*slash = '/';
		if (!up)
			return -ENOENT;
		if (up->text && *up->text == '\0')
			return -ENOTDIR;
		ck_assert_msg(!up->text, "%s: asked through a link", host);
	}
	const struct node *node = node_at(path);
	if (!node)
		return -ENOENT;
	if (wants_dir) {
		ck_assert_msg(!node->text || !*node->text, "%s: asked through a link", host);
		return node->text ? -ENOTDIR : -EINVAL;
	}
	if (!node->text || !*node->text)
		return -EINVAL;
	len = strlen(node->text);
	len = len < size ? len : size;
	memcpy(buf, node->text, len);
	return (int)len;
}

static struct fake fake;
static struct tf_walk walk;

static int do_walk(const char *cwd, const char *path, unsigned int flags)
{
	static const struct tf_walk_ops ops = {.read_link = fake_read_link, .ctx = &fake};
	struct tf_view view = view_make_usual();

	memset(&walk, 0xee, sizeof(walk));
	fake.nasked = 0;
	return tf_walk(&view, &ops, cwd, path, flags, &walk);
}

/* The walk may only ever look at what a mapping covers: nothing of /home/u but the shop, not /data/secret. */
static void assert_nothing_outside_was_asked(const char *path)
{
	static const char *const inside[] = {"/w/root",      "/w/code", "/w/tmp", "/data/in",
	                                     "/home/u/shop", "/usr",    "/etc",   "/proc"};

	for (int i = 0; i < fake.nasked; i++) {
		int is_inside = 0;

		for (int k = 0; k < NELEM(inside); k++) {
			size_t n = strlen(inside[k]);
			is_inside |= !strncmp(fake.asked[i], inside[k], n) &&
			             (fake.asked[i][n] == '/' || !fake.asked[i][n]);
		}
		ck_assert_msg(is_inside, "%s: asked the host about %s", path, fake.asked[i]);
	}
}

#define NF TF_WALK_NOFOLLOW

static const struct {
	const char *cwd, *path;
	unsigned int flags;
	int rc;
	const char *guest, *host; /* on success */
} cases[] = {
        /* plain */
        {"/work", "/work/file", 0, 0, "/work/file", "/w/code/file"},
        {"/work", "file", 0, 0, "/work/file", "/w/code/file"},
        {"/", "work/file", 0, 0, "/work/file", "/w/code/file"},
        {"/work", "new", 0, 0, "/work/new", "/w/code/new"},
        {"/work", "dir/new", 0, 0, "/work/dir/new", "/w/code/dir/new"},
        {"/work", "nodir/new", 0, -ENOENT, NULL, NULL},
        {"/work", "file/new", 0, -ENOTDIR, NULL, NULL},
        {"/work", "/", 0, 0, "/", "/w/root"},
        {"/work", "//work///dir//deep", 0, 0, "/work/dir/deep", "/w/code/dir/deep"},
        /* dots */
        {"/work", ".", 0, 0, "/work", "/w/code/"},
        {"/work", "./file", 0, 0, "/work/file", "/w/code/file"},
        {"/work/dir", "..", 0, 0, "/work", "/w/code/"},
        {"/work", "..", 0, 0, "/", "/w/root/"},
        {"/work", "../../../..", 0, 0, "/", "/w/root/"},
        {"/", "../../etc/passwd", 0, 0, "/etc/passwd", "/etc/passwd"},
        {"/work", "dir/deep/../../file", 0, 0, "/work/file", "/w/code/file"},
        {"/work/in", "..", 0, 0, "/work", "/w/code/"}, /* not /data */
        {"/work/in", "../file", 0, 0, "/work/file", "/w/code/file"},
        {"/work/in/sub", "../../file", 0, 0, "/work/file", "/w/code/file"},
        {"/workshop", "../work/file", 0, 0, "/work/file", "/w/code/file"},
        {"/work", "file/..", 0, -ENOTDIR, NULL, NULL},
        {"/work", "none/..", 0, -ENOENT, NULL, NULL},
        {"/work", "file/.", 0, 0, "/work/file", "/w/code/file/"}, /* the system call says ENOTDIR */
        /* trailing slash */
        {"/work", "dir/", 0, 0, "/work/dir", "/w/code/dir/"},
        {"/work", "file/", 0, 0, "/work/file", "/w/code/file/"},
        {"/work", "reldir/", NF, 0, "/work/dir", "/w/code/dir/"},
        {"/work", "reldir", NF, 0, "/work/reldir", "/w/code/reldir"},
        {"/work", "slash", 0, 0, "/work/dir", "/w/code/dir/"},
        /* links */
        {"/work", "abs", 0, 0, "/etc/passwd", "/etc/passwd"},
        {"/work", "abs", NF, 0, "/work/abs", "/w/code/abs"},
        {"/work", "absdir/bin/sh", 0, 0, "/usr/bin/dash", "/usr/bin/dash"},
        {"/work", "absdir/bin/sh", NF, 0, "/usr/bin/sh", "/usr/bin/sh"},
        {"/work", "rel", 0, 0, "/work/dir/deep/f", "/w/code/dir/deep/f"},
        {"/work", "reldir/deep/f", 0, 0, "/work/dir/deep/f", "/w/code/dir/deep/f"},
        {"/work", "reldir/../file", 0, 0, "/work/file", "/w/code/file"},
        {"/work", "absdir/..", 0, 0, "/", "/w/root/"}, /* the target's parent, not the link's */
        {"/work", "dir/back", 0, 0, "/work/file", "/w/code/file"},
        {"/work", "dir/toroot", 0, 0, "/", "/w/root"},
        {"/work", "dir/toroot/work/file", 0, 0, "/work/file", "/w/code/file"},
        {"/work", "dot/dot/dot/file", 0, 0, "/work/file", "/w/code/file"},
        {"/work", "dangling", 0, 0, "/work/nothing", "/w/code/nothing"},
        {"/work", "dangling/x", 0, -ENOENT, NULL, NULL},
        {"/work", "toin/a", 0, 0, "/work/in/a", "/data/in/a"},
        {"/work", "in/toshop", 0, 0, "/workshop", "/home/u/shop"},
        {"/etc/alt", "cc", 0, 0, "/usr/bin/dash", "/usr/bin/dash"},
        {"/work", "self", 0, -ELOOP, NULL, NULL},
        {"/work", "ping", 0, -ELOOP, NULL, NULL},
        {"/work", "ping", NF, 0, "/work/ping", "/w/code/ping"},
        {"/work", "self/x", NF, -ELOOP, NULL, NULL},
        /* a link of turf's own: /bin -> usr/bin */
        {"/work", "/bin/sh", 0, 0, "/usr/bin/dash", "/usr/bin/dash"},
        {"/work", "/bin/dash", 0, 0, "/usr/bin/dash", "/usr/bin/dash"},
        {"/work", "/bin/..", 0, 0, "/usr", "/usr/"},
        {"/work", "/bin", NF, 0, "/bin", "/w/root/bin"},
        {"/work", "/bin", 0, 0, "/usr/bin", "/usr/bin"},
        /* out of the mapping: taken in the view, where there is nothing */
        {"/work", "up", 0, -ENOENT, NULL, NULL},
        {"/work", "out", 0, -ENOENT, NULL, NULL},
        {"/work", "out/id", 0, -ENOENT, NULL, NULL},
        {"/work", "host", 0, -ENOENT, NULL, NULL}, /* a host path means nothing inside */
        {"/work", "in/leave", 0, 0, "/secret", "/w/root/secret"}, /* not /data/secret */
        {"/work", "/home/u/.ssh/id", 0, -ENOENT, NULL, NULL},
        {"/work", "/w/code/file", 0, -ENOENT, NULL, NULL},
        /* hidden */
        {"/work", "in/key", 0, -ENOENT, NULL, NULL},
        {"/work", "in/key", NF, -ENOENT, NULL, NULL},
        {"/work", "in/key/x", 0, -ENOENT, NULL, NULL},
        {"/work", "tokey", 0, -ENOENT, NULL, NULL},
        {"/work", "in/key/..", 0, -ENOENT, NULL, NULL},
        /* magic links */
        {"/work", "/proc/self/root/etc/passwd", 0, 0, "/etc/passwd", "/etc/passwd"},
        {"/work", "/proc/self/root/home/u/.ssh/id", 0, -ENOENT, NULL, NULL},
        {"/work", "/proc/9/root/home/u/.ssh/id", 0, -ENOENT, NULL, NULL},
        {"/work", "/proc/self/cwd/deep/f", 0, 0, "/work/dir/deep/f", "/w/code/dir/deep/f"},
        {"/work", "/proc/self/cwd/../file", 0, 0, "/work/file", "/w/code/file"},
        {"/work", "/proc/9/cwd/id", 0, -EACCES, NULL, NULL},
        {"/work", "/proc/self/fd/3/deep", 0, 0, "/work/dir/deep", "/w/code/dir/deep"},
        {"/work", "/proc/self/fd/4/id", 0, -EACCES, NULL, NULL},
        {"/work", "/proc/self/exe", 0, 0, "/usr/bin/dash", "/usr/bin/dash"},
        {"/work", "/proc/self/exe", NF, 0, "/proc/7/exe", "/proc/7/exe"},
        {"/work", "/proc/self/fd/0/x", 0, -ENOTDIR, NULL, NULL},
        /* bad input */
        {"/work", "", 0, -ENOENT, NULL, NULL},
};

START_TEST(paths_resolve_as_the_kernel_would_inside_the_view)
{
	int rc = do_walk(cases[_i].cwd, cases[_i].path, cases[_i].flags);

	ck_assert_msg(rc == cases[_i].rc, "%s: %d, expected %d (guest %s host %s)", cases[_i].path,
	              rc, cases[_i].rc, rc ? "" : walk.guest, rc ? "" : walk.host);
	assert_nothing_outside_was_asked(cases[_i].path);
	if (rc)
		return;
	ck_assert_str_eq(walk.guest, cases[_i].guest);
	ck_assert_str_eq(walk.host, cases[_i].host);
	ck_assert_int_eq(walk.is_magic, 0);
}
END_TEST

START_TEST(a_descriptors_magic_link_is_left_to_the_kernel)
{
	ck_assert_int_eq(do_walk("/work", "/proc/self/fd/0", 0), 0);
	ck_assert_int_eq(walk.is_magic, 1);
	ck_assert_str_eq(walk.host, "/proc/7/fd/0");
}
END_TEST

/* ---- the limit of links, and of lengths ---- */

static int chain_read_link(void *ctx, const char *host, char *buf, size_t size)
{
	int length = *(int *)ctx, at;

	if (sscanf(host, "/w/code/l%d", &at) != 1)
		return -EINVAL;
	if (at >= length)
		return -EINVAL;
	return snprintf(buf, size, "l%d", at + 1);
}

START_TEST(forty_links_are_followed_and_no_more)
{
	struct tf_view view = view_make_usual();
	int length = TF_WALK_MAX_LINKS;
	struct tf_walk_ops ops = {.read_link = chain_read_link, .ctx = &length};

	ck_assert_int_eq(tf_walk(&view, &ops, "/work", "l0", 0, &walk), 0);
	ck_assert_str_eq(walk.guest, "/work/l40");
	length++;
	ck_assert_int_eq(tf_walk(&view, &ops, "/work", "l0", 0, &walk), -ELOOP);
}
END_TEST

/* Every link's text is "x/x/x/...": what is left would grow without end. */
static int grow_read_link(void *ctx, const char *host, char *buf, size_t size)
{
	size_t n = *(size_t *)ctx < size ? *(size_t *)ctx : size;

	for (size_t i = 0; i < n; i++)
		buf[i] = i % 2 ? '/' : 'x';
	return (int)n;
}

START_TEST(texts_that_add_up_beyond_PATH_MAX_are_refused)
{
	struct tf_view view = view_make_usual();
	size_t n = 1000;
	struct tf_walk_ops ops = {.read_link = grow_read_link, .ctx = &n};

	ck_assert_int_eq(tf_walk(&view, &ops, "/work", "x/y", 0, &walk), -ENAMETOOLONG);
	n = 2 * TF_PATH_MAX;
	ck_assert_int_eq(tf_walk(&view, &ops, "/work", "x/y", 0, &walk), -ENAMETOOLONG);
}
END_TEST

static int no_links(void *ctx, const char *host, char *buf, size_t size)
{
	return -EINVAL;
}

START_TEST(long_paths_end_in_an_error_not_in_a_cut_name)
{
	static const struct tf_walk_ops ops = {.read_link = no_links};
	struct tf_view view = view_make_usual();
	static char path[3 * TF_PATH_MAX];

	for (size_t len = TF_PATH_MAX - 40; len < TF_PATH_MAX + 40; len++) {
		memset(path, 'a', len);
		for (size_t i = 0; i < len; i += 128)
			path[i] = '/';
		if (path[len - 1] == '/')
			path[len - 1] = 'a';
		memcpy(path, "/workshop/", 10); /* its host path is longer than the guest's */
		path[len] = '\0';
		int rc = tf_walk(&view, &ops, NULL, path, 0, &walk);
		if (rc == 0) {
			ck_assert_str_eq(walk.guest, path);
			ck_assert_uint_lt(strlen(walk.host), TF_PATH_MAX);
			ck_assert_uint_eq(strlen(walk.host), len + 3);
		} else {
			ck_assert_int_eq(rc, -ENAMETOOLONG);
			ck_assert_uint_ge(len + 3, TF_PATH_MAX);
		}
	}
	memset(path, 'b', 256);
	path[256] = '\0';
	ck_assert_int_eq(tf_walk(&view, &ops, "/work", path, 0, &walk), -ENAMETOOLONG);
	path[255] = '\0';
	ck_assert_int_eq(tf_walk(&view, &ops, "/work", path, 0, &walk), 0);
}
END_TEST

static int fail_read_link(void *ctx, const char *host, char *buf, size_t size)
{
	return -*(int *)ctx;
}

START_TEST(an_error_of_the_host_is_passed_on)
{
	static int errors[] = {EACCES, EIO, ESTALE, ENOMEM};
	struct tf_view view = view_make_usual();

	for (int i = 0; i < NELEM(errors); i++) {
		struct tf_walk_ops ops = {.read_link = fail_read_link, .ctx = &errors[i]};

		ck_assert_int_eq(tf_walk(&view, &ops, "/work", "a/b", 0, &walk), -errors[i]);
		ck_assert_int_eq(tf_walk(&view, &ops, "/work", "a", 0, &walk), -errors[i]);
		ck_assert_int_eq(tf_walk(&view, &ops, "/work", "..", 0, &walk), -errors[i]);
	}
}
END_TEST

/* Random paths over random links: it ends, and never asks about anything outside. */
START_TEST(random_walks_never_leave_the_view)
{
	static const char *const parts[] = {
	        "work", "in",   "dir",   "deep",   "..",   ".",   "up",    "out",    "rel", "abs",
	        "key",  "bin",  "proc",  "self",   "root", "cwd", "fd",    "4",      "etc", "home",
	        "u",    ".ssh", "leave", "toroot", "dot",  "9",   "tokey", "absdir", "",    "usr"};
	unsigned int seed = 42;
	int good = 0;

	for (int round = 0; round < 20000; round++) {
		char path[512] = "";
		size_t len = 0;
		int n = 1 + rand_r(&seed) % 10;

		for (int i = 0; i < n; i++)
			len += (size_t)snprintf(path + len, sizeof(path) - len, "%s%s",
			                        i || rand_r(&seed) % 2 ? "/" : "",
			                        parts[rand_r(&seed) % NELEM(parts)]);
		int rc = do_walk("/work/dir", path, rand_r(&seed) % 2 ? NF : 0);
		assert_nothing_outside_was_asked(path);
		if (rc == 0 && !walk.is_magic) {
			good++;
			ck_assert_msg(!strstr(walk.host, ".ssh") || !strncmp(walk.host, "/w/", 3) ||
			                      !strncmp(walk.host, "/data/in/", 9) ||
			                      !strncmp(walk.host, "/usr/", 5) ||
			                      !strncmp(walk.host, "/etc/", 5) ||
			                      !strncmp(walk.host, "/proc/", 6),
			              "%s: %s", path, walk.host);
			ck_assert_msg(strcmp(walk.host, "/data/in/key") != 0, "%s: %s", path,
			              walk.host);
		}
	}
	ck_assert_int_gt(good, 500);
}
END_TEST

Suite *test_walk_suite(void)
{
	Suite *suite = suite_create("walk");
	TCase *tc = tcase_create("walk");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, paths_resolve_as_the_kernel_would_inside_the_view, 0, NELEM(cases));
	tcase_add_test(tc, a_descriptors_magic_link_is_left_to_the_kernel);
	tcase_add_test(tc, forty_links_are_followed_and_no_more);
	tcase_add_test(tc, texts_that_add_up_beyond_PATH_MAX_are_refused);
	tcase_add_test(tc, long_paths_end_in_an_error_not_in_a_cut_name);
	tcase_add_test(tc, an_error_of_the_host_is_passed_on);
	tcase_add_test(tc, random_walks_never_leave_the_view);
	suite_add_tcase(suite, tc);
	return suite;
}
