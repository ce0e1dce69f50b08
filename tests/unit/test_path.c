/*
 * preload/core/path: scanning, cleaning, joining, prefixes. Lexical only.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "preload/core/path.h"
#include "preload/core/view.h"
#include "unit.h"

#define NELEM(a) ((int)(sizeof(a) / sizeof((a)[0])))

static const struct {
	const char *path;
	size_t last;
	unsigned int flags;
} scans[] = {
        {"/", 1, TF_PATH_ABSOLUTE},
        {"name", 0, 0},
        {"/name", 1, TF_PATH_ABSOLUTE},
        {"a/b", 2, 0},
        {"/a/bc", 3, TF_PATH_ABSOLUTE},
        {".", 0, TF_PATH_DOT},
        {"..", 0, TF_PATH_DOTDOT},
        {"...", 0, 0},
        {".a", 0, 0},
        {"..a", 0, 0},
        {"a.", 0, 0},
        {"/a/./b", 5, TF_PATH_ABSOLUTE | TF_PATH_DOT},
        {"/a/../b", 6, TF_PATH_ABSOLUTE | TF_PATH_DOTDOT},
        {"/..", 1, TF_PATH_ABSOLUTE | TF_PATH_DOTDOT},
        {"a/.", 2, TF_PATH_DOT},
        {"/a//b", 4, TF_PATH_ABSOLUTE | TF_PATH_SLASHES},
        {"a/", 0, TF_PATH_TRAILING},
        {"/a/", 1, TF_PATH_ABSOLUTE | TF_PATH_TRAILING},
};

START_TEST(scan_tells_what_is_in_a_path)
{
	struct tf_scan scan;

	memset(&scan, 0xee, sizeof(scan));
	ck_assert_int_eq(tf_path_scan(scans[_i].path, &scan), 0);
	ck_assert_uint_eq(scan.len, strlen(scans[_i].path));
	ck_assert_msg(scan.flags == scans[_i].flags, "%s: flags %#x, expected %#x", scans[_i].path,
	              scan.flags, scans[_i].flags);
	ck_assert_msg(scan.last == scans[_i].last, "%s: last %zu, expected %zu", scans[_i].path,
	              scan.last, scans[_i].last);
}
END_TEST

START_TEST(scan_marks_every_unclean_spelling)
{
	static const char *const unclean[] = {"//",   "///",   "//a",    "a//",   "/a//", "/a/.",
	                                      "/./a", "/a/..", "a/../b", "/a/b/", "./",   "../"};
	struct tf_scan scan;

	for (int i = 0; i < NELEM(unclean); i++) {
		ck_assert_int_eq(tf_path_scan(unclean[i], &scan), 0);
		ck_assert_msg(scan.flags & TF_PATH_UNCLEAN, "%s: flags %#x", unclean[i],
		              scan.flags);
	}
}
END_TEST

START_TEST(scan_refuses_the_empty_path_as_the_kernel_does)
{
	struct tf_scan scan;

	ck_assert_int_eq(tf_path_scan("", &scan), -ENOENT);
}
END_TEST

/* "/aaa.../aaa..." of len bytes, components of at most 255. */
static void fill_long(char *buf, size_t len)
{
	for (size_t i = 0; i < len; i++)
		buf[i] = i % 200 ? 'a' : '/';
	if (len && buf[len - 1] == '/')
		buf[len - 1] = 'a';
	buf[len] = '\0';
}

START_TEST(scan_takes_paths_up_to_PATH_MAX_and_no_further)
{
	char buf[TF_PATH_MAX * 2];
	struct tf_scan scan;

	fill_long(buf, TF_PATH_MAX - 1);
	ck_assert_int_eq(tf_path_scan(buf, &scan), 0);
	ck_assert_uint_eq(scan.len, TF_PATH_MAX - 1);
	fill_long(buf, TF_PATH_MAX);
	ck_assert_int_eq(tf_path_scan(buf, &scan), -ENAMETOOLONG);
	memset(buf, '/', TF_PATH_MAX + 10);
	buf[TF_PATH_MAX + 10] = '\0';
	ck_assert_int_eq(tf_path_scan(buf, &scan), -ENAMETOOLONG);
}
END_TEST

START_TEST(scan_leaves_the_length_of_a_component_to_the_file_system)
{
	char buf[NAME_MAX + 8] = "/";
	struct tf_scan scan;

	memset(buf + 1, 'n', NAME_MAX + 1);
	memcpy(buf + NAME_MAX + 2, "/x", 3);
	ck_assert_int_eq(tf_path_scan(buf, &scan), 0);
	ck_assert_uint_eq(scan.len, NAME_MAX + 4);
	ck_assert_uint_eq(scan.last, NAME_MAX + 3);
}
END_TEST

static const struct {
	const char *path, *clean;
} cleans[] = {
        {"/", "/"},
        {"//", "/"},
        {"/.", "/"},
        {"/..", "/"},
        {"/../../..", "/"},
        {"/a", "/a"},
        {"/a/", "/a"},
        {"//a///b//", "/a/b"},
        {"/a/./b/.", "/a/b"},
        {"/a/../b", "/b"},
        {"/a/b/../../c", "/c"},
        {"/a/b/../../../../c", "/c"},
        {"/a/..", "/"},
        {"/...", "/..."},
        {"/..a/.b", "/..a/.b"},
        {"/a/b/..", "/a"},
};

START_TEST(clean_gives_the_one_spelling)
{
	char buf[64];
	int n = tf_path_clean(cleans[_i].path, buf, sizeof(buf));

	ck_assert_msg(n == (int)strlen(cleans[_i].clean), "%s: %d", cleans[_i].path, n);
	ck_assert_str_eq(buf, cleans[_i].clean);
	ck_assert_int_eq(tf_path_is_clean(buf, (size_t)n), 1);
}
END_TEST

