/*
 * launcher/mode/box: sandbox directories are taken, filled and given back; nothing of one run reaches the next.
 */
#include "launcher/mode/box.h"
#include "plan_fixture.h"

#include <sys/file.h>

static struct tf_workdir work;
static struct tf_box box;

static void start(void)
{
	plan_fixture_make();
	shell("rm -rf w/fallback");
	work = (struct tf_workdir){.fd = open(places.work, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
	ck_assert_int_ge(work.fd, 0);
	snprintf(work.path, sizeof(work.path), "%s", places.work);
	box = (struct tf_box){.all = -1, .fd = -1};
}

static void finish(void)
{
	tf_box_close(&box, 1, NULL);
	tf_workdir_close(&work);
	plan_fixture_drop();
}

static void take(const char *name)
{
	int rc = tf_box_open(&box, &work, name, &err);

	ck_assert_msg(rc == 0, "%d: %s", rc, err.text);
}

static void give_back(int is_kept)
{
	int rc = tf_box_close(&box, is_kept, &err);

	ck_assert_msg(rc == 0, "%d: %s", rc, err.text);
	ck_assert_int_eq(box.fd, -1);
	ck_assert_int_eq(box.all, -1);
}

/* Fills the open box with what the requests (and /work) need. */
static void fill(void)
{
	places.box = box.path;
	places.view = box.view;
	places.shared = box.shared;
	tf_plan_done(&plan);
	make_plan();
	int rc = tf_box_fill(&box, &plan, &err);
	ck_assert_msg(rc == 0, "%d: %s", rc, err.text);
}

static const char *in_box(const char *name)
{
	return below("w/fallback/%s/%s", box.name, name);
}

static struct stat status(const char *path)
{
	struct stat st = {.st_mode = 0};

	if (lstat(path, &st) < 0)
		st.st_mode = 0;
	return st;
}

#define mode_of_path(path) (status(path).st_mode & 07777)

START_TEST(a_slot_is_closed_when_clean_and_used_again)
{
	take(NULL);
	ck_assert_str_eq(box.name, "run-0");
	ck_assert_int_eq(box.is_reused, 0);
	ck_assert_str_eq(box.path, below("w/fallback/run-0"));
	ck_assert_uint_eq(mode_of_path(box.path), 0700);
	ino_t ino = status(box.path).st_ino;
	give_back(0);
	ck_assert_uint_eq(mode_of_path(below("w/fallback/run-0")), 0500);
	take(NULL);
	ck_assert_str_eq(box.name, "run-0");
	ck_assert_int_eq(box.is_reused, 1);
	ck_assert_uint_eq(status(box.path).st_ino, ino);
	ck_assert_uint_eq(mode_of_path(box.path), 0700);
}
END_TEST

START_TEST(a_slot_left_in_use_is_removed_and_never_used_again)
{
	shell("umask 077; mkdir -p w/fallback/run-0/code; echo secret >w/fallback/run-0/code/f");
	take(NULL);
	ck_assert_str_eq(box.name, "run-1");
	ck_assert_int_eq(box.is_reused, 0);
	ck_assert_uint_eq(status(below("w/fallback/run-0")).st_mode, 0);
}
END_TEST

START_TEST(a_slot_that_somebody_holds_is_left_alone)
{
	shell("umask 077; mkdir -p w/fallback/run-0/code; echo theirs >w/fallback/run-0/code/f");
	int held = open("w/fallback/run-0", O_RDONLY | O_CLOEXEC);
	ck_assert_int_eq(flock(held, LOCK_EX | LOCK_NB), 0);
	take(NULL);
	ck_assert_str_eq(box.name, "run-1");
	ck_assert_str_eq(scratch_read("w/fallback/run-0/code/f"), "theirs\n");
	close(held);
}
END_TEST

START_TEST(two_runs_at_once_have_two_slots)
{
	struct tf_box other;

	take(NULL);
	ck_assert_int_eq(tf_box_open(&other, &work, NULL, &err), 0);
	ck_assert_str_eq(other.name, "run-1");
	ck_assert_int_eq(tf_box_close(&other, 0, &err), 0);
}
END_TEST

START_TEST(a_slot_that_is_no_directory_is_passed_over)
{
	shell("umask 077; mkdir w/fallback; ln -s ../../h w/fallback/run-0; echo "
	      ">w/fallback/run-1");
	take(NULL);
	ck_assert_str_eq(box.name, "run-2");
}
END_TEST

START_TEST(what_the_plan_needs_is_made_whatever_the_umask)
{
	umask(077);
	request_same(TF_WANT_TMPFS, "/tmp");
	take(NULL);
	fill();
	ck_assert_uint_eq(mode_of_path(in_box("code")), 0755);
	ck_assert_uint_eq(mode_of_path(in_box("tmp")), 01777);
	ck_assert_uint_eq(mode_of_path(in_box("view")), 0400);
	ck_assert_uint_eq((size_t)status(in_box("view")).st_size, plan.blob_bytes);
	ck_assert_uint_eq(mode_of_path(in_box("shared")), 0600);
	ck_assert_int_eq(status(in_box("shared")).st_size, 4096);
	ck_assert_uint_eq(umask(022), 077);
}
END_TEST

START_TEST(the_view_on_disk_is_the_plans_also_in_a_used_slot)
{
	static char have[TF_VIEW_MAX_BYTES];

	for (int i = 0; i < 3; i++) {
		if (i == 2) /* another view, shorter or longer */
			request_same(TF_WANT_HIDE, "/x");
		take(NULL);
		fill();
		int fd = open(in_box("view"), O_RDONLY | O_CLOEXEC);
		ck_assert_int_eq(read(fd, have, sizeof(have)), (ssize_t)plan.blob_bytes);
		ck_assert_mem_eq(have, plan.blob, plan.blob_bytes);
		close(fd);
		give_back(0);
	}
}
END_TEST

START_TEST(used_directories_are_emptied_unused_ones_kept)
{
	request_same(TF_WANT_TMPFS, "/tmp");
	take(NULL);
	fill();
	scratch_write(in_box("code/file"), "secret");
	ck_assert_int_eq(mkdir(in_box("code/.hidden"), 0), 0);
	ino_t tmp = status(in_box("tmp")).st_ino;
	give_back(0);
	take(NULL);
	ck_assert_uint_eq(status(in_box("code/file")).st_mode, 0);
	fill();
	ck_assert_uint_eq(status(in_box("tmp")).st_ino, tmp);
	ck_assert_uint_eq(status(in_box("code")).st_mode, S_IFDIR | 0755);
	ck_assert_uint_eq(status(in_box("code/file")).st_mode, 0);
	ck_assert_uint_eq(status(in_box("code/.hidden")).st_mode, 0);
}
END_TEST

START_TEST(a_single_file_with_the_shortest_name_is_seen)
{
	take(NULL);
	fill();
	scratch_write(in_box("code/f"), "");
	give_back(0);
	ck_assert_uint_eq(status(below("w/fallback/run-0/code/f")).st_mode, 0);
}
END_TEST

START_TEST(a_mode_that_the_program_changed_does_not_last)
{
	take(NULL);
	fill();
	ck_assert_int_eq(chmod(in_box("code"), 0700), 0);
	give_back(0);
	take(NULL);
	fill();
	ck_assert_uint_eq(mode_of_path(in_box("code")), 0755);
}
END_TEST

START_TEST(a_copy_in_a_slot_is_made_anew_each_time)
{
	shell("mkdir h/src; echo one >h/src/f");
	request(TF_WANT_COPY, below("h/src"), "/work");
	take(NULL);
	fill();
	ck_assert_str_eq(scratch_read(in_box("code/f")), "one\n");
	scratch_write(in_box("code/f"), "changed");
	ck_assert_str_eq(scratch_read("h/src/f"), "one\n");
	give_back(0);
	take(NULL);
	fill();
	ck_assert_str_eq(scratch_read(in_box("code/f")), "one\n");
}
END_TEST

START_TEST(links_in_place_of_directories_are_not_followed)
{
	shell("mkdir h/outside; echo mine >h/outside/f");
	take(NULL);
	fill();
	ck_assert_int_eq(rmdir(in_box("code")), 0);
	ck_assert_int_eq(symlink(below("h/outside"), in_box("code")), 0);
	give_back(0);
	ck_assert_str_eq(scratch_read("h/outside/f"), "mine\n");
	ck_assert_uint_eq(status(below("w/fallback/run-0/code")).st_mode, 0);
}
END_TEST

START_TEST(a_named_box_keeps_its_files_and_a_copy_stays_as_it_is)
{
	shell("mkdir h/src; echo one >h/src/f");
	request(TF_WANT_COPY, below("h/src"), "/work");
	take("mine");
	ck_assert_int_eq(box.is_slot, 0);
	fill();
	scratch_write(in_box("code/f"), "changed");
	give_back(1);
	take("mine");
	ck_assert_int_eq(box.is_reused, 1);
	fill();
	ck_assert_str_eq(scratch_read(in_box("code/f")), "changed");
	give_back(0);
	ck_assert_uint_eq(status(below("w/fallback/mine")).st_mode, 0);
}
END_TEST

START_TEST(a_named_box_is_for_one_at_a_time)
{
	struct tf_box other;

	take("mine");
	ck_assert_int_lt(tf_box_open(&other, &work, "mine", &err), 0);
	ck_assert_int_eq(err.code, TF_E_EXISTS);
	err_holds("mine");
	ck_assert_int_eq(tf_box_close(&other, 0, &err), 0);
	ck_assert_uint_eq(status(box.path).st_mode, S_IFDIR | 0700);
}
END_TEST

START_TEST(a_named_box_that_is_a_link_is_refused)
{
	shell("umask 077; mkdir w/fallback; ln -s ../../h w/fallback/mine");
	ck_assert_int_lt(tf_box_open(&box, &work, "mine", &err), 0);
	ck_assert_int_eq(err.code, TF_E_WORKDIR);
}
END_TEST

START_TEST(points_stand_in_the_private_directories)
{
	shell("mkdir h/d");
	request(TF_WANT_RO, below("h/d"), "/work/in/data");
	take(NULL);
	fill();
	ck_assert_uint_eq(status(in_box("code/in/data")).st_mode, S_IFDIR);
	ck_assert_uint_eq(status(in_box("code/in")).st_mode, S_IFDIR | 0755);
}
END_TEST

Suite *test_box_suite(void)
{
	Suite *suite = suite_create("box");
	TCase *tc = tcase_create("box");

	tcase_add_checked_fixture(tc, start, finish);
	tcase_add_test(tc, a_slot_is_closed_when_clean_and_used_again);
	tcase_add_test(tc, a_slot_left_in_use_is_removed_and_never_used_again);
	tcase_add_test(tc, a_slot_that_somebody_holds_is_left_alone);
	tcase_add_test(tc, two_runs_at_once_have_two_slots);
	tcase_add_test(tc, a_slot_that_is_no_directory_is_passed_over);
	tcase_add_test(tc, what_the_plan_needs_is_made_whatever_the_umask);
	tcase_add_test(tc, the_view_on_disk_is_the_plans_also_in_a_used_slot);
	tcase_add_test(tc, used_directories_are_emptied_unused_ones_kept);
	tcase_add_test(tc, a_single_file_with_the_shortest_name_is_seen);
	tcase_add_test(tc, a_mode_that_the_program_changed_does_not_last);
	tcase_add_test(tc, a_copy_in_a_slot_is_made_anew_each_time);
	tcase_add_test(tc, links_in_place_of_directories_are_not_followed);
	tcase_add_test(tc, a_named_box_keeps_its_files_and_a_copy_stays_as_it_is);
	tcase_add_test(tc, a_named_box_is_for_one_at_a_time);
	tcase_add_test(tc, a_named_box_that_is_a_link_is_refused);
	tcase_add_test(tc, points_stand_in_the_private_directories);
	suite_add_tcase(suite, tc);
	return suite;
}
