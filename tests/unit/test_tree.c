/*
 * launcher/base/tree: removing and copying trees that somebody hostile has filled.
 */
#include <errno.h>
#include <sys/wait.h>

#include "launcher/base/tree.h"
#include "scratch_dir.h"

static int exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static void run(const char *command)
{
	ck_assert_msg(system(command) == 0, "%s", command);
}

/* depth directories one in the other, without a path that would be too long. */
static void make_deep(const char *top, int depth)
{
	int fd = open(".", O_RDONLY), next;

	for (int i = 0; i < depth; i++, fd = next) {
		const char *name = i ? "dddddddd" : top;

		ck_assert_int_eq(mkdirat(fd, name, 0700), 0);
		next = openat(fd, name, O_RDONLY);
		ck_assert_int_ge(next, 0);
		close(fd);
	}
	close(openat(fd, "f", O_WRONLY | O_CREAT, 0600));
	close(fd);
}

START_TEST(remove_takes_files_and_directories)
{
	run("mkdir -p t/a/b t/c; echo x >t/f; echo y >t/a/b/g; mkfifo t/fifo");
	ck_assert_int_eq(tf_tree_remove(AT_FDCWD, "t", NULL), 0);
	ck_assert_int_eq(exists("t"), 0);
	scratch_write("f", "x");
	ck_assert_int_eq(tf_tree_remove(AT_FDCWD, "f", NULL), 0);
	ck_assert_int_eq(exists("f"), 0);
	ck_assert_int_eq(tf_tree_remove(AT_FDCWD, "none", NULL), 0);
}
END_TEST

START_TEST(remove_does_not_follow_links)
{
	run("mkdir out t; echo x >out/f; ln -s ../out t/link; ln -s /etc t/etc; ln -s out top");
	ck_assert_int_eq(tf_tree_remove(AT_FDCWD, "t", NULL), 0);
	ck_assert_int_eq(tf_tree_remove(AT_FDCWD, "top", NULL), 0);
	ck_assert_int_eq(exists("t"), 0);
	ck_assert_int_eq(exists("top"), 0);
	ck_assert_int_eq(exists("out/f"), 1);
}
END_TEST

START_TEST(remove_opens_closed_directories)
{
	run("mkdir -p t/a/b t/c/d; touch t/a/b/f t/c/f; chmod 000 t/a/b; chmod 000 t/a; chmod 500 "
	    "t/c; chmod 100 t");
	ck_assert_int_eq(tf_tree_remove(AT_FDCWD, "t", NULL), 0);
	ck_assert_int_eq(exists("t"), 0);
}
END_TEST

START_TEST(remove_has_no_limit_of_depth)
{
	make_deep("t", 3 * TF_TREE_DEPTH + 7);
	run("mkdir t/.turf-deep-0 t/.turf-deep-1");
	ck_assert_int_eq(tf_tree_remove(AT_FDCWD, "t", NULL), 0);
	ck_assert_int_eq(exists("t"), 0);
}
END_TEST

START_TEST(remove_takes_many_entries)
{
	run("mkdir t; cd t; i=0; while [ $i -lt 3000 ]; do : >f$i; i=$((i+1)); done; mkdir -p "
	    "x/$(seq -s / 1 50)");
	ck_assert_int_eq(tf_tree_remove(AT_FDCWD, "t", NULL), 0);
	ck_assert_int_eq(exists("t"), 0);
}
END_TEST

START_TEST(remove_says_where_it_failed)
{
	struct tf_err err = {0};

	if (geteuid() == 0)
		unit_skip("root may remove everything");
	run("mkdir -p t/a; touch t/a/f; chmod 500 .");
	ck_assert_int_eq(tf_tree_remove(AT_FDCWD, "t", &err), -EACCES);
	run("chmod 700 .");
	ck_assert_msg(strstr(err.text, "t") != NULL, "%s", err.text);
	ck_assert_int_eq(err.sys, EACCES);
}
END_TEST

static int copy(const char *src, struct tf_tree_copied *ret, struct tf_err *err)
{
	int rc, fd;

	ck_assert_int_eq(mkdir("dst", 0700), 0);
	fd = open("dst", O_RDONLY | O_DIRECTORY);
	rc = tf_tree_copy(src, fd, ret, err);
	close(fd);
	return rc;
}

