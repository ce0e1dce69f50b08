/*
 * launcher/plan/rules: what the kernel is told to let through. The claim of all of them: no rule reaches what the view
 * hides or gives with less.
 */
#include <errno.h>

#include "plan_scene.h"

/* The access that a rule gives at exactly this host path; -1 = no rule. */
static int rule_at(const char *host)
{
	for (unsigned int i = 0; i < plan.nrules; i++)
		if (strcmp(plan.rule[i].host, host) == 0)
			return (int)plan.rule[i].access;
	return -1;
}

/* All that the rules give to a host path: Landlock adds up what stands above it. LIST is for one directory only. */
static unsigned int granted(const char *host)
{
	unsigned int access = 0;

	for (unsigned int i = 0; i < plan.nrules; i++) {
		const struct tf_rule *r = &plan.rule[i];
		size_t n = strlen(r->host);

		if (strncmp(host, r->host, n) == 0 && (host[n] == '/' || host[n] == '\0'))
			access |= r->access & ~TF_RULE_LIST;
	}
	return access;
}

static int make_rules(void)
{
	must_plan();
	return tf_plan_rules(&plan, &places, &err);
}

START_TEST(a_mapping_is_one_rule_with_its_access)
{
	ask(TF_WANT_RO, below("data"), "/d");
	ask(TF_WANT_RW, below("file"), "/f");
	ck_assert_int_eq(make_rules(), 0);
	ck_assert_int_eq(rule_at(below("data")), TF_READ | TF_EXEC);
	ck_assert_int_eq(rule_at(below("file")), TF_READ | TF_WRITE | TF_EXEC | TF_RULE_IOCTL);
	ck_assert_uint_eq(granted(below("work/fallback/other")), 0);
	ck_assert_uint_eq(granted(below("")), 0);
}
END_TEST

START_TEST(what_is_hidden_is_not_granted_but_its_siblings_are)
{
	ask(TF_WANT_RW, below("data"), "/d");
	ask(TF_WANT_HIDE, NULL, "/d/secret");
	ck_assert_int_eq(make_rules(), 0);
	ck_assert_uint_eq(granted(below("data/secret")), 0);
	ck_assert_uint_eq(granted(below("data/secret/s")), 0);
	ck_assert_int_eq(rule_at(below("data")), TF_RULE_LIST);
	ck_assert_uint_eq(granted(below("data/a")) & TF_WRITE, TF_WRITE);
	ck_assert_uint_eq(granted(below("data/sub/b")) & TF_WRITE, TF_WRITE);
}
END_TEST

START_TEST(what_is_hidden_deep_down_leaves_the_way_for_listing_only)
{
	ask(TF_WANT_RO, below(""), "/all");
	ask(TF_WANT_HIDE, NULL, "/all/data/secret");
	ck_assert_int_eq(make_rules(), 0);
	ck_assert_int_eq(rule_at(below("")), TF_RULE_LIST);
	ck_assert_int_eq(rule_at(below("data")), TF_RULE_LIST);
	ck_assert_uint_eq(granted(below("data/secret/s")), 0);
	ck_assert_uint_eq(granted(below("data/a")), TF_READ | TF_EXEC);
	ck_assert_uint_eq(granted(below("file")), TF_READ | TF_EXEC);
	/* The work dir is hidden by turf itself. */
	ck_assert_uint_eq(granted(below("work/fallback/other")), 0);
}
END_TEST

START_TEST(read_only_below_writable_gets_no_write)
{
	ask(TF_WANT_RW, below("data"), "/d");
	ask(TF_WANT_RO, below("data/sub"), "/d/sub");
	ck_assert_int_eq(make_rules(), 0);
	ck_assert_uint_eq(granted(below("data/sub/b")), TF_READ | TF_EXEC);
	ck_assert_uint_eq(granted(below("data/a")) & TF_WRITE, TF_WRITE);
}
END_TEST

