/*
 * launcher/plan/key_view: paths that are shared, copied, hidden.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "apply_key.h"

static const struct {
	enum tf_origin origin;
	const char *name, *text;
	struct tf_request want;
} good[] = {
        {TF_FROM_OPTION, "ro", "/usr", {TF_WANT_RO, "/usr", "/usr", 0, 0, 0}},
        {TF_FROM_OPTION,
         "ro",
         "//usr/./lib/../bin/",
         {TF_WANT_RO, "/usr/bin", "/usr/bin", 0, 0, 0}},
        {TF_FROM_OPTION, "ro", "/", {TF_WANT_RO, "/", "/", 0, 0, 0}},
        {TF_FROM_OPTION, "rw", ".", {TF_WANT_RW, "/home/u/here", "/home/u/here", 0, 0, 0}},
        {TF_FROM_OPTION, "rw", "../x:/y", {TF_WANT_RW, "/home/u/x", "/y", 0, 0, 0}},
        {TF_FROM_OPTION,
         "rw",
         "a b",
         {TF_WANT_RW, "/home/u/here/a b", "/home/u/here/a b", 0, 0, 0}},
        {TF_FROM_OPTION, "copy", "~:~/x", {TF_WANT_COPY, "/home/u", "/home/u/x", 0, 0, 0}},
        {TF_FROM_OPTION, "ro", "~x", {TF_WANT_RO, "/home/u/here/~x", "/home/u/here/~x", 0, 0, 0}},
        /* a file of that name; only profiles know optional paths */
        {TF_FROM_OPTION,
         "ro",
         "?/x",
         {TF_WANT_RO, "/home/u/here/?/x", "/home/u/here/?/x", 0, 0, 0}},
        {TF_FROM_OPTION, "ro", "/a\\:b\\\\c:/d", {TF_WANT_RO, "/a:b\\c", "/d", 0, 0, 0}},
        {TF_FROM_OPTION, "ro", "/a\\b", {TF_WANT_RO, "/a\\b", "/a\\b", 0, 0, 0}},
        {TF_FROM_OPTION, "volume", "/a:/b", {TF_WANT_RW, "/a", "/b", 0, 0, 0}},
        {TF_FROM_OPTION, "volume", "/a:/b:ro", {TF_WANT_RO, "/a", "/b", 0, 0, 0}},
        {TF_FROM_OPTION, "volume", "/a:/b:ro,noexec", {TF_WANT_RO, "/a", "/b", 0, 1, 0}},
        {TF_FROM_OPTION, "volume", "/a:/b:noexec", {TF_WANT_RW, "/a", "/b", 0, 1, 0}},
        {TF_FROM_OPTION, "hide", "/a/", {TF_WANT_HIDE, NULL, "/a", 0, 0, 0}},
        {TF_FROM_OPTION, "tmpfs", "/t", {TF_WANT_TMPFS, NULL, "/t", 0, 0, 0}},
        {TF_FROM_OPTION, "tmpfs", "~:noexec", {TF_WANT_TMPFS, NULL, "/home/u", 0, 1, 0}},
        {TF_FROM_PROFILE, "ro", "?/nix", {TF_WANT_RO, "/nix", "/nix", 1, 0, 1}},
        {TF_FROM_PROFILE, "ro", "?~/.nvm", {TF_WANT_RO, "/home/u/.nvm", "/home/u/.nvm", 1, 0, 1}},
        {TF_FROM_PROFILE, "volume", "?/a:/b:ro,noexec", {TF_WANT_RO, "/a", "/b", 1, 1, 1}},
};

START_TEST(paths_are_made_absolute_and_clean)
{
	const struct tf_request *want = &good[_i].want, *got = &set.requests[0];

	fresh_settings();
	accepted(good[_i].origin, good[_i].name, good[_i].text);
	ck_assert_uint_eq(set.nrequests, 1);
	ck_assert_int_eq(got->want, want->want);
	ck_assert_str_eq(got->guest, want->guest);
	if (want->host)
		ck_assert_str_eq(got->host, want->host);
	else
		ck_assert_ptr_null(got->host);
	ck_assert_int_eq(got->is_optional, want->is_optional);
	ck_assert_int_eq(got->is_noexec, want->is_noexec);
	ck_assert_int_eq(got->from_profile, want->from_profile);
}
END_TEST