START_TEST(copy_keeps_content_modes_times_and_links)
{
	struct tf_tree_copied copied;

	run("mkdir -p src/a/b; echo hello >src/f; echo x >src/a/b/g; ln -s /nowhere src/l; touch "
	    "src/a/empty");
	run("chmod 640 src/f; chmod 4755 src/a/b/g; touch -d 2001-02-03 src/f; touch -d 2002-02-03 "
	    "src/a; chmod 550 src/a/b");
	ck_assert_int_eq(copy("src", &copied, NULL), 0);
	ck_assert_uint_eq(copied.files, 4);
	ck_assert_uint_eq(copied.bytes, 8);
	ck_assert_uint_eq(copied.left_out, 0);
	run("test \"$(cat dst/f)\" = hello && test \"$(readlink dst/l)\" = /nowhere");
	run("test \"$(stat -c %a:%Y dst/f)\" = \"640:$(stat -c %Y src/f)\"");
	run("test \"$(stat -c %Y dst/a)\" = \"$(stat -c %Y src/a)\"");
	/* set-id does not go on */
	run("test \"$(stat -c %a dst/a/b/g)\" = 755 && test \"$(stat -c %a dst/a/b)\" = 550");
}
END_TEST

START_TEST(copy_leaves_out_what_is_no_file)
{
	struct tf_tree_copied copied;

	run("mkdir src; mkfifo src/p; echo x >src/f");
	ck_assert_int_eq(copy("src", &copied, NULL), 0);
	ck_assert_uint_eq(copied.left_out, 1);
	ck_assert_uint_eq(copied.files, 1);
	ck_assert_int_eq(exists("dst/p"), 0);
}
END_TEST

START_TEST(copy_does_not_follow_links_out)
{
	struct tf_tree_copied copied;

	run("mkdir src out; echo secret >out/f; ln -s ../out src/d; ln -s ../out/f src/f");
	ck_assert_int_eq(copy("src", &copied, NULL), 0);
	run("test -L dst/d && test -L dst/f");
}
END_TEST

START_TEST(copy_into_itself_is_refused)
{
	struct tf_tree_copied copied;
	struct tf_err err = {0};

	ck_assert_int_eq(copy(".", &copied, &err), -EINVAL);
	ck_assert_int_eq(err.code, TF_E_PATH);
	ck_assert_msg(strstr(err.text, "contains") != NULL, "%s", err.text);
}
END_TEST

START_TEST(copy_has_a_limit_of_depth)
{
	struct tf_tree_copied copied;
	struct tf_err err = {0};

	make_deep("src", TF_TREE_DEPTH + 1);
	ck_assert_int_eq(copy("src", &copied, &err), -ENAMETOOLONG);
}
END_TEST

START_TEST(copy_names_the_file_that_cannot_be_read)
{
	struct tf_tree_copied copied;
	struct tf_err err = {0};

	if (geteuid() == 0)
		unit_skip("root may read everything");
	run("mkdir -p src/a; echo x >src/a/closed; chmod 0 src/a/closed");
	ck_assert_int_eq(copy("src", &copied, &err), -EACCES);
	ck_assert_str_eq(err.text, "src/a/closed cannot be copied: Permission denied");
}
END_TEST

START_TEST(copy_needs_a_directory)
{
	struct tf_tree_copied copied;

	scratch_write("src", "x");
	ck_assert_int_eq(copy("src", &copied, NULL), -ENOTDIR);
}
END_TEST

Suite *test_tree_suite(void)
{
	Suite *s = suite_create("tree");
	TCase *tc = tcase_create("tree");

	tcase_set_timeout(tc, 30);
	tcase_add_checked_fixture(tc, scratch_make, scratch_drop);
	tcase_add_test(tc, remove_takes_files_and_directories);
	tcase_add_test(tc, remove_does_not_follow_links);
	tcase_add_test(tc, remove_opens_closed_directories);
	tcase_add_test(tc, remove_has_no_limit_of_depth);
	tcase_add_test(tc, remove_takes_many_entries);
	tcase_add_test(tc, remove_says_where_it_failed);
	tcase_add_test(tc, copy_keeps_content_modes_times_and_links);
	tcase_add_test(tc, copy_leaves_out_what_is_no_file);
	tcase_add_test(tc, copy_does_not_follow_links_out);
	tcase_add_test(tc, copy_into_itself_is_refused);
	tcase_add_test(tc, copy_has_a_limit_of_depth);
	tcase_add_test(tc, copy_names_the_file_that_cannot_be_read);
	tcase_add_test(tc, copy_needs_a_directory);
	suite_add_tcase(s, tc);
	return s;
}
