/*
 * preload/core/view: lookups, both translations, and the check of a blob that is not to be trusted.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "preload/core/path.h"
#include "preload/core/view.h"
#include "view_fixture.h"

static const struct {
	const char *guest, *mapping, *host; /* host NULL: -ENOENT */
} finds[] = {
        {"/", "/", "/w/root"},
        {"/nothing", "/", "/w/root/nothing"},
        {"/usr", "/usr", "/usr"},
        {"/usr/lib/x", "/usr", "/usr/lib/x"},
        {"/usrx", "/", "/w/root/usrx"},
        {"/us", "/", "/w/root/us"},
        {"/bin/sh", "/bin", "/usr/bin/sh"},
        {"/work", "/work", "/w/code"},
        {"/work/a/b", "/work", "/w/code/a/b"},
        {"/workshop", "/workshop", "/home/u/shop"},
        {"/workshop/t", "/workshop", "/home/u/shop/t"},
        {"/worksho", "/", "/w/root/worksho"},
        {"/work/in", "/work/in", "/data/in"},
        {"/work/inn", "/work", "/w/code/inn"},
        {"/work/in/a", "/work/in", "/data/in/a"},
        {"/work/in/key", "/work/in/key", NULL},
        {"/work/in/key/deep", "/work/in/key", NULL},
        {"/work/in/keys", "/work/in", "/data/in/keys"},
};

START_TEST(the_longest_prefix_at_a_component_border_wins)
{
	struct tf_view view = view_make_usual();
	const char *guest = finds[_i].guest;
	const struct tf_mapping *map = tf_view_find(&view, guest, strlen(guest));
	char buf[TF_PATH_MAX];

	ck_assert_ptr_nonnull(map);
	ck_assert_str_eq(tf_view_str(&view, map->guest), finds[_i].mapping);
	int n = tf_view_to_host(&view, map, guest, strlen(guest), buf, sizeof(buf));
	if (!finds[_i].host) {
		ck_assert_int_eq(n, -ENOENT);
		return;
	}
	ck_assert_int_eq(n, (int)strlen(finds[_i].host));
	ck_assert_str_eq(buf, finds[_i].host);
}
END_TEST

START_TEST(find_looks_at_the_length_it_was_given)
{
	struct tf_view view = view_make_usual();

	ck_assert_str_eq(tf_view_str(&view, tf_view_find(&view, "/work/in", 5)->guest), "/work");
	ck_assert_str_eq(tf_view_str(&view, tf_view_find(&view, "/work/in", 4)->guest), "/");
}
END_TEST

static const struct {
	const char *host, *guest; /* NULL: the guest cannot see it */
} backs[] = {
        {"/usr/lib/x", "/usr/lib/x"},
        {"/usr/bin/sh", "/usr/bin/sh"}, /* not /bin/sh: that is a link */
        {"/w/code", "/work"},
        {"/w/code/a", "/work/a"},
        {"/data/in/a", "/work/in/a"},
        {"/data/in/key", NULL},
        {"/data/in/key/deep", NULL},
        {"/w/code/in", NULL}, /* shadowed by /work/in */
        {"/w/code/in/x", NULL},
        {"/w/code/inn", "/work/inn"},
        {"/data", NULL},
        {"/data/inner", NULL},
        {"/home/u", NULL},
        {"/home/u/shop/t", "/workshop/t"},
        {"/w/root", "/"},
        {"/w/root/x", "/x"},
        {"/w/root/usr", NULL}, /* shadowed by /usr */
        {"/w", NULL},
        {"/root/.ssh", NULL},
        {"/", NULL},
};

START_TEST(host_paths_go_back_only_where_the_guest_sees_them)
{
	struct tf_view view = view_make_usual();
	const char *host = backs[_i].host;
	char buf[TF_PATH_MAX];
	int n = tf_view_to_guest(&view, host, strlen(host), buf, sizeof(buf));

	if (!backs[_i].guest) {
		ck_assert_msg(n == -ENOENT, "%s: %d %s", host, n, n > 0 ? buf : "");
		return;
	}
	ck_assert_msg(n > 0, "%s: %d", host, n);
	ck_assert_str_eq(buf, backs[_i].guest);
}
END_TEST

