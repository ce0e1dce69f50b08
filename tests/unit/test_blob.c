/*
 * launcher/compile/blob: the compiled form.
 */
#include <errno.h>
#include <string.h>

#include "launcher/compile/blob.h"
#include "unit.h"

static struct tf_blob blob;

START_TEST(records_are_aligned_and_ended)
{
	struct tf_profile_record record;
	struct tf_profile_head head;
	size_t at = sizeof(head);

	memset(&blob, 0xee, sizeof(blob));
	tf_blob_init(&blob);
	ck_assert_int_eq(tf_blob_add(&blob, &tf_keys[3], 7, "abc"), 0);
	ck_assert_int_eq(tf_blob_add(&blob, &tf_keys[4], 8, "abcd"), 0);
	tf_blob_finish(&blob);
	memcpy(&head, blob.data, sizeof(head));
	ck_assert_uint_eq(head.magic, TF_PROFILE_MAGIC);
	ck_assert_uint_eq(head.version, TF_PROFILE_VERSION);
	ck_assert_uint_eq(head.nrecords, 2);
	ck_assert_uint_eq(head.bytes, blob.size);
	ck_assert_uint_eq(blob.size, sizeof(head) + 8 + 4 + 8 + 8);
	memcpy(&record, blob.data + at, sizeof(record));
	ck_assert_uint_eq(record.key, 3);
	ck_assert_uint_eq(record.line, 7);
	ck_assert_uint_eq(record.length, 3);
	ck_assert_str_eq((char *)blob.data + at + sizeof(record), "abc");
	at += sizeof(record) + 4;
	ck_assert_str_eq((char *)blob.data + at + sizeof(record), "abcd");
}
END_TEST

START_TEST(the_hash_is_fnv1a)
{
	tf_blob_init(&blob);
	ck_assert_uint_eq(blob.hash, 0xcbf29ce484222325u);
	tf_blob_hash(&blob, "foo", 3);
	tf_blob_hash(&blob, "bar", 3);
	ck_assert_uint_eq(blob.hash, 0x85944171f73967e8u);
}
END_TEST

START_TEST(a_full_blob_takes_no_more)
{
	static char text[60001];
	size_t before;
	int rc = 0;

	memset(text, 'a', sizeof(text) - 1);
	tf_blob_init(&blob);
	for (int i = 0; rc == 0 && i < 10; i++) {
		before = blob.size;
		rc = tf_blob_add(&blob, tf_keys, 1, text);
	}
	ck_assert_int_eq(rc, -E2BIG);
	ck_assert_uint_eq(blob.size, before);
	ck_assert_int_eq(tf_blob_add(&blob, tf_keys, 65536, "x"), -E2BIG);
}
END_TEST

Suite *test_blob_suite(void)
{
	Suite *s = suite_create("blob");
	TCase *tc = tcase_create("blob");

	tcase_add_test(tc, records_are_aligned_and_ended);
	tcase_add_test(tc, the_hash_is_fnv1a);
	tcase_add_test(tc, a_full_blob_takes_no_more);
	suite_add_tcase(s, tc);
	return s;
}
