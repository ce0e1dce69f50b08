/*
 * launcher/plan/view_build: what it writes is what was asked for, and what it must refuse.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "view_fixture.h"

static int build(const struct tf_view_entry *entry, unsigned int n, size_t size, size_t *ret_size)
{
	return tf_view_build(entry, n, &view_info, view_blob, size, ret_size);
}

START_TEST(mappings_come_out_sorted_whatever_their_order)
{
	struct tf_view_entry backwards[NELEM(view_usual)];
	static char first[sizeof(view_blob)];
	size_t size;

	view_make_usual();
	memcpy(first, view_blob, view_blob_size);
	for (int i = 0; i < NELEM(view_usual); i++)
		backwards[i] = view_usual[NELEM(view_usual) - 1 - i];
	ck_assert_int_eq(build(backwards, NELEM(backwards), sizeof(view_blob), &size), 0);
	ck_assert_uint_eq(size, view_blob_size);
	const struct tf_view_head *head = (const struct tf_view_head *)view_blob;
	const struct tf_mapping *map = (const struct tf_mapping *)(view_blob + head->mappings);
	for (uint32_t i = 1; i < head->nmappings; i++)
		ck_assert_str_lt(view_blob + map[i - 1].guest.off, view_blob + map[i].guest.off);
	ck_assert_mem_eq(view_blob, first, size);
}
END_TEST

START_TEST(what_was_asked_for_is_in_the_blob)
{
	struct tf_view view = view_make_usual();

	for (int i = 0; i < NELEM(view_usual); i++) {
		const struct tf_view_entry *e = &view_usual[i];
		const struct tf_mapping *map = tf_view_find(&view, e->guest, strlen(e->guest));

		ck_assert_str_eq(tf_view_str(&view, map->guest), e->guest);
		ck_assert_str_eq(tf_view_str(&view, map->host), e->host ? e->host : "");
		ck_assert_int_eq(map->kind, e->kind);
		ck_assert_int_eq(map->access, e->access);
		ck_assert_int_eq(map->flags & ~TF_MAP_NESTED, e->flags);
	}
	ck_assert_str_eq(tf_view_str(&view, view.head->library), view_info.library);
	ck_assert_str_eq(tf_view_str(&view, view.head->self), view_info.self);
	ck_assert_str_eq(tf_view_str(&view, view.head->shared), "");
}
END_TEST

START_TEST(nesting_is_found_out_also_past_names_that_sort_between)
{
	static const struct tf_view_entry entries[] = {
	        {"/", "/r", TF_KIND_PRIVATE, TF_READ, TF_MAP_SKELETON},
	        {"/a", "/x", TF_KIND_BIND, TF_READ, 0},
	        {"/a-b", "/y", TF_KIND_BIND, TF_READ,
	         TF_MAP_NESTED}, /* the caller's guess is not taken */
	        {"/a/c", "/z", TF_KIND_BIND, TF_READ, 0},
	};
	struct tf_view view = view_make(entries, NELEM(entries));

	ck_assert_int_eq(tf_view_find(&view, "/", 1)->flags & TF_MAP_NESTED, TF_MAP_NESTED);
	ck_assert_int_eq(tf_view_find(&view, "/a", 2)->flags & TF_MAP_NESTED, TF_MAP_NESTED);
	ck_assert_int_eq(tf_view_find(&view, "/a-b", 4)->flags & TF_MAP_NESTED, 0);
	ck_assert_int_eq(tf_view_find(&view, "/a/c", 4)->flags & TF_MAP_NESTED, 0);
	ck_assert_uint_eq(view.head->flags & TF_VIEW_NESTED, TF_VIEW_NESTED);
}
END_TEST

START_TEST(a_skeleton_alone_is_not_a_nested_view)
{
	struct tf_view view = view_make(view_usual, 4);

	ck_assert_uint_eq(view.head->flags & TF_VIEW_NESTED, 0);
}
END_TEST