START_TEST(the_longest_host_prefix_wins_on_the_way_back)
{
	static const struct tf_view_entry entries[] = {
	        {"/", "/", TF_KIND_IDENTITY, TF_READ, 0},
	        {"/a", "/h", TF_KIND_BIND, TF_READ, 0},
	        {"/b", "/h/sub", TF_KIND_BIND, TF_READ, 0},
	        {"/h/sub/c", NULL, TF_KIND_HIDDEN, 0, 0},
	};
	struct tf_view view = view_make(entries, NELEM(entries));
	char buf[64];

	ck_assert_int_gt(tf_view_to_guest(&view, "/h/sub/x", 8, buf, sizeof(buf)), 0);
	ck_assert_str_eq(buf, "/b/x");
	ck_assert_int_gt(tf_view_to_guest(&view, "/h/x", 4, buf, sizeof(buf)), 0);
	ck_assert_str_eq(buf, "/a/x");
	ck_assert_int_eq(tf_view_to_guest(&view, "/", 1, buf, sizeof(buf)), 1);
	ck_assert_str_eq(buf, "/");
}
END_TEST

START_TEST(every_guest_path_comes_back_as_itself)
{
	static const char *const paths[] = {
	        "/usr/bin/env", "/work/a", "/work/in/b/c", "/workshop", "/etc/passwd",
	        "/none",        "/"};
	struct tf_view view = view_make_usual();
	char host[TF_PATH_MAX], guest[TF_PATH_MAX];

	for (int i = 0; i < NELEM(paths); i++) {
		size_t len = strlen(paths[i]);
		int n = tf_view_to_host(&view, tf_view_find(&view, paths[i], len), paths[i], len,
		                        host, sizeof(host));
		ck_assert_int_gt(n, 0);
		ck_assert_int_gt(tf_view_to_guest(&view, host, (size_t)n, guest, sizeof(guest)), 0);
		ck_assert_str_eq(guest, paths[i]);
	}
}
END_TEST

START_TEST(translations_never_write_past_the_buffer)
{
	struct tf_view view = view_make_usual();
	const struct tf_mapping *map = tf_view_find(&view, "/workshop/tt", 12);
	char buf[64];

	for (size_t size = 0; size < 20; size++) {
		memset(buf, '#', sizeof(buf));
		int n = tf_view_to_host(&view, map, "/workshop/tt", 12, buf, size);
		ck_assert_int_eq(n, size >= 16 ? 15 : -ENAMETOOLONG);
		ck_assert_int_eq(buf[size], '#');
		memset(buf, '#', sizeof(buf));
		n = tf_view_to_guest(&view, "/home/u/shop/tt", 15, buf, size);
		ck_assert_int_eq(n, size >= 13 ? 12 : -ENAMETOOLONG);
		ck_assert_int_eq(buf[size], '#');
	}
}
END_TEST

START_TEST(has_below_means_strictly_below)
{
	struct tf_view view = view_make_usual();

	ck_assert_int_eq(!!tf_view_has_below(&view, "/", 1), 1);
	ck_assert_int_eq(!!tf_view_has_below(&view, "/work", 5), 1);
	ck_assert_int_eq(!!tf_view_has_below(&view, "/work/in", 8), 1);
	ck_assert_int_eq(!!tf_view_has_below(&view, "/work/in/key", 12), 0);
	ck_assert_int_eq(!!tf_view_has_below(&view, "/usr", 4), 0);
	ck_assert_int_eq(!!tf_view_has_below(&view, "/wor", 4), 0);
	ck_assert_int_eq(!!tf_view_has_below(&view, "/work/i", 7), 0);
}
END_TEST

