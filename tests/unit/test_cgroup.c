/*
 * Finding the own cgroup from recorded tables: hosts with either version, both, containers, odd names.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launcher/kernel/cgroup.h"
#include "unit.h"

static char dir[64];

static int find_in(const char *self, const char *mounts, const char *controller, size_t size)
{
	FILE *a = fmemopen((void *)(uintptr_t)self, strlen(self), "r");
	FILE *b = fmemopen((void *)(uintptr_t)mounts, strlen(mounts), "r");
	int rc;

	ck_assert(a && b);
	snprintf(dir, sizeof(dir), "untouched");
	rc = tf_cgroup_dir(a, b, controller, dir, size);
	fclose(a);
	fclose(b);
	return rc;
}

#define FIND(self, mounts, controller) find_in(self, mounts, controller, sizeof(dir))

#define V2_SELF "0::/user.slice/user-1000.slice/session-2.scope\n"
#define V2_MOUNTS                                                                                  \
	"22 27 0:21 / /proc rw,relatime - proc proc rw\n"                                          \
	"31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"

START_TEST(version_2_alone)
{
	ck_assert_int_eq(FIND("0::/\n", V2_MOUNTS, NULL), 0);
	ck_assert_str_eq(dir, "/sys/fs/cgroup");
	ck_assert_int_eq(FIND(V2_SELF, V2_MOUNTS, NULL), 0);
	ck_assert_str_eq(dir, "/sys/fs/cgroup/user.slice/user-1000.slice/session-2.scope");
	ck_assert_int_eq(FIND(V2_SELF, V2_MOUNTS, "memory"), -ENOENT);
}
END_TEST

#define V1_SELF "9:name=systemd:/\n6:freezer:/\n4:memory:/api/28:0 5\n2:cpu,cpuacct:/x\n0::/u\n"
#define V1_MOUNTS                                                                                  \
	"31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755\n"                      \
	"32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"              \
	"35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"               \
	"40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd\n"                 \
	"41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"

START_TEST(both_versions_side_by_side)
{
	ck_assert_int_eq(FIND(V1_SELF, V1_MOUNTS, NULL), 0);
	ck_assert_str_eq(dir, "/sys/fs/cgroup/unified/u");
	ck_assert_int_eq(FIND(V1_SELF, V1_MOUNTS, "memory"), 0);
	ck_assert_str_eq(dir, "/sys/fs/cgroup/memory/api/28:0 5");
	ck_assert_int_eq(FIND(V1_SELF, V1_MOUNTS, "cpu"), 0);
	ck_assert_str_eq(dir, "/sys/fs/cgroup/cpu,cpuacct/x");
	ck_assert_int_eq(FIND(V1_SELF, V1_MOUNTS, "cpuacct"), 0);
	/* known to the process, mounted nowhere: a directory of that name would not count */
	ck_assert_int_eq(FIND(V1_SELF, V1_MOUNTS, "freezer"), -ENOENT);
	/* part of a word is no word */
	ck_assert_int_eq(FIND(V1_SELF, V1_MOUNTS, "mem"), -ENOENT);
	ck_assert_int_eq(FIND(V1_SELF, V1_MOUNTS, "pids"), -ENOENT);
	ck_assert_int_eq(FIND("", V1_MOUNTS, NULL), -ENOENT);
}
END_TEST

START_TEST(a_container_sees_a_part_of_the_tree)
{
	const char *mounts = "9 8 0:9 /box/a /sys/fs/cgroup ro - cgroup2 cgroup rw\n";

	ck_assert_int_eq(FIND("0::/box/a\n", mounts, NULL), 0);
	ck_assert_str_eq(dir, "/sys/fs/cgroup");
	ck_assert_int_eq(FIND("0::/box/a/b\n", mounts, NULL), 0);
	ck_assert_str_eq(dir, "/sys/fs/cgroup/b");
	ck_assert_int_eq(FIND("0::/box/ab\n", mounts, NULL), -EXDEV);
	ck_assert_int_eq(FIND("0::/\n", mounts, NULL), -EXDEV);
	ck_assert_int_eq(FIND("0::/../up\n", V2_MOUNTS, NULL), -EXDEV);
}
END_TEST

START_TEST(blanks_in_a_mount_point_are_escaped)
{
	const char *mounts = "9 8 0:9 / /mnt/a\\040b\\134c rw - cgroup2 cgroup rw\n";

	ck_assert_int_eq(FIND("0::/x\n", mounts, NULL), 0);
	ck_assert_str_eq(dir, "/mnt/a b\\c/x");
}
END_TEST

START_TEST(broken_lines_are_passed_over)
{
	const char *mounts = "\n - \n9\n9 8 0:9 / /m rw\n9 8 0:9 / /m rw - cgroup2\n"
	                     "9 8 0:9 - cgroup2 cgroup rw\n9 8 0:9 / /good rw - cgroup2 c rw\n";

	ck_assert_int_eq(FIND("nonsense\n0:\n::\n0:x:/no\n0::/x\n", mounts, NULL), 0);
	ck_assert_str_eq(dir, "/good/x");
}
END_TEST

START_TEST(a_path_that_does_not_fit_is_an_error)
{
	ck_assert_int_eq(find_in(V2_SELF, V2_MOUNTS, NULL, 20), -ENAMETOOLONG);
}
END_TEST

START_TEST(trying_leaves_no_directory)
{
	char top[] = "/tmp/turf-unit-XXXXXX";

	ck_assert_ptr_nonnull(mkdtemp(top));
	ck_assert_int_eq(tf_cgroup_try(top), 0);
	ck_assert_int_eq(rmdir(top), 0); /* empty */
	ck_assert_int_eq(tf_cgroup_try(top), -ENOENT);
}
END_TEST

START_TEST(controllers_are_read_as_words)
{
	char top[] = "/tmp/turf-unit-XXXXXX", path[64];
	FILE *file;
	int bits;

	ck_assert_ptr_nonnull(mkdtemp(top));
	ck_assert_int_eq(tf_cgroup_controllers(top), 0);
	snprintf(path, sizeof(path), "%s/cgroup.controllers", top);
	file = fopen(path, "we");
	ck_assert_ptr_nonnull(file);
	fputs("cpuset io memory hugetlb pids\n", file);
	fclose(file);
	bits = tf_cgroup_controllers(top);
	unlink(path);
	rmdir(top);
	ck_assert_int_eq(bits, TF_CGROUP_MEMORY | TF_CGROUP_PIDS);
}
END_TEST

Suite *test_cgroup_suite(void)
{
	Suite *suite = suite_create("cgroup");
	TCase *tcase = tcase_create("places");

	tcase_add_test(tcase, version_2_alone);
	tcase_add_test(tcase, both_versions_side_by_side);
	tcase_add_test(tcase, a_container_sees_a_part_of_the_tree);
	tcase_add_test(tcase, blanks_in_a_mount_point_are_escaped);
	tcase_add_test(tcase, broken_lines_are_passed_over);
	tcase_add_test(tcase, a_path_that_does_not_fit_is_an_error);
	tcase_add_test(tcase, trying_leaves_no_directory);
	tcase_add_test(tcase, controllers_are_read_as_words);
	suite_add_tcase(suite, tcase);
	return suite;
}