static const struct {
	enum tf_origin origin;
	const char *name, *text;
	enum tf_err_code code;
	const char *word;
} bad[] = {
        {TF_FROM_OPTION, "ro", "", TF_E_VALUE, "--ro: the path is empty"},
        {TF_FROM_OPTION, "ro", ":/x", TF_E_VALUE, "empty"},
        {TF_FROM_OPTION, "ro", "/x:", TF_E_VALUE, "inside the sandbox is empty"},
        {TF_FROM_OPTION, "ro", "/x:y", TF_E_PATH, "\"y\""},
        {TF_FROM_OPTION, "ro", "/x:/y:ro", TF_E_VALUE, "PATH[:GUEST]"},
        {TF_FROM_OPTION, "ro", "/x:/y:a:b", TF_E_VALUE, "too many parts"},
        {TF_FROM_OPTION, "volume", "/x", TF_E_VALUE, "PATH:GUEST"},
        {TF_FROM_OPTION, "volume", "/x:/y:rx", TF_E_VALUE, "\"rx\""},
        {TF_FROM_OPTION, "volume", "/x:/y:", TF_E_VALUE, "\"\""},
        {TF_FROM_OPTION, "volume", "/x:/y:ro,", TF_E_VALUE, "\"\""},
        {TF_FROM_OPTION, "volume", "/x:/y:ro,,noexec", TF_E_VALUE, "\"\""},
        {TF_FROM_OPTION, "hide", "/", TF_E_PATH, "hiding /"},
        {TF_FROM_OPTION, "hide", "/a/..", TF_E_PATH, "hiding /"},
        {TF_FROM_OPTION, "hide", "a", TF_E_PATH, "must begin with /"},
        {TF_FROM_OPTION, "tmpfs", "/", TF_E_PATH, "empty /"},
        {TF_FROM_OPTION, "tmpfs", "/t:exec", TF_E_VALUE, "GUEST[:noexec]"},
        {TF_FROM_OPTION, "workdir", "a", TF_E_PATH, "must begin with /"},
        {TF_FROM_PROFILE, "ro", "a", TF_E_PATH, "must begin with / or ~/"},
        {TF_FROM_PROFILE, "ro", "?a", TF_E_PATH, "must begin with / or ~/"},
        {TF_FROM_PROFILE, "ro", "?", TF_E_VALUE, "empty"},
};

START_TEST(bad_paths_are_refused_by_name)
{
	fresh_settings();
	refused(bad[_i].origin, bad[_i].name, bad[_i].text, bad[_i].code, bad[_i].word);
	ck_assert_uint_eq(set.nrequests, 0);
}
END_TEST

START_TEST(a_path_of_4096_bytes_is_refused)
{
	char path[5000];

	fresh_settings();
	memset(path, 'a', sizeof(path) - 1);
	path[0] = '/';
	path[4094] = '\0';
	/* not by accepted(): libcheck's messages have a limit too */
	ck_assert_int_eq(apply("ro", path), 0);
	path[4094] = 'a';
	path[4096] = '\0';
	ck_assert_int_eq(apply("ro", path), -ENAMETOOLONG);
	path[4096] = 'a';
	ck_assert_int_eq(apply("ro", path + 1), -ENAMETOOLONG);
	ck_assert_int_eq(apply("hide", path), -ENAMETOOLONG);
	ck_assert_uint_eq(set.nrequests, 1);
}
END_TEST

START_TEST(the_command_line_may_not_map_twice)
{
	fresh_settings();
	accepted(TF_FROM_OPTION, "ro", "/a:/g");
	refused(TF_FROM_OPTION, "rw", "/b:/g/", TF_E_PATH, "/g is mapped twice (--ro");
	refused(TF_FROM_OPTION, "ro", "/a:/g", TF_E_PATH, "twice");
	ck_assert_uint_eq(set.nrequests, 1);
}
END_TEST