/* Many siblings in few buckets, with long and short names: compared with a plain search. */
START_TEST(lookups_agree_with_a_plain_search)
{
	static char guest[200][32], host[200][32];
	static struct tf_view_entry entries[201];
	unsigned int seed = 7;

	entries[0] = (struct tf_view_entry){"/", "/w/root", TF_KIND_PRIVATE, TF_READ, 0};
	for (int i = 0; i < 200; i++) {
		snprintf(guest[i], sizeof(guest[i]), i % 3 ? "/d%d/e%d" : "/d%d", i / 3, i % 3);
		snprintf(host[i], sizeof(host[i]), "/h/%d", i);
		entries[i + 1] =
		        (struct tf_view_entry){guest[i], host[i], TF_KIND_BIND, TF_READ, 0};
	}
	struct tf_view view = view_make(entries, 201);

	for (int round = 0; round < 2000; round++) {
		char path[64];
		int a = rand_r(&seed) % 70, b = rand_r(&seed) % 4;
		int len = snprintf(path, sizeof(path), b ? "/d%d/e%d/x" : "/d%d", a, b);
		const char *best = "/";

		for (int i = 0; i < 200; i++)
			if (strlen(guest[i]) > strlen(best) &&
			    tf_path_below(path, (size_t)len, guest[i], strlen(guest[i])))
				best = guest[i];
		ck_assert_str_eq(tf_view_str(&view, tf_view_find(&view, path, (size_t)len)->guest),
		                 best);
	}
}
END_TEST

/* ---- the check ---- */

static _Alignas(8) char bad[sizeof(view_blob)];

static struct tf_view_head *damaged(void)
{
	view_make_usual();
	memcpy(bad, view_blob, view_blob_size);
	return (struct tf_view_head *)bad;
}

static struct tf_mapping *maps(struct tf_view_head *head)
{
	return (struct tf_mapping *)(bad + head->mappings);
}

/* Index of the mapping of a guest path. */
static uint32_t index_of(struct tf_view_head *head, const char *guest)
{
	for (uint32_t i = 0; i < head->nmappings; i++)
		if (!strcmp(bad + maps(head)[i].guest.off, guest))
			return i;
	ck_abort_msg("no mapping %s", guest);
}

static int reopen(void)
{
	struct tf_view view;

	return tf_view_open(bad, view_blob_size, &view);
}

START_TEST(every_cut_of_a_blob_is_refused)
{
	struct tf_view view;

	damaged();
	for (size_t size = 0; size < view_blob_size; size++)
		ck_assert_msg(tf_view_open(bad, size, &view) < 0, "%zu of %zu bytes taken", size,
		              view_blob_size);
}
END_TEST

START_TEST(other_magic_and_other_versions_are_told_apart)
{
	damaged()->magic ^= 1;
	ck_assert_int_eq(reopen(), -EINVAL);
	damaged()->version++;
	ck_assert_int_eq(reopen(), -EPROTONOSUPPORT);
	damaged()->version = 0;
	ck_assert_int_eq(reopen(), -EPROTONOSUPPORT);
}
END_TEST

START_TEST(kinds_without_code_are_refused_and_unknown_ones_too)
{
	static const struct {
		int kind, rc;
	} kinds[] = {{TF_KIND_COPY, -ENOTSUP},
	             {TF_KIND_PROC, -ENOTSUP},
	             {TF_KIND_DEV, -ENOTSUP},
	             {0, -EINVAL},
	             {99, -EINVAL}};

	for (int i = 0; i < NELEM(kinds); i++) {
		struct tf_view_head *head = damaged();

		maps(head)[index_of(head, "/work")].kind = (uint8_t)kinds[i].kind;
		ck_assert_int_eq(reopen(), kinds[i].rc);
	}
}
END_TEST

