/*
 * launcher/plan/profile_load: where profiles are looked for, and the cache of their compiled forms. The text itself is
 * read by the turf-compile that stands beside this test.
 */
#include <dirent.h>
#include <errno.h>

#include "launcher/plan/profile.h"
#include "scratch_dir.h"

static struct tf_settings set;
static struct tf_err err;
static char work[128];

static void setup(void)
{
	char path[128];

	scratch_make();
	ck_assert_int_eq(mkdir("work", 0700) + mkdir("work/conf", 0700) +
	                         mkdir("work/conf/profiles", 0700),
	                 0);
	ck_assert_int_eq(
	        mkdir("xdg", 0700) + mkdir("xdg/turf", 0700) + mkdir("xdg/turf/profiles", 0700), 0);
	snprintf(work, sizeof(work), "%s/work", scratch);
	snprintf(path, sizeof(path), "%s/xdg", scratch);
	ck_assert_int_eq(setenv("XDG_CONFIG_HOME", path, 1), 0);
	/* turf-compile may start no process, which LeakSanitizer needs at its end (make asan). */
	ck_assert_int_eq(setenv("ASAN_OPTIONS", "detect_leaks=0", 1), 0);
	tf_settings_init(&set);
	memset(&err, 0, sizeof(err));
}

static int load(const char *name)
{
	return tf_profile_load(name, work, &set, &err);
}

static void must_load(const char *name)
{
	int rc = load(name);

	ck_assert_msg(rc == 0, "%d: %s", rc, err.text);
}

static unsigned int cached(void)
{
	DIR *dir = opendir("work/cache");
	unsigned int n = 0;

	if (!dir)
		return 0;
	for (struct dirent *e = readdir(dir); e; e = readdir(dir))
		n += e->d_name[0] != '.';
	closedir(dir);
	return n;
}

START_TEST(shipped_ones_need_no_file)
{
	must_load("default");
	ck_assert_uint_gt(set.nrequests, 5);
	ck_assert_uint_eq(cached(), 0);
}
END_TEST

START_TEST(an_unknown_name_is_said_with_the_known_ones)
{
	ck_assert_int_lt(load("nosuch"), 0);
	ck_assert_int_eq(err.code, TF_E_PROFILE);
	ck_assert_ptr_nonnull(strstr(err.text, "nosuch"));
	ck_assert_ptr_nonnull(strstr(err.text, "default"));
}
END_TEST

START_TEST(the_work_dir_comes_before_the_users_configuration_and_the_shipped)
{
	scratch_write("xdg/turf/profiles/build.conf", "[limits]\nmemory = 32m\n");
	must_load("build");
	ck_assert_uint_eq(set.memory_bytes, 32u << 20);
	scratch_write("work/conf/profiles/build.conf", "[limits]\nmemory = 16m\n");
	must_load("build");
	ck_assert_uint_eq(set.memory_bytes, 16u << 20);
}
END_TEST

START_TEST(a_name_with_a_slash_is_a_file)
{
	scratch_write("mine.conf", "[limits]\npids-limit = 7\n");
	must_load("./mine.conf");
	ck_assert_uint_eq(set.pids, 7);
	ck_assert_int_lt(load("./none.conf"), 0);
}
END_TEST

START_TEST(a_changed_text_is_compiled_again_an_unchanged_one_is_not)
{
	scratch_write("work/conf/profiles/mine.conf", "[limits]\npids-limit = 7\n");
	must_load("mine");
	must_load("mine");
	ck_assert_uint_eq(cached(), 1);
	scratch_write("work/conf/profiles/mine.conf", "[limits]\npids-limit = 8\n");
	must_load("mine");
	ck_assert_uint_eq(set.pids, 8);
	ck_assert_uint_eq(cached(), 2);
}
END_TEST

START_TEST(a_changed_base_is_compiled_again)
{
	scratch_write("work/conf/profiles/low.conf", "[limits]\npids-limit = 7\n");
	scratch_write("work/conf/profiles/mine.conf",
	              "[profile]\nbase = low\n[limits]\nmemory = 16m\n");
	must_load("mine");
	ck_assert_uint_eq(set.pids, 7);
	scratch_write("work/conf/profiles/low.conf", "[limits]\npids-limit = 9\n");
	must_load("mine");
	ck_assert_uint_eq(set.pids, 9);
	ck_assert_uint_eq(set.memory_bytes, 16u << 20);
}
END_TEST

