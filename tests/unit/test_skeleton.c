/*
 * launcher/mode/skeleton: mapping points on disk.
 */
#include <dirent.h>
#include <errno.h>

#include "launcher/mode/skeleton.h"
#include "plan_scene.h"

static int work_fd;

static void setup(void)
{
	plan_scene_make();
	work_fd = open("work", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(work_fd, 0);
}

static void teardown(void)
{
	close(work_fd);
	plan_scene_drop();
}

static void must_make(void)
{
	int rc = tf_skeleton_make(work_fd, places.work, &plan, &err);

	ck_assert_msg(rc == 0, "%d: %s", rc, err.text);
}

static struct stat at(const char *name)
{
	struct stat st;
	char path[512];

	snprintf(path, sizeof(path), "%s%s", plan.skeleton, name);
	ck_assert_msg(lstat(path, &st) == 0, "%s: %s", path, strerror(errno));
	return st;
}

START_TEST(points_have_mode_000_and_the_way_to_them_can_be_listed)
{
	ask(TF_WANT_RO, below("data"), "/srv/deep/d");
	ask(TF_WANT_RO, below("file"), "/srv/f");
	must_plan();
	must_make();
	ck_assert_uint_eq(at("/srv/deep/d").st_mode, S_IFDIR);
	ck_assert_uint_eq(at("/srv/f").st_mode, S_IFREG);
	ck_assert_uint_eq(at("/srv").st_mode & 0555, 0555);
	ck_assert_uint_eq(at("/srv/deep").st_mode & 0555, 0555);
	ck_assert_uint_eq(at("/dev/fd").st_mode & S_IFMT, S_IFLNK);
}
END_TEST

START_TEST(it_is_made_once)
{
	ino_t first;

	must_plan();
	must_make();
	first = at("").st_ino;
	must_make();
	ck_assert_uint_eq(at("").st_ino, first);
}
END_TEST

START_TEST(nothing_half_made_stays)
{
	char path[300];
	DIR *dir;

	must_plan();
	must_make();
	dir = opendir("work/skeleton");
	ck_assert_ptr_nonnull(dir);
	for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
		snprintf(path, sizeof(path), "%s/%s", below("work/skeleton"), e->d_name);
		ck_assert_msg(e->d_name[0] == '.' || strcmp(path, plan.skeleton) == 0, "%s", path);
	}
	closedir(dir);
}
END_TEST

START_TEST(a_symlink_in_its_place_is_not_believed)
{
	ck_assert_int_eq(mkdir("work/skeleton", 0700), 0);
	must_plan();
	ck_assert_int_eq(symlink("/etc", plan.skeleton), 0);
	ck_assert_int_lt(tf_skeleton_make(work_fd, places.work, &plan, &err), 0);
	ck_assert_int_eq(err.code, TF_E_WORKDIR);
}
END_TEST

START_TEST(points_in_private_directories_are_made_with_their_parents)
{
	struct stat st;
	char path[512];

	ask(TF_WANT_TMPFS, NULL, "/tmp");
	ask(TF_WANT_RO, below("data"), "/tmp/deep/d");
	must_plan();
	ck_assert_int_eq(mkdir(host_of("/tmp"), 0755), 0);
	ck_assert_int_eq(tf_skeleton_inner(&plan, &err), 0);
	snprintf(path, sizeof(path), "%s/deep/d", host_of("/tmp"));
	ck_assert_int_eq(lstat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode, S_IFDIR);
	/* A slot that is used again has them already. */
	ck_assert_int_eq(tf_skeleton_inner(&plan, &err), 0);
}
END_TEST

Suite *test_skeleton_suite(void)
{
	Suite *suite = suite_create("skeleton");
	TCase *tc = tcase_create("skeleton");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, points_have_mode_000_and_the_way_to_them_can_be_listed);
	tcase_add_test(tc, it_is_made_once);
	tcase_add_test(tc, nothing_half_made_stays);
	tcase_add_test(tc, a_symlink_in_its_place_is_not_believed);
	tcase_add_test(tc, points_in_private_directories_are_made_with_their_parents);
	suite_add_tcase(suite, tc);
	return suite;
}
