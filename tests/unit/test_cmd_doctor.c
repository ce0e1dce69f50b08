/*
 * `turf doctor`: names what is missing, with the fix, and nothing else; and how it ends.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>

#include "cmd_capture.h"
#include "launcher/cli/commands.h"
#include "launcher/cli/host.h"
#include "unit.h"

static char name[] = "doctor", json[] = "--format=json";
static char buf[16384];

static int run(char *option)
{
	char *argv[] = {name, option, NULL};

	return cmd_capture(tf_cmd_doctor, option ? 2 : 1, argv, NULL, buf, sizeof(buf));
}

static void check_lines(const struct tf_host *host, const char *before, const char *after)
{
	char line[64];

	for (int id = 0; id < TF_PROBE_COUNT; id++) {
		snprintf(line, sizeof(line), "%s%s%s", before, tf_probes[id].name, after);
		ck_assert_msg((strstr(buf, line) == NULL) == host->probe[id].is_there, "%s", line);
		if (!host->probe[id].is_there && !strchr(tf_probes[id].fix, '"'))
			ck_assert_msg(strstr(buf, tf_probes[id].fix) != NULL, "%s",
			              tf_probes[id].fix);
	}
}

START_TEST(exactly_what_is_missing_is_named)
{
	struct tf_host host;

	tf_host_probe(&host);
	ck_assert_int_eq(run(NULL), host.has_tier ? 0 : 1);
	check_lines(&host, "\n", ": missing");
	ck_assert_int_eq(run(json), host.has_tier ? 0 : 1);
	check_lines(&host, "\"name\": \"", "\"");
}
END_TEST

/* An outer sandbox takes Landlock away. */
START_TEST(without_landlock_the_answer_is_no)
{
	struct sock_filter insn[] = {
	        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 444, 0, 1),
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = {4, insn};

	ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	ck_assert_int_eq(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog), 0);
	ck_assert_int_eq(run(NULL), 1);
	ck_assert_ptr_nonnull(strstr(buf, "\nlandlock: missing"));
	ck_assert_ptr_nonnull(strstr(buf, "--tier=cooperative"));
	ck_assert_int_eq(run(json), 1);
	ck_assert_ptr_nonnull(strstr(buf, "\"can_run\": false"));
	ck_assert_ptr_nonnull(strstr(buf, "\"tier\": null"));
}
END_TEST

Suite *test_cmd_doctor_suite(void)
{
	Suite *suite = suite_create("cmd_doctor");
	TCase *tcase = tcase_create("doctor");

	tcase_set_timeout(tcase, 20);
	tcase_add_test(tcase, exactly_what_is_missing_is_named);
	tcase_add_test(tcase, without_landlock_the_answer_is_no);
	suite_add_tcase(suite, tcase);
	return suite;
}
