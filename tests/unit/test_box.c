/*
 * launcher/mode/box: a sandbox's directory, slots for runs without a name, what is kept and what is not.
 */
#include <errno.h>
#include <sys/file.h>

#include "launcher/mode/box.h"
#include "plan_scene.h"

static struct tf_workdir work;
static struct tf_box box, other;

static void setup(void)
{
	plan_scene_make();
	ck_assert_int_eq(setenv("TURF_WORKDIR", below("work"), 1), 0);
	ck_assert_int_eq(tf_workdir_open(&work, &err), 0);
	box = other = (struct tf_box){.all = -1, .fd = -1};
}

static void teardown(void)
{
	tf_box_close(&box, 0, NULL);
	tf_box_close(&other, 0, NULL);
	tf_workdir_close(&work);
	plan_scene_drop();
}

static void must_open(struct tf_box *b, const char *name)
{
	int rc = tf_box_open(b, &work, name, &err);

	ck_assert_msg(rc == 0, "%d: %s", rc, err.text);
}

/* Plans for this box, and fills it. */
static void must_fill(struct tf_box *b)
{
	int rc;

	places.box = b->path;
	places.view = b->view;
	places.shared = b->shared;
	must_plan();
	rc = tf_box_fill(b, &plan, &err);
	ck_assert_msg(rc == 0, "%d: %s", rc, err.text);
	tf_plan_done(&plan);
}

static void must_close(struct tf_box *b, int is_kept)
{
	int rc = tf_box_close(b, is_kept, &err);

	ck_assert_msg(rc == 0, "%d: %s", rc, err.text);
}

static int exists(const struct tf_box *b, const char *name)
{
	char path[8192];

	snprintf(path, sizeof(path), "%s/%s", b->path, name);
	return access(path, F_OK) == 0;
}

static void put(const struct tf_box *b, const char *name, const char *text)
{
	char path[8192];

	snprintf(path, sizeof(path), "%s/%s", b->path, name);
	scratch_write(path, text);
}

START_TEST(two_runs_at_the_same_time_have_two_slots)
{
	must_open(&box, NULL);
	must_open(&other, NULL);
	ck_assert_str_ne(box.path, other.path);
}
END_TEST

START_TEST(a_slot_is_used_again_and_empty)
{
	char first[8192];

	ask(TF_WANT_TMPFS, NULL, "/tmp");
	must_open(&box, NULL);
	must_fill(&box);
	snprintf(first, sizeof(first), "%s", box.path);
	put(&box, "tmp/left", "left");
	put(&box, "code/left", "left");
	must_close(&box, 0);
	must_open(&box, NULL);
	ck_assert_str_eq(box.path, first);
	must_fill(&box);
	ck_assert_int_eq(exists(&box, "tmp/left"), 0);
	ck_assert_int_eq(exists(&box, "code/left"), 0);
	ck_assert_int_eq(exists(&box, "tmp"), 1);
}
END_TEST

START_TEST(a_slot_whose_turf_was_killed_is_not_used_again)
{
	ino_t killed;
	struct stat st;

	must_open(&box, NULL);
	must_fill(&box);
	put(&box, "code/left", "left");
	ck_assert_int_eq(fstat(box.fd, &st), 0);
	killed = st.st_ino;
	/* As when the process ends: nothing is emptied, the lock goes. */
	close(box.fd);
	close(box.all);
	box.fd = box.all = -1;
	must_open(&box, NULL);
	ck_assert_int_eq(fstat(box.fd, &st), 0);
	ck_assert_msg(st.st_ino != killed || !exists(&box, "code/left"),
	              "the old directory was taken over");
	must_fill(&box);
	ck_assert_int_eq(exists(&box, "code/left"), 0);
}
END_TEST

START_TEST(a_name_keeps_its_files_when_asked)
{
	must_open(&box, "mine");
	must_fill(&box);
	put(&box, "code/kept", "kept");
	must_close(&box, 1);
	must_open(&box, "mine");
	must_fill(&box);
	ck_assert_int_eq(exists(&box, "code/kept"), 1);
	must_close(&box, 0);
	ck_assert_int_eq(exists(&box, ""), 0);
}
END_TEST

START_TEST(a_name_is_for_one_run_at_a_time)
{
	must_open(&box, "mine");
	ck_assert_int_lt(tf_box_open(&other, &work, "mine", &err), 0);
	ck_assert_int_eq(err.code, TF_E_EXISTS);
	ck_assert_ptr_nonnull(strstr(err.text, "mine"));
}
END_TEST

START_TEST(a_symlink_under_a_name_is_refused)
{
	ck_assert_int_eq(symlink("/tmp", "work/fallback/mine"), 0);
	ck_assert_int_lt(tf_box_open(&box, &work, "mine", &err), 0);
}
END_TEST

START_TEST(the_view_in_it_is_the_plans)
{
	static char have[TF_VIEW_MAX_BYTES];
	struct stat st;
	int fd;

	must_open(&box, NULL);
	must_fill(&box);
	fd = open(box.view, O_RDONLY | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(read(fd, have, sizeof(have)), (ssize_t)plan.blob_bytes);
	ck_assert_mem_eq(have, plan.blob, plan.blob_bytes);
	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0222, 0);
	close(fd);
}
END_TEST

START_TEST(a_copy_is_a_copy)
{
	char path[512];

	ask(TF_WANT_COPY, below("data"), "/c");
	must_open(&box, NULL);
	must_fill(&box);
	scratch_write(below("data/sub/b"), "changed");
	snprintf(path, sizeof(path), "%s/sub/b", host_of("/c"));
	ck_assert_str_eq(scratch_read(path), "b");
}
END_TEST

START_TEST(the_umask_of_the_caller_does_not_count)
{
	struct stat st;
	char path[8192];

	umask(077);
	ask(TF_WANT_TMPFS, NULL, "/tmp");
	must_open(&box, NULL);
	must_fill(&box);
	snprintf(path, sizeof(path), "%s/tmp", box.path);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 01777);
	ck_assert_uint_eq(umask(077), 077);
}
END_TEST

Suite *test_box_suite(void)
{
	Suite *suite = suite_create("box");
	TCase *tc = tcase_create("box");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, two_runs_at_the_same_time_have_two_slots);
	tcase_add_test(tc, a_slot_is_used_again_and_empty);
	tcase_add_test(tc, a_slot_whose_turf_was_killed_is_not_used_again);
	tcase_add_test(tc, a_name_keeps_its_files_when_asked);
	tcase_add_test(tc, a_name_is_for_one_run_at_a_time);
	tcase_add_test(tc, a_symlink_under_a_name_is_refused);
	tcase_add_test(tc, the_view_in_it_is_the_plans);
	tcase_add_test(tc, a_copy_is_a_copy);
	tcase_add_test(tc, the_umask_of_the_caller_does_not_count);
	suite_add_tcase(suite, tc);
	return suite;
}
