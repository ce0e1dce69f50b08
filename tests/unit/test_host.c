/*
 * The command line of `turf info` and `turf doctor`, and the probing that both do.
 */
#include <errno.h>
#include <string.h>

#include "launcher/cli/host.h"
#include "unit.h"

static struct tf_err err;

static int options(char *one, char *two, enum tf_host_format *ret)
{
	char name[] = "info", *argv[] = {name, one, two, NULL};

	return tf_host_options(one ? two ? 3 : 2 : 1, argv, ret, &err);
}

static char format[] = "--format", json[] = "json", table[] = "table", yaml[] = "yaml";
static char with_json[] = "--format=json", with_yaml[] = "--format=yaml", h[] = "-h";
static char help[] = "--help", unknown[] = "--frmat", word[] = "x";

START_TEST(formats_are_read)
{
	enum tf_host_format got = TF_HOST_HELP;

	ck_assert_int_eq(options(NULL, NULL, &got), 0);
	ck_assert_int_eq(got, TF_HOST_TABLE);
	ck_assert_int_eq(options(format, json, &got), 0);
	ck_assert_int_eq(got, TF_HOST_JSON);
	ck_assert_int_eq(options(format, table, &got), 0);
	ck_assert_int_eq(got, TF_HOST_TABLE);
	ck_assert_int_eq(options(with_json, NULL, &got), 0);
	ck_assert_int_eq(got, TF_HOST_JSON);
	ck_assert_int_eq(options(with_json, h, &got), 0);
	ck_assert_int_eq(got, TF_HOST_HELP);
	ck_assert_int_eq(options(help, NULL, &got), 0);
	ck_assert_int_eq(got, TF_HOST_HELP);
}
END_TEST

START_TEST(what_is_wrong_is_named)
{
	enum tf_host_format got = TF_HOST_HELP;

	ck_assert_int_eq(options(unknown, NULL, &got), -EINVAL);
	ck_assert_int_eq(err.code, TF_E_OPTION);
	ck_assert_ptr_nonnull(strstr(err.text, unknown));
	ck_assert_int_eq(options(format, NULL, &got), -EINVAL);
	ck_assert_int_eq(err.code, TF_E_USAGE);
	ck_assert_int_eq(options(format, yaml, &got), -EINVAL);
	ck_assert_int_eq(err.code, TF_E_VALUE);
	ck_assert_int_eq(options(with_yaml, NULL, &got), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.text, yaml));
	ck_assert_int_eq(options(word, NULL, &got), -EINVAL);
	ck_assert_int_eq(err.code, TF_E_USAGE);
	ck_assert_int_eq(got, TF_HOST_HELP);
}
END_TEST

START_TEST(the_tier_agrees_with_its_probes)
{
	struct tf_host host;

	tf_host_probe(&host);
	ck_assert_int_eq(host.has_tier, host.probe[TF_PROBE_LANDLOCK].is_there &&
	                                        host.probe[TF_PROBE_SECCOMP].is_there);
	ck_assert_int_eq(host.has_tier, host.tier_err.text[0] == '\0');
}
END_TEST

Suite *test_host_suite(void)
{
	Suite *suite = suite_create("host");
	TCase *tcase = tcase_create("commands");

	tcase_set_timeout(tcase, 20);
	tcase_add_test(tcase, formats_are_read);
	tcase_add_test(tcase, what_is_wrong_is_named);
	tcase_add_test(tcase, the_tier_agrees_with_its_probes);
	suite_add_tcase(suite, tcase);
	return suite;
}
