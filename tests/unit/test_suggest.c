/*
 * launcher/cli/suggest: did you mean.
 */
#include <stddef.h>

#include "launcher/cli/suggest.h"
#include "unit.h"

static const char *const words[] = {"memory", "mode",     NULL,  "network",
                                    "env",    "env-file", "run", "ro"};

static const char *word(unsigned int i)
{
	return words[i];
}

static const char *suggest(const char *text)
{
	return tf_suggest(text, word, sizeof(words) / sizeof(words[0]));
}

START_TEST(distances_count_typing_errors)
{
	ck_assert_uint_eq(tf_suggest_distance("memory", "memory"), 0);
	ck_assert_uint_eq(tf_suggest_distance("memry", "memory"), 1);
	ck_assert_uint_eq(tf_suggest_distance("memorry", "memory"), 1);
	ck_assert_uint_eq(tf_suggest_distance("momory", "memory"), 1);
	ck_assert_uint_eq(tf_suggest_distance("emmory", "memory"), 1);
	ck_assert_uint_eq(tf_suggest_distance("abc", "xyz"), 3);
	ck_assert_uint_eq(tf_suggest_distance("", "abc"), 3);
	ck_assert_uint_eq(tf_suggest_distance("abc", ""), 3);
	ck_assert_uint_eq(tf_suggest_distance("0123456789012345678901234567890123", "a"),
	                  TF_SUGGEST_MAX);
}
END_TEST

START_TEST(near_words_are_found)
{
	ck_assert_str_eq(suggest("memry"), "memory");
	ck_assert_str_eq(suggest("netwrok"), "network");
	ck_assert_str_eq(suggest("rnu"), "run");
	ck_assert_str_eq(suggest("mdoe"), "mode");
}
END_TEST

START_TEST(beginnings_are_completed_when_only_one_fits)
{
	ck_assert_str_eq(suggest("net"), "network");
	ck_assert_str_eq(suggest("env-"), "env-file");
	/* memory and mode both begin so */
	ck_assert_ptr_null(suggest("m"));
}
END_TEST

START_TEST(far_words_are_not_guessed)
{
	ck_assert_ptr_null(suggest("zebra"));
	ck_assert_ptr_null(suggest(""));
	ck_assert_ptr_null(suggest("x"));
	ck_assert_ptr_null(suggest("0123456789012345678901234567890123"));
}
END_TEST

Suite *test_suggest_suite(void)
{
	Suite *s = suite_create("suggest");
	TCase *tc = tcase_create("suggest");

	tcase_add_test(tc, distances_count_typing_errors);
	tcase_add_test(tc, near_words_are_found);
	tcase_add_test(tc, beginnings_are_completed_when_only_one_fits);
	tcase_add_test(tc, far_words_are_not_guessed);
	suite_add_tcase(s, tc);
	return s;
}
