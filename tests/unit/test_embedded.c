/*
 * launcher/plan/embedded, launcher/base/embedded.h: files that a program carries inside itself.
 */
#include <stdint.h>
#include <string.h>

#include "launcher/base/embedded.h"
#include "launcher/plan/profile.h"
#include "unit.h"

START_TEST(a_table_is_searched_to_its_end)
{
	static const unsigned char data[] = "ab";
	static const struct tf_embedded table[] = {
	        {"a", data, data + 1},
	        {"b", data + 1, data + 2},
	        {NULL, NULL, NULL},
	};

	ck_assert_ptr_eq(tf_embedded_find(table, "b"), &table[1]);
	ck_assert_ptr_null(tf_embedded_find(table, "c"));
	ck_assert_ptr_null(tf_embedded_find(table, ""));
	ck_assert_ptr_null(tf_embedded_find(table + 2, "a"));
}
END_TEST

START_TEST(shipped_plans_are_whole_and_aligned)
{
	static const char *const shipped[] = {"default", "strict", "build", "node", "python"};

	for (unsigned int i = 0; i < sizeof(shipped) / sizeof(shipped[0]); i++) {
		struct tf_profile_head head;
		size_t size = 0;
		const void *plan = tf_profile_embedded(shipped[i], &size);

		ck_assert_ptr_nonnull(plan);
		ck_assert_uint_eq((uintptr_t)plan % 8, 0);
		ck_assert_uint_ge(size, sizeof(head));
		memcpy(&head, plan, sizeof(head));
		ck_assert_uint_eq(head.magic, TF_PROFILE_MAGIC);
		ck_assert_uint_eq(head.bytes, size);
	}
}
END_TEST

START_TEST(an_unknown_name_is_not_embedded)
{
	size_t size = 5;

	ck_assert_ptr_null(tf_profile_embedded("none", &size));
	ck_assert_ptr_null(tf_profile_embedded("", &size));
	ck_assert_ptr_null(tf_profile_embedded("default.conf", &size));
	ck_assert_uint_eq(size, 5);
}
END_TEST

Suite *test_embedded_suite(void)
{
	Suite *s = suite_create("embedded");
	TCase *tc = tcase_create("embedded");

	tcase_add_test(tc, a_table_is_searched_to_its_end);
	tcase_add_test(tc, shipped_plans_are_whole_and_aligned);
	tcase_add_test(tc, an_unknown_name_is_not_embedded);
	suite_add_tcase(s, tc);
	return s;
}
