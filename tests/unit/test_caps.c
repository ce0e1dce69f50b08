/*
 * Dropping capabilities, as root and as a plain user. libcheck forks for every test.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher/kernel/caps.h"
#include "unit.h"

/* A set of /proc/PID/status, -1 = not found. */
static long long read_set(const char *status, const char *name)
{
	char line[256];
	long long set = -1;
	unsigned long long value;
	FILE *file = fopen(status, "re");
	size_t n = strlen(name);

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, name, n) && sscanf(line + n, ": %llx", &value) == 1)
			set = (long long)value;
	if (file)
		fclose(file);
	return set;
}

START_TEST(root_loses_every_set_for_good)
{
	static const char *const sets[] = {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"};

	if (geteuid() || tf_caps_any() != 1)
		unit_skip("not root with capabilities");
	ck_assert_int_eq(tf_caps_drop(), 0);
	for (int i = 0; i < 5; i++)
		ck_assert_msg(!read_set("/proc/self/status", sets[i]), "%s is not empty", sets[i]);
	ck_assert_int_eq(tf_caps_any(), 0);
	/* locked: 0xef has no SECBIT_KEEP_CAPS */
	ck_assert_int_eq(prctl(PR_GET_SECUREBITS), 0xef);
	ck_assert_int_eq(prctl(PR_SET_SECUREBITS, 0), -1);
	/* and a second time does nothing wrong */
	ck_assert_int_eq(tf_caps_drop(), 0);
}
END_TEST

START_TEST(exec_as_uid_0_gives_nothing_back)
{
	int pipes[2], status;
	char line[64] = "";
	pid_t pid;

	if (geteuid() || tf_caps_any() != 1)
		unit_skip("not root with capabilities");
	ck_assert_int_eq(pipe(pipes), 0);
	pid = fork();
	if (!pid) {
		if (tf_caps_drop() || dup2(pipes[1], 1) != 1)
			_exit(99);
		execl("/bin/grep", "grep", "CapEff", "/proc/self/status", NULL);
		_exit(98);
	}
	close(pipes[1]);
	ck_assert_int_gt(read(pipes[0], line, sizeof(line) - 1), 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_str_eq(line, "CapEff:\t0000000000000000\n");
}
END_TEST

START_TEST(a_plain_user_is_left_as_it_is)
{
	long long before;

	if (!geteuid())
		ck_assert_int_eq(setresuid(65534, 65534, 65534), 0);
	if (tf_caps_any())
		unit_skip("a user with capabilities");
	before = read_set("/proc/self/status", "CapBnd");
	ck_assert_int_eq(tf_caps_drop(), 0);
	ck_assert_int_eq(read_set("/proc/self/status", "CapBnd"), before);
	ck_assert_int_eq(prctl(PR_GET_SECUREBITS), 0);
}
END_TEST

Suite *test_caps_suite(void)
{
	Suite *suite = suite_create("caps");
	TCase *tcase = tcase_create("drop");

	tcase_add_test(tcase, root_loses_every_set_for_good);
	tcase_add_test(tcase, exec_as_uid_0_gives_nothing_back);
	tcase_add_test(tcase, a_plain_user_is_left_as_it_is);
	suite_add_tcase(suite, tcase);
	return suite;
}
