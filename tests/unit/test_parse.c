/*
 * launcher/base/parse: sizes, durations, numbers, ports, names.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "launcher/base/parse.h"
#include "unit.h"

#define NELEM(a) ((int)(sizeof(a) / sizeof((a)[0])))

static const struct {
	const char *text;
	int rc;
	uint64_t value;
} sizes[] = {
        {"0", 0, 0},
        {"512", 0, 512},
        {"100b", 0, 100},
        {"64m", 0, 64ull << 20},
        {"64M", 0, 64ull << 20},
        {"64mb", 0, 64ull << 20},
        {"64MiB", 0, 64ull << 20},
        {"1.5g", 0, 3ull << 29},
        {"1.5GiB", 0, 3ull << 29},
        {"0.5k", 0, 512},
        {"2t", 0, 2ull << 40},
        {"18446744073709551615", 0, UINT64_MAX},
        {"18446744073709551616", -ERANGE, 0},
        {"16777216t", -ERANGE, 0},
        {"99999999999999999999g", -ERANGE, 0},
        {"1.0000000001g", -ERANGE, 0},
        {"", -EINVAL, 0},
        {"m", -EINVAL, 0},
        {"-1", -EINVAL, 0},
        {"+1", -EINVAL, 0},
        {" 1", -EINVAL, 0},
        {"1 m", -EINVAL, 0},
        {"1.", -EINVAL, 0},
        {".5m", -EINVAL, 0},
        {"1.5", -EINVAL, 0},
        {"1.5b", -EINVAL, 0},
        {"1bb", -EINVAL, 0},
        {"1ib", -EINVAL, 0},
        {"1mi", -EINVAL, 0},
        {"1mib ", -EINVAL, 0},
        {"1x", -EINVAL, 0},
        {"0x10", -EINVAL, 0},
        {"1e3", -EINVAL, 0},
        {"1,5g", -EINVAL, 0},
};

START_TEST(sizes_are_exact_or_refused)
{
	uint64_t value = 0xeeee;
	int rc = tf_parse_size(sizes[_i].text, &value);

	ck_assert_msg(rc == sizes[_i].rc, "\"%s\": %d, expected %d", sizes[_i].text, rc,
	              sizes[_i].rc);
	ck_assert_msg(value == (rc ? 0xeeee : sizes[_i].value), "\"%s\": %llu", sizes[_i].text,
	              (unsigned long long)value);
}
END_TEST

static const struct {
	const char *text;
	int rc;
	uint64_t ms;
} times[] = {
        {"0", 0, 0},           {"30", 0, 30000},
        {"1.5", 0, 1500},      {"1.5s", 0, 1500},
        {"100ms", 0, 100},     {"2m", 0, 120000},
        {"1h30m", 0, 5400000}, {"1d", 0, 86400000},
        {"1m0.5s", 0, 60500},  {"0.0001s", -ERANGE, 0},
        {"0.5ms", -ERANGE, 0}, {"300000000000d", -ERANGE, 0},
        {"1h30", -EINVAL, 0},  {"1m1m", -EINVAL, 0},
        {"1s1m", -EINVAL, 0},  {"1m1ms1s", -EINVAL, 0},
        {"s", -EINVAL, 0},     {"", -EINVAL, 0},
        {"-1s", -EINVAL, 0},   {"1S", -EINVAL, 0},
        {"1 s", -EINVAL, 0},   {"1s ", -EINVAL, 0},
        {"1w", -EINVAL, 0},
};

START_TEST(durations_are_exact_or_refused)
{
	uint64_t ms = 0xeeee;
	int rc = tf_parse_duration(times[_i].text, &ms);

	ck_assert_msg(rc == times[_i].rc, "\"%s\": %d, expected %d", times[_i].text, rc,
	              times[_i].rc);
	ck_assert_msg(ms == (rc ? 0xeeee : times[_i].ms), "\"%s\": %llu", times[_i].text,
	              (unsigned long long)ms);
}
END_TEST

START_TEST(numbers_have_a_limit_and_nothing_around_them)
{
	uint64_t n = 0;

	ck_assert_int_eq(tf_parse_uint("42", 42, &n), 0);
	ck_assert_uint_eq(n, 42);
	ck_assert_int_eq(tf_parse_uint("43", 42, &n), -ERANGE);
	ck_assert_int_eq(tf_parse_uint("-1", UINT64_MAX, &n), -EINVAL);
	ck_assert_int_eq(tf_parse_uint("4 ", 42, &n), -EINVAL);
	ck_assert_int_eq(tf_parse_uint("", 42, &n), -EINVAL);
	ck_assert_uint_eq(n, 42);
}
END_TEST

START_TEST(ports_are_one_or_a_range_upwards)
{
	uint16_t a = 1, b = 1;

	ck_assert_int_eq(tf_parse_ports("443", &a, &b), 0);
	ck_assert_uint_eq(a, 443);
	ck_assert_uint_eq(b, 443);
	ck_assert_int_eq(tf_parse_ports("8000-8010", &a, &b), 0);
	ck_assert_uint_eq(a, 8000);
	ck_assert_uint_eq(b, 8010);
	ck_assert_int_eq(tf_parse_ports("65535", &a, &b), 0);
	ck_assert_int_eq(tf_parse_ports("65536", &a, &b), -ERANGE);
	ck_assert_int_eq(tf_parse_ports("10-9", &a, &b), -ERANGE);
	ck_assert_int_eq(tf_parse_ports("1-2-3", &a, &b), -EINVAL);
	ck_assert_int_eq(tf_parse_ports("-2", &a, &b), -EINVAL);
	ck_assert_int_eq(tf_parse_ports("1-", &a, &b), -EINVAL);
	ck_assert_int_eq(tf_parse_ports("http", &a, &b), -EINVAL);
}
END_TEST

START_TEST(booleans_have_eight_words)
{
	static const char *const yes[] = {"yes", "true", "on", "1"}, *const no[] = {"no", "false",
	                                                                            "off", "0"};
	int value;

	for (int i = 0; i < 4; i++) {
		ck_assert_int_eq(tf_parse_bool(yes[i], &value), 0);
		ck_assert_int_eq(value, 1);
		ck_assert_int_eq(tf_parse_bool(no[i], &value), 0);
		ck_assert_int_eq(value, 0);
	}
	ck_assert_int_eq(tf_parse_bool("Yes", &value), -EINVAL);
	ck_assert_int_eq(tf_parse_bool("", &value), -EINVAL);
}
END_TEST

START_TEST(names_are_safe_as_file_names_and_words)
{
	static const char *const good[] = {
	        "a",
	        "A9",
	        "_x",
	        "+x",
	        "a.b-c+d_e",
	        "0",
	        "0123456789012345678901234567890123456789012345678901234567890123"};
	static const char *const bad[] = {
	        "",
	        "-a",
	        ".a",
	        "..",
	        ".",
	        "a/b",
	        "a b",
	        "a\n",
	        "a'",
	        "\xc3\xa4",
	        "a;b",
	        "a$b",
	        "01234567890123456789012345678901234567890123456789012345678901234"};

	for (int i = 0; i < NELEM(good); i++)
		ck_assert_msg(tf_parse_name(good[i]) == 0, "%s", good[i]);
	for (int i = 0; i < NELEM(bad); i++)
		ck_assert_msg(tf_parse_name(bad[i]) < 0, "%s", bad[i]);
}
END_TEST

START_TEST(words_are_listed_without_overrun)
{
	static const char *const words[] = {"aa", "bb", "cc"};
	char buf[9];

	ck_assert_int_eq(tf_parse_word("cc", words, 3), 2);
	ck_assert_int_eq(tf_parse_word("c", words, 3), -EINVAL);
	ck_assert_str_eq(tf_parse_list_words(words, 3, buf, sizeof(buf)), "aa, bb");
	ck_assert_str_eq(tf_parse_list_words(words, 3, buf, 1), "");
}
END_TEST

Suite *test_parse_suite(void)
{
	Suite *s = suite_create("parse");
	TCase *tc = tcase_create("parse");

	tcase_add_loop_test(tc, sizes_are_exact_or_refused, 0, NELEM(sizes));
	tcase_add_loop_test(tc, durations_are_exact_or_refused, 0, NELEM(times));
	tcase_add_test(tc, numbers_have_a_limit_and_nothing_around_them);
	tcase_add_test(tc, ports_are_one_or_a_range_upwards);
	tcase_add_test(tc, booleans_have_eight_words);
	tcase_add_test(tc, names_are_safe_as_file_names_and_words);
	tcase_add_test(tc, words_are_listed_without_overrun);
	suite_add_tcase(s, tc);
	return s;
}
