/*
 * launcher/plan/rules: what the kernel will let through, and above all what it will not.
 */
#include "plan_fixture.h"

#define RX (TF_READ | TF_EXEC)
#define RWX (TF_READ | TF_WRITE | TF_EXEC)

static void make_rules(void)
{
	make_plan();
	int rc = tf_plan_rules(&plan, &places, &err);
	ck_assert_msg(rc == 0, "%d: %s", rc, err.text);
}

/* All that rules grant for exactly this path; 0 = there is none. */
static unsigned int granted(const char *host)
{
	unsigned int access = 0;

	for (unsigned int i = 0; i < plan.nrules; i++)
		if (strcmp(plan.rule[i].host, host) == 0)
			access |= plan.rule[i].access;
	return access;
}

/* What the kernel would allow there: rules for it and for every directory above it, listing apart. */
static unsigned int reachable(const char *host)
{
	unsigned int access = 0;

	for (unsigned int i = 0; i < plan.nrules; i++) {
		size_t n = strlen(plan.rule[i].host);

		if (strncmp(plan.rule[i].host, host, n) == 0 && (host[n] == '/' || host[n] == '\0'))
			access |= plan.rule[i].access & ~TF_RULE_LIST;
	}
	return access;
}

START_TEST(a_mapping_is_one_rule_with_its_access)
{
	shell("mkdir h/ro h/rw h/noexec; echo >h/f");
	request(TF_WANT_RO, below("h/ro"), "/ro");
	request(TF_WANT_RW, below("h/rw"), "/rw");
	request(TF_WANT_RO, below("h/noexec"), "/noexec")->is_noexec = 1;
	request(TF_WANT_RO, below("h/f"), "/f");
	make_rules();
	ck_assert_uint_eq(granted(below("h/ro")), RX);
	ck_assert_uint_eq(granted(below("h/rw")), RWX);
	ck_assert_uint_eq(granted(below("h/noexec")), TF_READ);
	ck_assert_uint_eq(granted(below("h/f")), RX);
	ck_assert_uint_eq(granted(below("w/fallback/b/code")), RWX);
	ck_assert_uint_eq(granted(plan.skeleton), TF_RULE_LIST);
	ck_assert_uint_eq(reachable(below("h")), 0);
}
END_TEST

START_TEST(turfs_own_files_can_be_read_and_only_the_shared_page_written)
{
	make_rules();
	ck_assert_uint_eq(granted(places.library), TF_READ);
	ck_assert_uint_eq(granted(places.view), TF_READ);
	ck_assert_uint_eq(granted(places.shared), TF_READ | TF_WRITE);
	ck_assert_uint_eq(reachable(places.box), 0);
	unsigned int n = plan.nrules;
	places.shared = "";
	make_rules();
	ck_assert_uint_eq(plan.nrules, n - 1);
}
END_TEST

START_TEST(something_hidden_is_left_out_and_its_siblings_granted)
{
	shell("mkdir -p h/d/a h/d/b; echo >h/d/b/x; echo >h/d/b/y; ln -s b/x h/d/link");
	request_same(TF_WANT_RW, below("h/d"));
	request_same(TF_WANT_HIDE, below("h/d/b/x"));
	make_rules();
	ck_assert_uint_eq(granted(below("h/d")), TF_RULE_LIST);
	ck_assert_uint_eq(granted(below("h/d/a")), RWX);
	ck_assert_uint_eq(granted(below("h/d/b")), TF_RULE_LIST);
	ck_assert_uint_eq(granted(below("h/d/b/y")), RWX);
	ck_assert_uint_eq(granted(below("h/d/link")), 0);
	ck_assert_uint_eq(reachable(below("h/d/b/x")), 0);
}
END_TEST

START_TEST(hiding_what_is_not_there_still_leaves_its_name_out)
{
	shell("mkdir -p h/d/a");
	request(TF_WANT_RW, below("h/d"), "/x");
	request_same(TF_WANT_HIDE, "/x/later");
	make_rules();
	ck_assert_uint_eq(reachable(below("h/d/later")), 0);
	ck_assert_uint_eq(reachable(below("h/d/a")), RWX);
}
END_TEST

START_TEST(read_only_below_writable_cannot_be_written)
{
	shell("mkdir -p h/d/ro h/d/other");
	request_same(TF_WANT_RW, below("h/d"));
	request_same(TF_WANT_RO, below("h/d/ro"));
	make_rules();
	ck_assert_uint_eq(reachable(below("h/d/ro")), RX);
	ck_assert_uint_eq(reachable(below("h/d/other")), RWX);
}
END_TEST

START_TEST(writable_below_read_only_needs_no_exception)
{
	shell("mkdir -p h/d/rw h/d/other");
	request_same(TF_WANT_RO, below("h/d"));
	request_same(TF_WANT_RW, below("h/d/rw"));
	make_rules();
	ck_assert_uint_eq(granted(below("h/d")), RX);
	ck_assert_uint_eq(granted(below("h/d/rw")), RWX);
	ck_assert_uint_eq(granted(below("h/d/other")), 0);
}
END_TEST