START_TEST(bad_input_is_refused)
{
	static const struct tf_view_entry twice[] = {{"/", "/r", TF_KIND_PRIVATE, TF_READ, 0},
	                                             {"/a", "/x", TF_KIND_BIND, TF_READ, 0},
	                                             {"/a", "/y", TF_KIND_BIND, TF_READ, 0}};
	static const struct tf_view_entry rootless[] = {{"/a", "/x", TF_KIND_BIND, TF_READ, 0}};
	static const struct tf_view_entry unclean[] = {{"/", "/r", TF_KIND_PRIVATE, TF_READ, 0},
	                                               {"/a/../b", "/x", TF_KIND_BIND, TF_READ, 0}};
	static const struct tf_view_entry relative[] = {{"/", "/r", TF_KIND_PRIVATE, TF_READ, 0},
	                                                {"/a", "x", TF_KIND_BIND, TF_READ, 0}};
	static const struct tf_view_entry other[] = {{"/", "/r", TF_KIND_PRIVATE, TF_READ, 0},
	                                             {"/a", "/b", TF_KIND_IDENTITY, TF_READ, 0}};
	static const struct tf_view_entry hidden[] = {{"/", "/r", TF_KIND_PRIVATE, TF_READ, 0},
	                                              {"/a", "/b", TF_KIND_HIDDEN, 0, 0}};
	size_t size = 12345;

	ck_assert_int_eq(build(twice, 3, sizeof(view_blob), &size), -EINVAL);
	ck_assert_int_eq(build(rootless, 1, sizeof(view_blob), &size), -EINVAL);
	ck_assert_int_eq(build(unclean, 2, sizeof(view_blob), &size), -EINVAL);
	ck_assert_int_eq(build(relative, 2, sizeof(view_blob), &size), -EINVAL);
	ck_assert_int_eq(build(other, 2, sizeof(view_blob), &size), -EINVAL);
	ck_assert_int_eq(build(hidden, 2, sizeof(view_blob), &size), -EINVAL);
	ck_assert_int_eq(build(view_usual, 0, sizeof(view_blob), &size), -E2BIG);
	ck_assert_int_eq(build(view_usual, TF_VIEW_MAX_MAPPINGS + 1, sizeof(view_blob), &size),
	                 -E2BIG);
	ck_assert_uint_eq(size, 12345);
}
END_TEST

START_TEST(a_small_buffer_is_never_overrun)
{
	size_t size;

	view_make_usual();
	size_t whole = view_blob_size;
	for (size_t n = 0; n < whole; n++) {
		memset(view_blob, '#', sizeof(view_blob));
		ck_assert_int_eq(build(view_usual, NELEM(view_usual), n, &size), -ENOSPC);
		for (size_t i = n; i < n + 64; i++)
			ck_assert_int_eq(view_blob[i], '#');
	}
	ck_assert_int_eq(build(view_usual, NELEM(view_usual), whole, &size), 0);
}
END_TEST

START_TEST(the_most_mappings_fit)
{
	static char guest[TF_VIEW_MAX_MAPPINGS][16];
	static struct tf_view_entry entries[TF_VIEW_MAX_MAPPINGS];

	entries[0] = (struct tf_view_entry){"/", "/r", TF_KIND_PRIVATE, TF_READ, 0};
	for (int i = 1; i < TF_VIEW_MAX_MAPPINGS; i++) {
		snprintf(guest[i], sizeof(guest[i]), "/m%d", i);
		entries[i] = (struct tf_view_entry){guest[i], "/h", TF_KIND_BIND, TF_READ, 0};
	}
	struct tf_view view = view_make(entries, TF_VIEW_MAX_MAPPINGS);
	for (int i = 1; i < TF_VIEW_MAX_MAPPINGS; i++)
		ck_assert_str_eq(
		        tf_view_str(&view, tf_view_find(&view, guest[i], strlen(guest[i]))->guest),
		        guest[i]);
}
END_TEST

Suite *test_view_build_suite(void)
{
	Suite *suite = suite_create("view_build");
	TCase *tc = tcase_create("view_build");

	tcase_add_test(tc, mappings_come_out_sorted_whatever_their_order);
	tcase_add_test(tc, what_was_asked_for_is_in_the_blob);
	tcase_add_test(tc, nesting_is_found_out_also_past_names_that_sort_between);
	tcase_add_test(tc, a_skeleton_alone_is_not_a_nested_view);
	tcase_add_test(tc, bad_input_is_refused);
	tcase_add_test(tc, a_small_buffer_is_never_overrun);
	tcase_add_test(tc, the_most_mappings_fit);
	suite_add_tcase(suite, tc);
	return suite;
}
