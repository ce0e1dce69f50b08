/*
 * launcher/plan/profile: compiled profiles are believed in nothing. Each damage is done to a good one.
 */
#include <string.h>

#include "launcher/compile/blob.h"
#include "launcher/plan/profile.h"
#include "unit.h"

static struct tf_settings set;
static struct tf_err err;
static struct tf_blob blob;

static void add(const char *key, unsigned int line, const char *text)
{
	ck_assert_int_eq(tf_blob_add(&blob, tf_key_find(key), line, text), 0);
}

static void setup(void)
{
	tf_settings_init(&set);
	memset(&err, 0, sizeof(err));
	tf_blob_init(&blob);
	add("memory", 3, "64m");
	add("hide", 5, "/secret");
	tf_blob_finish(&blob);
}

static int apply(size_t size)
{
	return tf_profile_apply(blob.data, size, "test", &set, &err);
}

static struct tf_profile_head *head(void)
{
	return (struct tf_profile_head *)blob.data;
}

static void must_refuse(const char *what, int rc)
{
	ck_assert_msg(rc < 0, "%s was taken", what);
	ck_assert_int_eq(err.code, TF_E_PROFILE);
	ck_assert_ptr_nonnull(strstr(err.text, "test"));
}

START_TEST(a_good_one_sets_what_it_says)
{
	ck_assert_int_eq(apply(blob.size), 0);
	ck_assert_uint_eq(set.memory_bytes, 64u << 20);
	ck_assert_uint_eq(set.nrequests, 1);
	ck_assert_str_eq(set.requests[0].guest, "/secret");
	ck_assert_int_ne(set.requests[0].from_profile, 0);
}
END_TEST

START_TEST(magic_version_and_size_have_to_fit)
{
	head()->magic++;
	must_refuse("another magic", apply(blob.size));
	setup();
	head()->version++;
	must_refuse("another version", apply(blob.size));
	ck_assert_ptr_nonnull(strstr(err.text, "version"));
	setup();
	head()->bytes++;
	must_refuse("another size", apply(blob.size));
}
END_TEST

START_TEST(every_cut_is_refused)
{
	for (size_t size = 0; size < blob.size; size++) {
		tf_settings_init(&set);
		if (size >= sizeof(struct tf_profile_head))
			head()->bytes = (uint32_t)size;
		/* Padding of the last record may be missing: its NUL may not. */
		if (blob.size - size > 3)
			must_refuse("a cut one", apply(size));
	}
}
END_TEST

START_TEST(more_records_than_bytes_are_refused)
{
	head()->nrecords++;
	must_refuse("one record too many", apply(blob.size));
	head()->nrecords = 0xffffffffu;
	must_refuse("all records", apply(blob.size));
}
END_TEST

START_TEST(unknown_keys_and_wild_lengths_are_refused)
{
	static const uint32_t lengths[] = {4, 2, 0x7fffffffu, 0xffffffffu, 0xfffffffcu};
	unsigned char *record = blob.data + sizeof(struct tf_profile_head);
	uint16_t key = (uint16_t)tf_nkeys;

	for (unsigned int i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		setup();
		memcpy(record + 4, &lengths[i], 4);
		must_refuse("a wrong length", apply(blob.size));
	}
	setup();
	memcpy(record, &key, 2);
	must_refuse("an unknown key", apply(blob.size));
}
END_TEST

START_TEST(texts_end_where_they_say)
{
	unsigned char *text = blob.data + sizeof(struct tf_profile_head) + 8;

	ck_assert_str_eq((char *)text, "64m");
	text[3] = 'x';
	must_refuse("a text without its NUL", apply(blob.size));
	setup();
	text[1] = '\0';
	must_refuse("a NUL inside", apply(blob.size));
}
END_TEST

START_TEST(values_go_through_the_parsers_again)
{
	tf_blob_init(&blob);
	add("memory", 7, "lots");
	tf_blob_finish(&blob);
	must_refuse("a wrong value", apply(blob.size));
	ck_assert_ptr_nonnull(strstr(err.text, "line 7"));
	ck_assert_ptr_nonnull(strstr(err.text, "memory"));
}
END_TEST

START_TEST(what_belongs_to_the_command_line_only_is_refused)
{
	tf_blob_init(&blob);
	add("report", 1, "/tmp/x");
	tf_blob_finish(&blob);
	must_refuse("--report in a profile", apply(blob.size));
	ck_assert_ptr_null(set.report);
}
END_TEST

Suite *test_profile_suite(void)
{
	Suite *suite = suite_create("profile");
	TCase *tc = tcase_create("profile");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, a_good_one_sets_what_it_says);
	tcase_add_test(tc, magic_version_and_size_have_to_fit);
	tcase_add_test(tc, every_cut_is_refused);
	tcase_add_test(tc, more_records_than_bytes_are_refused);
	tcase_add_test(tc, unknown_keys_and_wild_lengths_are_refused);
	tcase_add_test(tc, texts_end_where_they_say);
	tcase_add_test(tc, values_go_through_the_parsers_again);
	tcase_add_test(tc, what_belongs_to_the_command_line_only_is_refused);
	suite_add_tcase(suite, tc);
	return suite;
}
