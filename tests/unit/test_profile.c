/*
 * launcher/plan/profile: a compiled profile is only a file, and is believed in nothing.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "launcher/plan/profile.h"
#include "unit.h"

static struct tf_settings set;
static struct tf_err err;
static char blob[4096];
static size_t size;

static struct tf_profile_head *head(void)
{
	return (struct tf_profile_head *)(void *)blob;
}

static void start(void)
{
	tf_settings_init(&set);
	set.home = "/home/u";
	set.cwd = "/";
	memset(blob, 0, sizeof(blob));
	size = sizeof(struct tf_profile_head);
	*head() = (struct tf_profile_head){
	        .magic = TF_PROFILE_MAGIC, .version = TF_PROFILE_VERSION, .bytes = (uint32_t)size};
}

static uint16_t key_index(const char *name)
{
	const struct tf_key *key = tf_key_find(name);

	ck_assert_ptr_nonnull(key);
	return (uint16_t)(key - tf_keys);
}

/* Returns where the record begins. */
static size_t add(const char *key, uint16_t line, const char *text)
{
	struct tf_profile_record r = {
	        .key = key_index(key), .line = line, .length = (uint32_t)strlen(text)};
	size_t at = size;

	memcpy(blob + at, &r, sizeof(r));
	memcpy(blob + at + sizeof(r), text, r.length);
	size += (sizeof(r) + r.length + 1 + 3) & ~(size_t)3;
	head()->bytes = (uint32_t)size;
	head()->nrecords++;
	return at;
}

/* From memory of exactly that size, so that a sanitizer sees what is read behind it. */
static int apply(void)
{
	void *copy = malloc(size);

	memcpy(copy, blob, size);
	int rc = tf_profile_apply(copy, size, "mine", &set, &err);
	free(copy);
	return rc;
}

static void is_damaged(void)
{
	err.text[0] = '\0';
	ck_assert_int_eq(apply(), -EINVAL);
	ck_assert_int_eq(err.code, TF_E_PROFILE);
	ck_assert_msg(strstr(err.text, "damaged") != NULL, "%s", err.text);
}

START_TEST(records_are_applied_in_their_order)
{
	add("memory", 1, "64m");
	add("pids-limit", 2, "7");
	add("memory", 3, "128m");
	ck_assert_int_eq(apply(), 0);
	ck_assert_uint_eq(set.memory_bytes, 128u << 20);
	ck_assert_uint_eq(set.pids, 7);
}
END_TEST

START_TEST(an_empty_profile_changes_nothing)
{
	ck_assert_int_eq(apply(), 0);
	ck_assert_uint_eq(set.nrequests, 0);
	ck_assert_uint_eq(set.memory_bytes, 0);
}
END_TEST

START_TEST(a_bad_value_is_told_with_the_line_of_its_source)
{
	add("pids-limit", 4, "7");
	add("memory", 12, "lots");
	ck_assert_int_lt(apply(), 0);
	ck_assert_int_eq(err.code, TF_E_PROFILE);
	ck_assert_msg(strstr(err.text, "profile mine, line 12: ") == err.text, "%s", err.text);
}
END_TEST

START_TEST(another_version_is_refused_as_that)
{
	head()->version++;
	ck_assert_int_eq(apply(), -EPROTONOSUPPORT);
	ck_assert_msg(strstr(err.text, "another version") != NULL, "%s", err.text);
}
END_TEST

START_TEST(every_length_but_the_right_one_is_refused)
{
	add("memory", 1, "64m");
	add("pids-limit", 2, "7");
	size_t whole = size;
	for (size = 0; size < whole; size++) {
		is_damaged(); /* head.bytes tells */
		if (size < sizeof(struct tf_profile_head))
			continue;
		head()->bytes = (uint32_t)size; /* and when it lies, the records' own bounds do */
		if (size <= whole - 3)          /* the last text's padding may be missing */
			is_damaged();
		head()->bytes = (uint32_t)whole;
	}
	size = whole;
	head()->magic ^= 1;
	is_damaged();
}
END_TEST

START_TEST(more_records_than_there_are_is_damage)
{
	add("memory", 1, "64m");
	head()->nrecords = 2;
	is_damaged();
	head()->nrecords = 0xffffffff;
	is_damaged();
}
END_TEST

START_TEST(an_unknown_key_is_damage)
{
	size_t at = add("memory", 1, "64m");
	uint16_t key = (uint16_t)tf_nkeys;

	memcpy(blob + at, &key, sizeof(key));
	is_damaged();
}
END_TEST

START_TEST(a_text_has_one_nul_and_that_at_its_end)
{
	size_t at = add("memory", 1, "64m") + sizeof(struct tf_profile_record);

	blob[at + 3] = 'm';
	is_damaged();
	blob[at + 3] = '\0';
	blob[at + 1] = '\0';
	is_damaged();
}
END_TEST

START_TEST(a_length_that_wraps_around_is_damage)
{
	size_t at = add("memory", 1, "64m") + offsetof(struct tf_profile_record, length);

	for (uint32_t length = 0xffffffff; length > 0xfffffff0; length--) {
		memcpy(blob + at, &length, sizeof(length));
		is_damaged();
	}
}
END_TEST

Suite *test_profile_suite(void)
{
	Suite *suite = suite_create("profile");
	TCase *tc = tcase_create("profile");

	tcase_add_checked_fixture(tc, start, NULL);
	tcase_add_test(tc, records_are_applied_in_their_order);
	tcase_add_test(tc, an_empty_profile_changes_nothing);
	tcase_add_test(tc, a_bad_value_is_told_with_the_line_of_its_source);
	tcase_add_test(tc, another_version_is_refused_as_that);
	tcase_add_test(tc, every_length_but_the_right_one_is_refused);
	tcase_add_test(tc, more_records_than_there_are_is_damage);
	tcase_add_test(tc, an_unknown_key_is_damage);
	tcase_add_test(tc, a_text_has_one_nul_and_that_at_its_end);
	tcase_add_test(tc, a_length_that_wraps_around_is_damage);
	suite_add_tcase(suite, tc);
	return suite;
}