START_TEST(numbers_that_point_outside_are_refused)
{
	damaged()->nmappings = TF_VIEW_MAX_MAPPINGS + 1;
	ck_assert_int_eq(reopen(), -EINVAL);
	damaged()->nmappings = 0;
	ck_assert_int_eq(reopen(), -EINVAL);
	damaged()->nmappings = UINT32_MAX;
	ck_assert_int_eq(reopen(), -EINVAL);
	damaged()->mappings = UINT32_MAX - 7;
	ck_assert_int_eq(reopen(), -EINVAL);
	damaged()->mappings += 4;
	ck_assert_int_eq(reopen(), -EINVAL);
	damaged()->mappings = 0;
	ck_assert_int_eq(reopen(), -EINVAL);
	damaged()->root = 10;
	ck_assert_int_eq(reopen(), -EINVAL);
	damaged()->bytes++;
	ck_assert_int_eq(reopen(), -EINVAL);
	damaged()->library.off = UINT32_MAX;
	ck_assert_int_eq(reopen(), -EINVAL);
	damaged()->self.len = UINT32_MAX;
	ck_assert_int_eq(reopen(), -EINVAL);
	damaged()->shared.len++;
	ck_assert_int_eq(reopen(), -EINVAL);
}
END_TEST

START_TEST(strings_must_be_whole_and_clean)
{
	struct tf_view_head *head = damaged();

	maps(head)[2].guest.len--; /* no NUL after it */
	ck_assert_int_eq(reopen(), -EINVAL);
	head = damaged();
	maps(head)[2].guest.off = head->bytes;
	ck_assert_int_eq(reopen(), -EINVAL);
	head = damaged();
	maps(head)[2].host.len = head->bytes;
	ck_assert_int_eq(reopen(), -EINVAL);
	head = damaged();
	bad[maps(head)[index_of(head, "/work")].host.off] = 'w'; /* relative */
	ck_assert_int_eq(reopen(), -EINVAL);
	head = damaged();
	bad[maps(head)[index_of(head, "/work")].host.off + 2] = '\0'; /* a NUL inside */
	ck_assert_int_eq(reopen(), -EINVAL);
	head = damaged();
	memcpy(bad + maps(head)[index_of(head, "/work")].host.off, "/../ode", 7);
	ck_assert_int_eq(reopen(), -EINVAL);
}
END_TEST

START_TEST(a_loop_in_a_chain_is_refused)
{
	struct tf_view_head *head = damaged();
	uint32_t i = index_of(head, "/work");

	maps(head)[i].next = i + 1;
	ck_assert_int_eq(reopen(), -EINVAL);
	head = damaged();
	maps(head)[i].next = UINT32_MAX;
	ck_assert_int_eq(reopen(), -EINVAL);
}
END_TEST

START_TEST(a_mapping_that_no_search_finds_is_refused)
{
	struct tf_view_head *head = damaged();
	uint32_t in = index_of(head, "/work/in"), key = index_of(head, "/work/in/key");

	/* the hidden one drops out of its chain: what it hides would show */
	for (int b = 0; b < TF_VIEW_BUCKETS; b++)
		if (head->bucket[b] == key + 1)
			head->bucket[b] = (uint16_t)(in + 1);
	ck_assert_int_eq(reopen(), -EINVAL);
	/* shorter before longer: the longest would never match */
	head = damaged();
	for (int b = 0; b < TF_VIEW_BUCKETS; b++)
		if (head->bucket[b] == key + 1)
			head->bucket[b] = (uint16_t)(in + 1);
	maps(head)[key].next = maps(head)[in].next;
	maps(head)[in].next = key + 1;
	ck_assert_int_eq(reopen(), -EINVAL);
}
END_TEST

START_TEST(a_view_without_root_or_with_a_hidden_one_is_refused)
{
	struct tf_view_head *head = damaged();

	head->root = index_of(head, "/work");
	ck_assert_int_eq(reopen(), -EINVAL);
	head = damaged();
	struct tf_mapping *root = &maps(head)[index_of(head, "/")];
	root->kind = TF_KIND_HIDDEN;
	root->host = maps(head)[index_of(head, "/work/in/key")].host;
	ck_assert_int_eq(reopen(), -EINVAL);
}
END_TEST

