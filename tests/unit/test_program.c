/*
 * launcher/mode/program: the program is looked for with the guest's eyes, and errors say what is missing there.
 */
#include "launcher/mode/program.h"
#include "launcher/mode/skeleton.h"
#include "plan_fixture.h"

static struct tf_exec ex;
static char path_of_guest[] = "PATH=/p1:/p2", no_path[] = "X=1";
static char *env[] = {path_of_guest, NULL};

/* The guest has h/p1 at /p1, h/p2 at /p2, h/d at /d, and the system's directories, where /bin/sh comes from. */
static void start(void)
{
	static const char *const system_dirs[] = {"/usr", "/bin", "/lib", "/lib64"};

	plan_fixture_make();
	shell("mkdir h/p1 h/p2 h/d w/fallback/b/code");
	for (unsigned int i = 0; i < 4; i++)
		request_same(TF_WANT_RO, system_dirs[i])->is_optional = 1;
	request(TF_WANT_RO, below("h/p1"), "/p1");
	request(TF_WANT_RO, below("h/p2"), "/p2");
	request(TF_WANT_RO, below("h/d"), "/d");
	set.workdir = "/d";
	make_plan();
	int work = open(places.work, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_eq(tf_skeleton_make(work, places.work, &plan, &err), 0);
	close(work);
	tf_rt_adopt(&plan.view);
}

static void script(const char *path, const char *text)
{
	scratch_write(path, text);
	ck_assert_int_eq(chmod(path, 0755), 0);
}

static int find(const char *name)
{
	static char copy[TF_PATH_MAX + 16];
	static char *argv[] = {copy, NULL};

	snprintf(copy, sizeof(copy), "%s", name);
	return tf_program_find(&plan, argv, env, &ex, &err);
}

static void finds(const char *name, const char *host)
{
	int rc = find(name);

	ck_assert_msg(rc == 0, "%s: %d: %s", name, rc, err.text);
	ck_assert_str_eq(ex.argv[1], host);
	tf_rt_exec_done(&ex);
}

static void is_refused(const char *name, enum tf_err_code code, const char *word)
{
	ck_assert_int_lt(find(name), 0);
	ck_assert_str_eq(tf_err_name(err.code), tf_err_name(code));
	err_holds(word);
}

START_TEST(the_first_directory_of_path_that_has_it_wins)
{
	script("h/p2/tool", "#!/bin/sh\n");
	finds("tool", "/p2/tool");
	script("h/p1/tool", "#!/bin/sh\n");
	finds("tool", "/p1/tool");
}
END_TEST

START_TEST(what_cannot_be_executed_is_passed_over_but_remembered)
{
	scratch_write("h/p1/tool", "#!/bin/sh\n");
	is_refused("tool", TF_E_NOEXEC, "tool");
	script("h/p2/tool", "#!/bin/sh\n");
	finds("tool", "/p2/tool");
}
END_TEST

START_TEST(a_path_is_taken_from_the_directory_it_starts_in)
{
	shell("mkdir h/d/sub");
	script("h/d/sub/tool", "#!/bin/sh\n");
	ck_assert_int_eq(find("sub/tool"), 0);
	ck_assert_int_eq(find("./sub/tool"), 0);
	ck_assert_int_eq(find("/d/sub/tool"), 0);
	is_refused("tool", TF_E_NOTFOUND, "PATH");
}
END_TEST

START_TEST(what_exists_on_the_host_only_is_not_found)
{
	script("h/outside", "#!/bin/sh\n");
	is_refused(below("h/outside"), TF_E_NOTFOUND, "--ro");
	is_refused("/d/../../outside", TF_E_NOTFOUND, "--ro");
	is_refused("", TF_E_NOTFOUND, "");
}
END_TEST

START_TEST(a_missing_interpreter_is_named)
{
	script("h/p1/tool", "#!/opt/none/python9\n");
	is_refused("/p1/tool", TF_E_NOTFOUND, "/opt/none/python9");
}
END_TEST

START_TEST(what_is_no_program_cannot_be_executed)
{
	script("h/p1/text", "#!\n");
	is_refused("/p1/text", TF_E_NOEXEC, "/p1/text");
	shell("mkdir h/p1/dir");
	is_refused("/p1/dir", TF_E_NOEXEC, "/p1/dir");
}
END_TEST

START_TEST(without_path_the_usual_directories_are_searched)
{
	env[0] = no_path;
	ck_assert_int_eq(find("sh"), 0);
	ck_assert_str_eq(ex.argv[0], "sh");
	env[0] = path_of_guest;
	is_refused("sh", TF_E_NOTFOUND, "command not found");
}
END_TEST

START_TEST(a_name_too_long_is_an_error)
{
	static char name[TF_PATH_MAX + 8];

	memset(name, 'x', sizeof(name) - 1);
	ck_assert_int_lt(find(name), 0);
	name[0] = '/';
	ck_assert_int_lt(find(name), 0);
}
END_TEST

START_TEST(the_directory_to_start_in_is_a_host_path)
{
	char buf[TF_PATH_MAX];

	ck_assert_int_eq(tf_program_cwd(&plan, buf, sizeof(buf), &err), 0);
	ck_assert_str_eq(buf, below("h/d"));
	ck_assert_int_eq(tf_program_cwd(&plan, buf, 4, &err), -ENAMETOOLONG);
}
END_TEST

START_TEST(a_directory_to_start_in_that_is_none_is_an_error)
{
	char buf[TF_PATH_MAX] = "unchanged";

	plan.cwd = "/d/none";
	ck_assert_int_eq(tf_program_cwd(&plan, buf, sizeof(buf), &err), -ENOENT);
	ck_assert_int_eq(err.code, TF_E_PATH);
	err_holds("--workdir /d/none");
	scratch_write("h/d/file", "");
	plan.cwd = "/d/file";
	ck_assert_int_eq(tf_program_cwd(&plan, buf, sizeof(buf), &err), -ENOTDIR);
	ck_assert_str_eq(buf, "unchanged");
}
END_TEST

Suite *test_program_suite(void)
{
	Suite *suite = suite_create("program");
	TCase *tc = tcase_create("program");

	tcase_add_checked_fixture(tc, start, plan_fixture_drop);
	tcase_add_test(tc, the_first_directory_of_path_that_has_it_wins);
	tcase_add_test(tc, what_cannot_be_executed_is_passed_over_but_remembered);
	tcase_add_test(tc, a_path_is_taken_from_the_directory_it_starts_in);
	tcase_add_test(tc, what_exists_on_the_host_only_is_not_found);
	tcase_add_test(tc, a_missing_interpreter_is_named);
	tcase_add_test(tc, what_is_no_program_cannot_be_executed);
	tcase_add_test(tc, without_path_the_usual_directories_are_searched);
	tcase_add_test(tc, a_name_too_long_is_an_error);
	tcase_add_test(tc, the_directory_to_start_in_is_a_host_path);
	tcase_add_test(tc, a_directory_to_start_in_that_is_none_is_an_error);
	suite_add_tcase(suite, tc);
	return suite;
}