START_TEST(clean_refuses_relative_paths)
{
	char buf[64];

	ck_assert_int_eq(tf_path_clean("a/b", buf, sizeof(buf)), -EINVAL);
	ck_assert_int_eq(tf_path_clean("", buf, sizeof(buf)), -EINVAL);
	ck_assert_int_eq(tf_path_clean("../a", buf, sizeof(buf)), -EINVAL);
}
END_TEST

START_TEST(clean_never_writes_past_the_buffer)
{
	char buf[32];

	for (size_t size = 0; size <= 12; size++) {
		memset(buf, '#', sizeof(buf));
		int n = tf_path_clean("/ab/./cd/", buf, size);
		if (size >= 7)
			ck_assert_int_eq(n, 6);
		else
			ck_assert_int_eq(n, -ENAMETOOLONG);
		for (size_t i = size; i < sizeof(buf); i++)
			ck_assert_msg(buf[i] == '#', "size %zu: byte %zu written", size, i);
	}
}
END_TEST

static const struct {
	const char *dir, *name, *joined;
} joins[] = {
        {"/", "a", "/a"},
        {"/a", "b", "/a/b"},
        {"/a", "b/c", "/a/b/c"},
};

START_TEST(join_puts_exactly_one_slash_between)
{
	char buf[64];
	int n = tf_path_join(joins[_i].dir, joins[_i].name, buf, sizeof(buf));

	ck_assert_int_eq(n, (int)strlen(joins[_i].joined));
	ck_assert_str_eq(buf, joins[_i].joined);
}
END_TEST

START_TEST(join_refuses_what_does_not_fit)
{
	char buf[16];

	memset(buf, '#', sizeof(buf));
	ck_assert_int_eq(tf_path_join("/a", "bc", buf, 5), -ENAMETOOLONG);
	ck_assert_int_eq(buf[5], '#');
	ck_assert_int_eq(tf_path_join("/a", "bc", buf, 6), 5);
	ck_assert_str_eq(buf, "/a/bc");
	ck_assert_int_eq(buf[6], '#');
}
END_TEST

static const struct {
	const char *path, *prefix;
	int is_below;
} belows[] = {
        {"/a/b", "/a", 1},    {"/a", "/a", 1},   {"/ab", "/a", 0},  {"/a", "/a/b", 0},
        {"/a", "/", 1},       {"/", "/", 1},     {"/", "/a", 0},    {"/a/b/c", "/a/b", 1},
        {"/a/bc", "/a/b", 0}, {"/b/a", "/a", 0}, {"/A/b", "/a", 0}, {"/a.b", "/a", 0},
};

START_TEST(below_ends_at_component_borders)
{
	const char *path = belows[_i].path, *prefix = belows[_i].prefix;
	int is = tf_path_below(path, strlen(path), prefix, strlen(prefix));

	ck_assert_msg(!is == !belows[_i].is_below, "%s below %s: %d", path, prefix, is);
}
END_TEST

START_TEST(below_looks_at_the_length_it_was_given)
{
	ck_assert_int_eq(!!tf_path_below("/a/b", 2, "/a/b", 4), 0);
	ck_assert_int_eq(!!tf_path_below("/a/b", 2, "/a", 2), 1);
	ck_assert_int_eq(!!tf_path_below("/ab", 2, "/a", 2), 1);
}
END_TEST

START_TEST(is_clean_refuses_every_other_spelling)
{
	static const char *const bad[] = {"",    "a",    "a/b",   "//",   "/a/",   "/a//b", "/.",
	                                  "/..", "/a/.", "/a/..", "/./a", "/../a", "./a"};

	for (int i = 0; i < NELEM(bad); i++)
		ck_assert_msg(!tf_path_is_clean(bad[i], strlen(bad[i])), "%s taken as clean",
		              bad[i]);
	ck_assert_int_eq(tf_path_is_clean("/", 1), 1);
	ck_assert_int_eq(tf_path_is_clean("/a/b", 4), 1);
	/* a length that is not the string's: a NUL inside, or cut short */
	ck_assert_int_eq(tf_path_is_clean("/a\0b", 4), 0);
	ck_assert_int_eq(tf_path_is_clean("/a/b", 2), 0);
}
END_TEST

Suite *test_path_suite(void)
{
	Suite *suite = suite_create("path");
	TCase *tc = tcase_create("path");

	tcase_add_loop_test(tc, scan_tells_what_is_in_a_path, 0, NELEM(scans));
	tcase_add_test(tc, scan_marks_every_unclean_spelling);
	tcase_add_test(tc, scan_refuses_the_empty_path_as_the_kernel_does);
	tcase_add_test(tc, scan_takes_paths_up_to_PATH_MAX_and_no_further);
	tcase_add_test(tc, scan_leaves_the_length_of_a_component_to_the_file_system);
	tcase_add_loop_test(tc, clean_gives_the_one_spelling, 0, NELEM(cleans));
	tcase_add_test(tc, clean_refuses_relative_paths);
	tcase_add_test(tc, clean_never_writes_past_the_buffer);
	tcase_add_loop_test(tc, join_puts_exactly_one_slash_between, 0, NELEM(joins));
	tcase_add_test(tc, join_refuses_what_does_not_fit);
	tcase_add_loop_test(tc, below_ends_at_component_borders, 0, NELEM(belows));
	tcase_add_test(tc, below_looks_at_the_length_it_was_given);
	tcase_add_test(tc, is_clean_refuses_every_other_spelling);
	suite_add_tcase(suite, tc);
	return suite;
}