START_TEST(an_identity_that_is_none_is_refused)
{
	struct tf_view_head *head = damaged();

	maps(head)[index_of(head, "/usr")].host = maps(head)[index_of(head, "/etc")].host;
	ck_assert_int_eq(reopen(), -EINVAL);
}
END_TEST

START_TEST(unknown_access_bits_are_refused)
{
	struct tf_view_head *head = damaged();

	maps(head)[3].access |= 0x40;
	ck_assert_int_eq(reopen(), -EINVAL);
}
END_TEST

START_TEST(an_unaligned_blob_is_refused)
{
	struct tf_view view;

	damaged();
	memmove(bad + 4, bad, view_blob_size);
	ck_assert_int_eq(tf_view_open(bad + 4, view_blob_size, &view), -EINVAL);
}
END_TEST

/* One changed byte: refused, or every later call stays inside its bounds (under ASan: no finding). */
START_TEST(no_single_changed_byte_does_harm)
{
	static const char *const paths[] = {"/", "/work/in/key", "/usr/x", "/bin/sh", "/none"};
	char buf[256];

	for (size_t at = 0; at < view_blob_size; at++) {
		struct tf_view view;

		damaged();
		bad[at] = (char)(bad[at] ^ (1 << _i));
		if (tf_view_open(bad, view_blob_size, &view) < 0)
			continue;
		for (int i = 0; i < NELEM(paths); i++) {
			size_t len = strlen(paths[i]);
			const struct tf_mapping *map = tf_view_find(&view, paths[i], len);

			ck_assert_ptr_nonnull(map);
			ck_assert_int_lt(
			        tf_view_to_host(&view, map, paths[i], len, buf, sizeof(buf)),
			        (int)sizeof(buf));
			ck_assert_int_lt(tf_view_to_guest(&view, paths[i], len, buf, sizeof(buf)),
			                 (int)sizeof(buf));
		}
	}
}
END_TEST

Suite *test_view_suite(void)
{
	Suite *suite = suite_create("view");
	TCase *read = tcase_create("read"), *check = tcase_create("check");

	tcase_add_loop_test(read, the_longest_prefix_at_a_component_border_wins, 0, NELEM(finds));
	tcase_add_test(read, find_looks_at_the_length_it_was_given);
	tcase_add_loop_test(read, host_paths_go_back_only_where_the_guest_sees_them, 0,
	                    NELEM(backs));
	tcase_add_test(read, the_longest_host_prefix_wins_on_the_way_back);
	tcase_add_test(read, every_guest_path_comes_back_as_itself);
	tcase_add_test(read, translations_never_write_past_the_buffer);
	tcase_add_test(read, has_below_means_strictly_below);
	tcase_add_test(read, lookups_agree_with_a_plain_search);
	suite_add_tcase(suite, read);

	tcase_add_test(check, every_cut_of_a_blob_is_refused);
	tcase_add_test(check, other_magic_and_other_versions_are_told_apart);
	tcase_add_test(check, kinds_without_code_are_refused_and_unknown_ones_too);
	tcase_add_test(check, numbers_that_point_outside_are_refused);
	tcase_add_test(check, strings_must_be_whole_and_clean);
	tcase_add_test(check, a_loop_in_a_chain_is_refused);
	tcase_add_test(check, a_mapping_that_no_search_finds_is_refused);
	tcase_add_test(check, a_view_without_root_or_with_a_hidden_one_is_refused);
	tcase_add_test(check, an_identity_that_is_none_is_refused);
	tcase_add_test(check, unknown_access_bits_are_refused);
	tcase_add_test(check, an_unaligned_blob_is_refused);
	tcase_add_loop_test(check, no_single_changed_byte_does_harm, 0, 8);
	suite_add_tcase(suite, check);
	return suite;
}
