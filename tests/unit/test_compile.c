/*
 * launcher/compile/compile: profiles, their bases, turf.conf; and that turf applies what comes out.
 */
#include <errno.h>

#include "apply_key.h"
#include "launcher/compile/compile.h"
#include "scratch_dir.h"

static struct tf_blob blob;

static int compile(const char *text, int is_conf)
{
	const char *paths[] = {".", "second"};
	const struct tf_compile job = {
	        .is_conf = is_conf, .paths = paths, .npaths = 2, .blob = &blob};

	err.text[0] = '\0';
	return tf_compile_text(&job, "f", -1, text, strlen(text), &err);
}

static int compile_file(const char *file)
{
	const char *paths[] = {".", "second"};
	const struct tf_compile job = {.paths = paths, .npaths = 2, .blob = &blob};
	const char *text = scratch_read(file);
	int fd = open(file, O_RDONLY),
	    rc = tf_compile_text(&job, file, fd, text, strlen(text), &err);

	close(fd);
	return rc;
}

static void apply_blob(void)
{
	fresh_settings();
	ck_assert_msg(tf_profile_apply(blob.data, blob.size, "f", &set, &err) == 0, "%s", err.text);
}

START_TEST(a_profile_is_applied_as_written)
{
	ck_assert_int_eq(compile("[view]\nro = /a:/b\nhide = ~/x\n[limits]\nmemory = 1g\n", 0), 0);
	apply_blob();
	ck_assert_uint_eq(set.nrequests, 2);
	ck_assert_str_eq(set.requests[0].host, "/a");
	ck_assert_str_eq(set.requests[1].guest, "/home/u/x");
	ck_assert_int_eq(set.requests[1].from_profile, 1);
	ck_assert_uint_eq(set.memory_bytes, 1u << 30);
}
END_TEST

static const struct {
	int is_conf;
	const char *text, *error;
} bad[] = {
        {0, "[vew]\n",
         "f:1: unknown section [vew] (profile, view, environment, limits, network, run)"},
        {0, "[turf]\nmode = auto\n",
         "f:1: unknown section [turf] (profile, view, environment, limits, network, run)"},
        {1, "[view]\nro = /a\n", "f:1: unknown section [view] (turf.conf has only [turf])"},
        {0, "[output]\n",
         "f:1: unknown section [output] (profile, view, environment, limits, network, run)"},
        {0, "ro = /a\n", "f:1: ro stands before the first [section]"},
        {0, "[view]\nr0 = /a\n", "f:2: [view] r0: unknown key (ro, rw, volume, copy, hide, tmpfs)"},
        {0, "[view]\nmemory = 1g\n",
         "f:2: [view] memory: unknown key (ro, rw, volume, copy, hide, tmpfs)"},
        {0, "[run]\nname = x\n", "f:2: [run] name: unknown key (workdir, mode, tier, require)"},
        {0, "[limits]\nmemory = 1q\n", "f:2: [limits] memory: \"1q\" is not a size (64m, 1.5GiB)"},
        {0, "[limits]\nmemory = 1g\ntimeout = 1s\nmemory = 2g\n",
         "f:4: [limits] memory: is already in line 2"},
        {0, "[view]\nro = /a\nro = /b\nro = /a\n", "f:4: [view] ro: the same is already in line 2"},
        {0, "[view]\nro = /a\nhide = /a\n", "f:3: [view] hide: /a is mapped twice in this file"},
        {0, "[view]\nro = /a\nro = ?/a/\n", "f:3: [view] ro: ?/a/ is mapped twice in this file"},
        {0, "[profile]\nbase = none\n",
         "f:2: [profile] base: there is no profile none to start from"},
        {0, "[profile]\nbase = ../x\n",
         "f:2: [profile] base: \"../x\" is no name: 1 to 64 of A-Z a-z 0-9 _ + . -, not beginning "
         "with . or -"},
        {1, "[turf]\nmemory = 1g\n",
         "f:2: [turf] memory: unknown key (profile, mode, tier, require, quiet, log, log-format)"},
        {1, "[turf]\nlog = x\n", "f:2: [turf] log: \"x\" must begin with / or ~/"},
};

START_TEST(errors_have_file_line_section_and_key)
{
	ck_assert_int_lt(compile(bad[_i].text, bad[_i].is_conf), 0);
	ck_assert_str_eq(err.text, bad[_i].error);
}
END_TEST

START_TEST(a_base_comes_first_and_loses)
{
	scratch_write(
	        "b.conf",
	        "[view]\nro = /a:/g\nro = /c\n[limits]\nmemory = 1g\n[environment]\npass = A\n");
	ck_assert_int_eq(
	        compile("[limits]\nmemory = 2g\n[profile]\nbase = b\n[view]\nrw = /b:/g\n", 0), 0);
	apply_blob();
	ck_assert_uint_eq(set.nrequests, 2);
	ck_assert_str_eq(set.requests[0].host, "/b");
	ck_assert_uint_eq(set.memory_bytes, 2ull << 30);
	ck_assert_uint_eq(set.nenv, 1);
}
END_TEST

START_TEST(errors_in_a_base_name_both_files)
{
	scratch_write("b.conf", "[view]\nro = a\n");
	ck_assert_int_lt(compile("[profile]\nbase = b\n", 0), 0);
	ck_assert_str_eq(
	        err.text,
	        "f:2: [profile] base: ./b.conf:2: [view] ro: \"a\" must begin with / or ~/");
}
END_TEST

