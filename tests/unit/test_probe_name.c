/*
 * The words of --require.
 */
#include <errno.h>
#include <string.h>

#include "launcher/kernel/probe.h"
#include "unit.h"

START_TEST(words_become_bits)
{
	uint32_t bits = 0;

	ck_assert_int_eq(tf_probe_parse("landlock", &bits, NULL), 0);
	ck_assert_uint_eq(bits, 1u << TF_PROBE_LANDLOCK);
	ck_assert_int_eq(tf_probe_parse("landlock-net,cni,landlock-net", &bits, NULL), 0);
	ck_assert_uint_eq(bits, 1u << TF_PROBE_LANDLOCK_NET | 1u << TF_PROBE_CNI);
	ck_assert_int_eq(tf_probe_parse("cgroup,cgroup2", &bits, NULL), 0);
	ck_assert_uint_eq(bits, TF_REQUIRE_CGROUP | 1u << TF_PROBE_CGROUP2);
}
END_TEST

START_TEST(every_name_is_known_and_unique)
{
	uint32_t all = 0, bits;

	for (int id = 0; id < TF_PROBE_COUNT; id++) {
		ck_assert_int_eq(tf_probe_parse(tf_probe_names[id], &bits, NULL), 0);
		ck_assert_uint_eq(bits, 1u << id);
		ck_assert_uint_eq(all & bits, 0);
		all |= bits;
	}
	ck_assert_uint_eq(all & TF_REQUIRE_CGROUP, 0);
}
END_TEST

START_TEST(an_unknown_word_is_named_with_the_known_ones)
{
	static const char *const wrong[] = {"",         ",",         "landlock,", ",landlock",
	                                    "Landlock", "landlock ", "land",      "landlock-netx"};
	uint32_t bits = 77;
	struct tf_err err;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		ck_assert_msg(tf_probe_parse(wrong[i], &bits, NULL) == -EINVAL, "\"%s\"", wrong[i]);
		ck_assert_uint_eq(bits, 77);
	}
	tf_probe_parse("seccomp,warp,cni", &bits, &err);
	ck_assert_int_eq(err.code, TF_E_VALUE);
	ck_assert_ptr_nonnull(strstr(err.text, "\"warp\""));
	for (int id = 0; id < TF_PROBE_COUNT; id++)
		ck_assert_msg(strstr(err.text, tf_probe_names[id]) != NULL, "%s",
		              tf_probe_names[id]);
}
END_TEST

Suite *test_probe_name_suite(void)
{
	Suite *suite = suite_create("probe_name");
	TCase *tcase = tcase_create("words");

	tcase_add_test(tcase, words_become_bits);
	tcase_add_test(tcase, every_name_is_known_and_unique);
	tcase_add_test(tcase, an_unknown_word_is_named_with_the_known_ones);
	suite_add_tcase(suite, tcase);
	return suite;
}