START_TEST(the_command_line_wins_over_the_profile)
{
	fresh_settings();
	accepted(TF_FROM_PROFILE, "ro", "/a:/g");
	accepted(TF_FROM_PROFILE, "hide", "/h");
	accepted(TF_FROM_PROFILE, "rw", "/b:/g");
	accepted(TF_FROM_OPTION, "tmpfs", "/g");
	ck_assert_uint_eq(set.nrequests, 2);
	ck_assert_int_eq(set.requests[0].want, TF_WANT_TMPFS);
	ck_assert_int_eq(set.requests[0].from_profile, 0);
	ck_assert_str_eq(set.requests[1].guest, "/h");
}
END_TEST

START_TEST(requests_have_a_limit)
{
	char path[32];

	fresh_settings();
	for (int i = 0; i < TF_MAX_REQUESTS; i++) {
		snprintf(path, sizeof(path), "/%d", i);
		accepted(TF_FROM_OPTION, "hide", path);
	}
	refused(TF_FROM_OPTION, "hide", "/more", TF_E_VALUE, "more than 256 paths");
}
END_TEST

START_TEST(the_arena_has_a_limit)
{
	char path[4000];
	int rc = 0, i;

	fresh_settings();
	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	for (i = 0; rc == 0 && i < 200; i++) {
		snprintf(path, sizeof(path), "/%d", i);
		path[strlen(path)] = 'a';
		rc = apply("ro", path);
	}
	ck_assert_int_eq(rc, -ENOSPC);
	ck_assert_uint_le(set.arena_used, sizeof(set.arena));
}
END_TEST

START_TEST(home_has_to_be_known_where_it_is_needed)
{
	fresh_settings();
	set.home = NULL;
	unsetenv("HOME");
	refused(TF_FROM_OPTION, "ro", "~/x", TF_E_PATH, "\"~/x\" needs HOME, which is not set");
	accepted(TF_FROM_PROFILE, "ro", "?~/x");
	ck_assert_uint_eq(set.nrequests, 0);
	setenv("HOME", "x", 1);
	refused(TF_FROM_OPTION, "ro", "~", TF_E_PATH, "not absolute");
	setenv("HOME", "/h/", 1);
	set.home = NULL;
	accepted(TF_FROM_OPTION, "ro", "~/x");
	ck_assert_str_eq(set.requests[0].host, "/h/x");
}
END_TEST

START_TEST(a_guest_always_has_a_home)
{
	fresh_settings();
	set.home = NULL;
	unsetenv("HOME");
	accepted(TF_FROM_PROFILE, "tmpfs", "~");
	ck_assert_str_eq(set.requests[0].guest, TF_GUEST_HOME);
	fresh_settings();
	set.home = "/";
	accepted(TF_FROM_PROFILE, "hide", "~/x");
	ck_assert_str_eq(set.requests[0].guest, TF_GUEST_HOME "/x");
}
END_TEST

#define NELEM(a) ((int)(sizeof(a) / sizeof((a)[0])))

Suite *test_key_view_suite(void)
{
	Suite *s = suite_create("key_view");
	TCase *tc = tcase_create("key_view");

	tcase_add_loop_test(tc, paths_are_made_absolute_and_clean, 0, NELEM(good));
	tcase_add_loop_test(tc, bad_paths_are_refused_by_name, 0, NELEM(bad));
	tcase_add_test(tc, a_path_of_4096_bytes_is_refused);
	tcase_add_test(tc, the_command_line_may_not_map_twice);
	tcase_add_test(tc, the_command_line_wins_over_the_profile);
	tcase_add_test(tc, requests_have_a_limit);
	tcase_add_test(tc, the_arena_has_a_limit);
	tcase_add_test(tc, home_has_to_be_known_where_it_is_needed);
	tcase_add_test(tc, a_guest_always_has_a_home);
	suite_add_tcase(s, tc);
	return s;
}