START_TEST(writable_below_read_only_needs_no_siblings)
{
	ask(TF_WANT_RO, below("data"), "/d");
	ask(TF_WANT_RW, below("data/sub"), "/d/sub");
	ck_assert_int_eq(make_rules(), 0);
	ck_assert_int_eq(rule_at(below("data")), TF_READ | TF_EXEC);
	ck_assert_uint_eq(granted(below("data/sub/b")), TF_READ | TF_WRITE | TF_EXEC);
	ck_assert_uint_eq(granted(below("data/a")) & TF_WRITE, 0);
}
END_TEST

START_TEST(a_place_that_something_else_covers_is_not_granted)
{
	ask(TF_WANT_RO, below("data"), "/d");
	ask(TF_WANT_TMPFS, NULL, "/d/secret");
	ck_assert_int_eq(make_rules(), 0);
	ck_assert_uint_eq(granted(below("data/secret/s")), 0);
	ck_assert_uint_eq(granted(host_of("/d/secret")) & TF_WRITE, TF_WRITE);
}
END_TEST

START_TEST(symlinks_beside_a_hidden_name_are_no_grants)
{
	ck_assert_int_eq(symlink("/etc", "data/way-out"), 0);
	ask(TF_WANT_RW, below("data"), "/d");
	ask(TF_WANT_HIDE, NULL, "/d/secret");
	ck_assert_int_eq(make_rules(), 0);
	ck_assert_int_eq(rule_at(below("data/way-out")), -1);
}
END_TEST

START_TEST(the_empty_root_is_for_listing)
{
	ck_assert_int_eq(make_rules(), 0);
	ck_assert_int_eq(rule_at(plan.skeleton), TF_RULE_LIST);
}
END_TEST

START_TEST(library_and_view_can_be_read_and_no_more)
{
	ck_assert_int_eq(make_rules(), 0);
	ck_assert_int_eq(rule_at(places.library), TF_READ);
	ck_assert_int_eq(rule_at(places.view), TF_READ);
	ck_assert_int_eq(rule_at(places.shared), TF_READ | TF_WRITE);
}
END_TEST

START_TEST(too_many_siblings_are_refused_not_left_out)
{
	char name[32];

	for (int i = 0; i <= TF_PLAN_MAX_RULES; i++) {
		snprintf(name, sizeof(name), "data/%d", i);
		ck_assert_int_ge(close(open(name, O_CREAT | O_WRONLY | O_CLOEXEC, 0600)), 0);
	}
	ask(TF_WANT_RO, below("data"), "/d");
	ask(TF_WANT_HIDE, NULL, "/d/secret");
	ck_assert_int_eq(make_rules(), -E2BIG);
	ck_assert_int_eq(err.code, TF_E_PATH);
}
END_TEST

Suite *test_rules_suite(void)
{
	Suite *suite = suite_create("rules");
	TCase *tc = tcase_create("rules");

	tcase_set_timeout(tc, 20);
	tcase_add_checked_fixture(tc, plan_scene_make, plan_scene_drop);
	tcase_add_test(tc, a_mapping_is_one_rule_with_its_access);
	tcase_add_test(tc, what_is_hidden_is_not_granted_but_its_siblings_are);
	tcase_add_test(tc, what_is_hidden_deep_down_leaves_the_way_for_listing_only);
	tcase_add_test(tc, read_only_below_writable_gets_no_write);
	tcase_add_test(tc, writable_below_read_only_needs_no_siblings);
	tcase_add_test(tc, a_place_that_something_else_covers_is_not_granted);
	tcase_add_test(tc, symlinks_beside_a_hidden_name_are_no_grants);
	tcase_add_test(tc, the_empty_root_is_for_listing);
	tcase_add_test(tc, library_and_view_can_be_read_and_no_more);
	tcase_add_test(tc, too_many_siblings_are_refused_not_left_out);
	suite_add_tcase(suite, tc);
	return suite;
}
