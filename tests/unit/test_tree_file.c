/*
 * launcher/base/tree_file: the data of one file.
 */
#include <errno.h>

#include "launcher/base/tree_file.h"
#include "scratch_dir.h"

static int src, dst;

static void make_both(void)
{
	scratch_make();
	ck_assert_int_eq(mkdir("src", 0700), 0);
	ck_assert_int_eq(mkdir("dst", 0700), 0);
	src = open("src", O_RDONLY | O_DIRECTORY);
	dst = open("dst", O_RDONLY | O_DIRECTORY);
}

START_TEST(large_files_are_copied_whole)
{
	uint64_t bytes = 5;

	ck_assert_int_eq(system("head -c 3000001 /dev/urandom >src/f"), 0);
	ck_assert_int_eq(tf_tree_copy_file(src, dst, "f", &bytes), 0);
	ck_assert_uint_eq(bytes, 3000006);
	ck_assert_int_eq(system("cmp src/f dst/f"), 0);
}
END_TEST

START_TEST(holes_stay_holes)
{
	uint64_t bytes = 0;
	struct stat st;

	ck_assert_int_eq(system("truncate -s 64M src/f; printf abc | dd of=src/f bs=1 "
	                        "seek=30000000 conv=notrunc 2>/dev/null"),
	                 0);
	ck_assert_int_eq(tf_tree_copy_file(src, dst, "f", &bytes), 0);
	ck_assert_int_eq(system("cmp src/f dst/f"), 0);
	ck_assert_int_eq(stat("dst/f", &st), 0);
	ck_assert_int_eq(st.st_size, 64 << 20);
	ck_assert_msg(st.st_blocks < 4096, "%ld blocks for 3 bytes", (long)st.st_blocks);
}
END_TEST

START_TEST(an_existing_file_is_not_overwritten)
{
	uint64_t bytes = 0;

	scratch_write("src/f", "new");
	scratch_write("dst/f", "old");
	ck_assert_int_eq(tf_tree_copy_file(src, dst, "f", &bytes), -EEXIST);
	ck_assert_str_eq(scratch_read("dst/f"), "old");
	ck_assert_uint_eq(bytes, 0);
}
END_TEST

START_TEST(links_and_fifos_are_not_opened)
{
	uint64_t bytes = 0;

	ck_assert_int_eq(symlink("/etc/passwd", "src/l"), 0);
	ck_assert_int_eq(mkfifo("src/p", 0600), 0);
	ck_assert_int_eq(tf_tree_copy_file(src, dst, "l", &bytes), -ELOOP);
	ck_assert_int_eq(tf_tree_copy_file(src, dst, "p", &bytes), -EAGAIN);
}
END_TEST

START_TEST(files_without_a_size_are_refused_or_read)
{
	/* /proc says 0 bytes: what is copied is what the size says, and nothing hangs */
	int proc = open("/proc/self", O_RDONLY | O_DIRECTORY);
	uint64_t bytes = 0;

	ck_assert_int_eq(tf_tree_copy_file(proc, dst, "status", &bytes), 0);
	ck_assert_uint_eq(bytes, 0);
	close(proc);
}
END_TEST

Suite *test_tree_file_suite(void)
{
	Suite *s = suite_create("tree_file");
	TCase *tc = tcase_create("tree_file");

	tcase_add_checked_fixture(tc, make_both, scratch_drop);
	tcase_add_test(tc, large_files_are_copied_whole);
	tcase_add_test(tc, holes_stay_holes);
	tcase_add_test(tc, an_existing_file_is_not_overwritten);
	tcase_add_test(tc, links_and_fifos_are_not_opened);
	tcase_add_test(tc, files_without_a_size_are_refused_or_read);
	suite_add_tcase(s, tc);
	return s;
}