START_TEST(what_a_private_directory_covers_is_out_of_reach)
{
	shell("mkdir -p h/d/cache h/d/other");
	request_same(TF_WANT_RO, below("h/d"));
	request_same(TF_WANT_TMPFS, below("h/d/cache"));
	make_rules();
	ck_assert_uint_eq(reachable(below("h/d/cache")), 0);
	ck_assert_uint_eq(reachable(below("h/d/other")), RX);
	ck_assert_uint_eq(reachable(host_of(below("h/d/cache"))), RWX);
}
END_TEST

START_TEST(what_another_bind_covers_is_out_of_reach)
{
	shell("mkdir -p h/d/part h/other");
	request(TF_WANT_RW, below("h/d"), "/x");
	request(TF_WANT_RO, below("h/other"), "/x/part");
	make_rules();
	ck_assert_uint_eq(reachable(below("h/d/part")), 0);
	ck_assert_uint_eq(reachable(below("h/other")), RX);
}
END_TEST

START_TEST(the_work_dir_in_a_granted_home_is_out_of_reach)
{
	shell("mkdir -p h/src w/fallback/other; echo >w/fallback/other/secret");
	request_same(TF_WANT_RW, scratch);
	make_rules();
	ck_assert_uint_eq(reachable(below("h/src")), RWX);
	ck_assert_uint_eq(reachable(below("w")), 0);
	ck_assert_uint_eq(reachable(below("w/fallback/other/secret")), 0);
	ck_assert_uint_eq(reachable(below("w/fallback/b/code")), RWX);
}
END_TEST

START_TEST(a_link_grants_nothing_of_its_own)
{
	shell("mkdir -p h/d/bin; ln -s d/bin h/bin");
	request_same(TF_WANT_RO, below("h/d"));
	request_same(TF_WANT_RO, below("h/bin"));
	make_rules();
	ck_assert_uint_eq(granted(below("h/d/bin")), 0);
	ck_assert_uint_eq(granted(below("h/bin")), 0);
	ck_assert_uint_eq(granted(below("h/d")), RX);
}
END_TEST

START_TEST(only_a_single_writable_file_may_be_a_device_to_talk_to)
{
	request_same(TF_WANT_RW, "/dev/null");
	request_same(TF_WANT_RO, "/dev/zero");
	make_rules();
	ck_assert_uint_eq(granted("/dev/null") & TF_RULE_IOCTL, TF_RULE_IOCTL);
	ck_assert_uint_eq(granted("/dev/zero") & TF_RULE_IOCTL, 0);
}
END_TEST

START_TEST(rules_use_the_descriptors_that_the_plan_looked_up)
{
	shell("mkdir -p h/d; echo >h/f");
	request(TF_WANT_RO, below("h/d"), "/d");
	request(TF_WANT_RO, below("h/f"), "/f");
	make_rules();
	for (unsigned int i = 0; i < plan.nrules; i++) {
		const struct tf_rule *r = &plan.rule[i];

		if (strcmp(r->host, below("h/d")) == 0) {
			ck_assert_int_ge(r->fd, 0);
			ck_assert_int_eq(r->is_dir, 1);
		} else if (strcmp(r->host, below("h/f")) == 0) {
			ck_assert_int_ge(r->fd, 0);
			ck_assert_int_eq(r->is_dir, 0);
		} else {
			ck_assert_int_eq(r->fd, -1);
		}
	}
}
END_TEST

START_TEST(too_many_siblings_are_an_error_not_a_hole)
{
	shell("mkdir h/d; cd h/d; seq 1 4200 | xargs touch");
	request(TF_WANT_RW, below("h/d"), "/x");
	make_rules();
	request_same(TF_WANT_HIDE, "/x/77");
	make_plan();
	ck_assert_int_eq(tf_plan_rules(&plan, &places, &err), -E2BIG);
	ck_assert_int_eq(err.code, TF_E_PATH);
	err_holds("hide");
}
END_TEST

Suite *test_rules_suite(void)
{
	Suite *suite = suite_create("rules");
	TCase *tc = tcase_create("rules");

	tcase_set_timeout(tc, 30);
	tcase_add_checked_fixture(tc, plan_fixture_make, plan_fixture_drop);
	tcase_add_test(tc, a_mapping_is_one_rule_with_its_access);
	tcase_add_test(tc, turfs_own_files_can_be_read_and_only_the_shared_page_written);
	tcase_add_test(tc, something_hidden_is_left_out_and_its_siblings_granted);
	tcase_add_test(tc, hiding_what_is_not_there_still_leaves_its_name_out);
	tcase_add_test(tc, read_only_below_writable_cannot_be_written);
	tcase_add_test(tc, writable_below_read_only_needs_no_exception);
	tcase_add_test(tc, what_a_private_directory_covers_is_out_of_reach);
	tcase_add_test(tc, what_another_bind_covers_is_out_of_reach);
	tcase_add_test(tc, the_work_dir_in_a_granted_home_is_out_of_reach);
	tcase_add_test(tc, a_link_grants_nothing_of_its_own);
	tcase_add_test(tc, only_a_single_writable_file_may_be_a_device_to_talk_to);
	tcase_add_test(tc, rules_use_the_descriptors_that_the_plan_looked_up);
	tcase_add_test(tc, too_many_siblings_are_an_error_not_a_hole);
	suite_add_tcase(suite, tc);
	return suite;
}