START_TEST(an_own_profile_can_be_based_on_the_shipped_one_of_its_name)
{
	scratch_write("work/conf/profiles/default.conf",
	              "[profile]\nbase = default\n[limits]\npids-limit = 7\n");
	must_load("default");
	ck_assert_uint_eq(set.pids, 7);
	ck_assert_uint_gt(set.nrequests, 5);
}
END_TEST

START_TEST(a_wrong_text_is_an_error_and_leaves_nothing)
{
	scratch_write("work/conf/profiles/mine.conf", "[limits]\nnosuch = 7\n");
	/* turf-compile says file and line itself, on stderr. */
	ck_assert_ptr_nonnull(freopen("said", "w", stderr));
	ck_assert_int_lt(load("mine"), 0);
	fflush(stderr);
	ck_assert_int_eq(err.code, TF_E_PROFILE);
	ck_assert_ptr_nonnull(strstr(scratch_read("said"), "mine.conf:2"));
	ck_assert_uint_eq(cached(), 0);
}
END_TEST

START_TEST(a_damaged_cache_is_not_believed)
{
	char path[200];
	struct dirent *e;
	DIR *dir;

	scratch_write("work/conf/profiles/mine.conf", "[limits]\npids-limit = 7\n");
	must_load("mine");
	dir = opendir("work/cache");
	ck_assert_ptr_nonnull(dir);
	while ((e = readdir(dir)) && e->d_name[0] == '.')
		;
	ck_assert_ptr_nonnull(e);
	snprintf(path, sizeof(path), "work/cache/%.100s", e->d_name);
	closedir(dir);
	ck_assert_int_eq(chmod(path, 0600), 0);
	scratch_write(path, "not a profile at all, but long enough for a head");
	tf_settings_init(&set);
	ck_assert_int_lt(load("mine"), 0);
	ck_assert_uint_eq(set.pids, 0);
}
END_TEST

START_TEST(a_file_that_cannot_be_read_is_not_passed_over)
{
	if (geteuid() == 0)
		unit_skip("root reads every file");
	scratch_write("work/conf/profiles/default.conf", "[limits]\npids-limit = 7\n");
	ck_assert_int_eq(chmod("work/conf/profiles/default.conf", 0), 0);
	ck_assert_int_lt(load("default"), 0);
	ck_assert_int_eq(err.code, TF_E_PROFILE);
}
END_TEST

START_TEST(turf_conf_names_the_profile_and_may_be_missing)
{
	ck_assert_int_eq(tf_conf_load(work, &set, &err), 0);
	ck_assert_ptr_null(set.profile);
	scratch_write("work/conf/turf.conf", "[turf]\nprofile = strict\ntier = cooperative\n");
	ck_assert_int_eq(tf_conf_load(work, &set, &err), 0);
	ck_assert_str_eq(set.profile, "strict");
	ck_assert_int_eq(set.tier, TF_TIER_COOPERATIVE);
}
END_TEST

Suite *test_profile_load_suite(void)
{
	Suite *suite = suite_create("profile_load");
	TCase *tc = tcase_create("profile_load");

	tcase_add_checked_fixture(tc, setup, scratch_drop);
	tcase_add_test(tc, shipped_ones_need_no_file);
	tcase_add_test(tc, an_unknown_name_is_said_with_the_known_ones);
	tcase_add_test(tc, the_work_dir_comes_before_the_users_configuration_and_the_shipped);
	tcase_add_test(tc, a_name_with_a_slash_is_a_file);
	tcase_add_test(tc, a_changed_text_is_compiled_again_an_unchanged_one_is_not);
	tcase_add_test(tc, a_changed_base_is_compiled_again);
	tcase_add_test(tc, an_own_profile_can_be_based_on_the_shipped_one_of_its_name);
	tcase_add_test(tc, a_wrong_text_is_an_error_and_leaves_nothing);
	tcase_add_test(tc, a_damaged_cache_is_not_believed);
	tcase_add_test(tc, a_file_that_cannot_be_read_is_not_passed_over);
	tcase_add_test(tc, turf_conf_names_the_profile_and_may_be_missing);
	suite_add_tcase(suite, tc);
	return suite;
}