START_TEST(bases_are_searched_in_order_then_the_shipped_ones)
{
	ck_assert_int_eq(mkdir("second", 0700), 0);
	scratch_write("second/b.conf", "[limits]\nmemory = 1g\n");
	ck_assert_int_eq(compile("[profile]\nbase = b\n", 0), 0);
	apply_blob();
	ck_assert_uint_eq(set.memory_bytes, 1u << 30);
	scratch_write("b.conf", "[limits]\nmemory = 2g\n");
	ck_assert_int_eq(compile("[profile]\nbase = b\n", 0), 0);
	apply_blob();
	ck_assert_uint_eq(set.memory_bytes, 2ull << 30);
	ck_assert_int_eq(compile("[profile]\nbase = default\n", 0), 0);
	apply_blob();
	ck_assert_uint_gt(set.nrequests, 10);
}
END_TEST

START_TEST(a_profile_may_start_from_the_next_of_its_name)
{
	scratch_write("default.conf", "[profile]\nbase = default\n[limits]\nmemory = 3g\n");
	ck_assert_msg(compile_file("default.conf") == 0, "%s", err.text);
	apply_blob();
	ck_assert_uint_gt(set.nrequests, 10);
	ck_assert_uint_eq(set.memory_bytes, 3ull << 30);
}
END_TEST

START_TEST(circles_are_refused)
{
	scratch_write("a.conf", "[profile]\nbase = b\n");
	scratch_write("b.conf", "[profile]\nbase = a\n");
	ck_assert_int_lt(compile_file("a.conf"), 0);
	ck_assert_str_eq(
	        err.text,
	        "a.conf:2: [profile] base: ./b.conf:2: [profile] base: there is no profile a to "
	        "start from");
}
END_TEST

START_TEST(chains_have_a_limit)
{
	char name[16], text[64];

	for (int i = 0; i <= TF_BASE_DEPTH; i++) {
		snprintf(name, sizeof(name), "b%d.conf", i);
		snprintf(text, sizeof(text), "[profile]\nbase = b%d\n", i + 1);
		scratch_write(name, i == TF_BASE_DEPTH ? "[limits]\nmemory = 1g\n" : text);
	}
	ck_assert_msg(compile_file("b0.conf") == 0, "%s", err.text);
	apply_blob();
	ck_assert_uint_eq(set.memory_bytes, 1u << 30);
	ck_assert_int_lt(compile("[profile]\nbase = b0\n", 0), 0);
	ck_assert_msg(strstr(err.text, "more than 8 profiles") != NULL, "%s", err.text);
}
END_TEST

START_TEST(the_hash_covers_the_bases)
{
	uint64_t first;

	scratch_write("b.conf", "[limits]\nmemory = 1g\n");
	ck_assert_int_eq(compile("[profile]\nbase = b\n", 0), 0);
	first = blob.hash;
	scratch_write("b.conf", "[limits]\nmemory = 2g\n");
	ck_assert_int_eq(compile("[profile]\nbase = b\n", 0), 0);
	ck_assert_uint_ne(blob.hash, first);
}
END_TEST

START_TEST(turf_conf_selects_the_profile)
{
	ck_assert_int_eq(compile("[turf]\nprofile = strict\ntier = cooperative\nquiet = yes\n", 1),
	                 0);
	apply_blob();
	ck_assert_str_eq(set.profile, "strict");
	ck_assert_int_eq(set.tier, TF_TIER_COOPERATIVE);
	ck_assert_int_eq(set.is_quiet, 1);
}
END_TEST

static const char *const shipped[] = {"default", "strict", "build", "node", "python"};

START_TEST(shipped_profiles_are_compiled_as_embedded)
{
	const char *text;
	const void *plan;
	size_t n, size;

	text = tf_compile_shipped(shipped[_i], &n);
	ck_assert_ptr_nonnull(text);
	const struct tf_compile job = {.blob = &blob};

	ck_assert_msg(tf_compile_text(&job, shipped[_i], -1, text, n, &err) == 0, "%s", err.text);
	plan = tf_profile_embedded(shipped[_i], &size);
	ck_assert_ptr_nonnull(plan);
	ck_assert_uint_eq(size, blob.size);
	ck_assert_int_eq(memcmp(plan, blob.data, size), 0);
	apply_blob();
	ck_assert_int_eq(set.network, TF_NETWORK_NONE);
	ck_assert_int_eq(set.may_unix, 0);
}
END_TEST

START_TEST(unknown_names_are_not_shipped)
{
	size_t n;

	ck_assert_ptr_null(tf_compile_shipped("none", &n));
	ck_assert_ptr_null(tf_profile_embedded("none", &n));
}
END_TEST

#define NELEM(a) ((int)(sizeof(a) / sizeof((a)[0])))

Suite *test_compile_suite(void)
{
	Suite *s = suite_create("compile");
	TCase *tc = tcase_create("compile");

	tcase_add_checked_fixture(tc, scratch_make, scratch_drop);
	tcase_add_test(tc, a_profile_is_applied_as_written);
	tcase_add_loop_test(tc, errors_have_file_line_section_and_key, 0, NELEM(bad));
	tcase_add_test(tc, a_base_comes_first_and_loses);
	tcase_add_test(tc, errors_in_a_base_name_both_files);
	tcase_add_test(tc, bases_are_searched_in_order_then_the_shipped_ones);
	tcase_add_test(tc, a_profile_may_start_from_the_next_of_its_name);
	tcase_add_test(tc, circles_are_refused);
	tcase_add_test(tc, chains_have_a_limit);
	tcase_add_test(tc, the_hash_covers_the_bases);
	tcase_add_test(tc, turf_conf_selects_the_profile);
	tcase_add_loop_test(tc, shipped_profiles_are_compiled_as_embedded, 0, NELEM(shipped));
	tcase_add_test(tc, unknown_names_are_not_shipped);
	suite_add_tcase(s, tc);
	return s;
}
