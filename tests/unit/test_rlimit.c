/*
 * Limits and the tag. libcheck forks for every test: limits that are set here stay here.
 */
#include <errno.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher/kernel/rlimit.h"
#include "unit.h"

START_TEST(limits_are_set_in_order)
{
	static const struct tf_ulimit list[] = {
	        {RLIMIT_NOFILE, 40, 50}, {RLIMIT_CORE, 0, 0}, {RLIMIT_NOFILE, 30, 45}};
	struct rlimit limit;

	ck_assert_int_eq(tf_rlimit_apply(list, 3), 0);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	ck_assert_uint_eq(limit.rlim_cur, 30);
	ck_assert_uint_eq(limit.rlim_max, 45);
	ck_assert_int_eq(getrlimit(RLIMIT_CORE, &limit), 0);
	ck_assert_uint_eq(limit.rlim_max, 0);
}
END_TEST

START_TEST(a_limit_that_cannot_be_is_an_error)
{
	static const struct tf_ulimit wrong = {RLIMIT_NOFILE, 50, 40}, unknown = {999, 1, 1};

	ck_assert_int_eq(tf_rlimit_apply(&wrong, 1), -EINVAL);
	ck_assert_int_eq(tf_rlimit_apply(&unknown, 1), -EINVAL);
	ck_assert_int_eq(tf_rlimit_apply(NULL, 0), 0);
}
END_TEST

START_TEST(the_tag_is_inherited_and_readable)
{
	const uint64_t tag = 0x7e57f00d12345ull;
	uint64_t seen = 0;
	int status;
	pid_t pid;

	ck_assert_int_eq(tf_rlimit_tag(tag), 0);
	ck_assert_int_eq(tf_rlimit_read_tag(&seen), 0);
	ck_assert_uint_eq(seen, tag);
	pid = fork();
	if (!pid) {
		setsid();
		_exit(tf_rlimit_read_tag(&seen) || seen != tag);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}
END_TEST

Suite *test_rlimit_suite(void)
{
	Suite *suite = suite_create("rlimit");
	TCase *tcase = tcase_create("limits");

	tcase_add_test(tcase, limits_are_set_in_order);
	tcase_add_test(tcase, a_limit_that_cannot_be_is_an_error);
	tcase_add_test(tcase, the_tag_is_inherited_and_readable);
	suite_add_tcase(suite, tcase);
	return suite;
}
