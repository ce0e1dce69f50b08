/*
 * The probes: their table, that they agree with other ways of asking, that they leave the asking process as it was
 * and nothing behind, and --require.
 */
#include <dirent.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher/kernel/probe.h"
#include "unit.h"

START_TEST(the_table_is_whole)
{
	for (int id = 0; id < TF_PROBE_COUNT; id++) {
		const struct tf_probe *probe = &tf_probes[id];

		ck_assert_ptr_nonnull(probe->name);
		ck_assert_str_eq(probe->name, tf_probe_names[id]);
		ck_assert_ptr_nonnull(probe->gives);
		ck_assert_ptr_nonnull(probe->costs);
		ck_assert_ptr_nonnull(probe->fix);
		ck_assert(probe->run != NULL);
	}
}
END_TEST

START_TEST(every_probe_ends_with_an_answer_and_a_word)
{
	for (int id = 0; id < TF_PROBE_COUNT; id++) {
		struct tf_probe_result r;

		memset(&r, 0x5a, sizeof(r));
		tf_probe_run(id, &r);
		ck_assert_msg(r.is_there == 0 || r.is_there == 1, "%s: %d", tf_probes[id].name,
		              r.is_there);
		ck_assert_ptr_nonnull(memchr(r.detail, '\0', sizeof(r.detail)));
		ck_assert_msg(r.detail[0] || !r.is_there, "%s says nothing", tf_probes[id].name);
	}
}
END_TEST

static int answer(enum tf_probe_id id, int *ret_value)
{
	struct tf_probe_result r;

	tf_probe_run(id, &r);
	*ret_value = r.value;
	return r.is_there;
}

static unsigned int open_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned int n = 0;

	ck_assert_ptr_nonnull(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

START_TEST(probing_leaves_nothing_behind)
{
	unsigned int before = open_fds();
	struct tf_probe_result r;
	struct stat user[2], mnt[2];

	ck_assert_int_eq(stat("/proc/self/ns/user", &user[0]), 0);
	ck_assert_int_eq(stat("/proc/self/ns/mnt", &mnt[0]), 0);
	for (int id = 0; id < TF_PROBE_COUNT; id++)
		tf_probe_run(id, &r);
	ck_assert_uint_eq(open_fds(), before);
	ck_assert_int_eq(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 0);
	ck_assert_int_eq(prctl(PR_GET_SECCOMP, 0, 0, 0, 0), 0);
	ck_assert_int_eq(stat("/proc/self/ns/user", &user[1]), 0);
	ck_assert_int_eq(stat("/proc/self/ns/mnt", &mnt[1]), 0);
	ck_assert_uint_eq(user[0].st_ino, user[1].st_ino);
	ck_assert_uint_eq(mnt[0].st_ino, mnt[1].st_ino);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1); /* no child */
	ck_assert_int_eq(errno, ECHILD);
}
END_TEST

/* An outer sandbox that refuses one call to this process and its children. */
static void refuse(unsigned int nr, unsigned int error)
{
	struct sock_filter insn[] = {
	        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = {4, insn};

	ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	ck_assert_int_eq(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog), 0);
}

/* What each refused call takes away. */
static const struct {
	unsigned int nr, error;
	enum tf_probe_id id;
} losses[] = {
        {444, ENOSYS, TF_PROBE_LANDLOCK},       {444, EOPNOTSUPP, TF_PROBE_LANDLOCK_NET},
        {444, EPERM, TF_PROBE_LANDLOCK_SCOPES}, {SYS_seccomp, EPERM, TF_PROBE_SECCOMP},
        {SYS_seccomp, ENOSYS, TF_PROBE_NOTIFY}, {437, ENOSYS, TF_PROBE_OPENAT2},
        {SYS_unshare, EPERM, TF_PROBE_USERNS},  {SYS_mount, EPERM, TF_PROBE_USERNS},
        {SYS_mount, EACCES, TF_PROBE_OVERLAY},  {SYS_perf_event_open, EACCES, TF_PROBE_PERF},
        {SYS_mkdir, EROFS, TF_PROBE_CGROUP1},   {SYS_mkdir, EROFS, TF_PROBE_CGROUP2},
        {SYS_statfs, EACCES, TF_PROBE_PROC},    {SYS_pipe2, EMFILE, TF_PROBE_USERNS},
};

START_TEST(what_an_outer_sandbox_refuses_is_not_there)
{
	struct tf_probe_result r;
	struct tf_err err;

	refuse(losses[_i].nr, losses[_i].error);
	tf_probe_run(losses[_i].id, &r);
	ck_assert_msg(!r.is_there, "%s is there: %s", tf_probes[losses[_i].id].name, r.detail);
	ck_assert_int_eq(tf_probe_require(1u << losses[_i].id, &err), -EOPNOTSUPP);
	ck_assert_int_eq(err.code, TF_E_KERNEL);
	ck_assert_ptr_nonnull(strstr(err.text, tf_probes[losses[_i].id].name));
}
END_TEST

START_TEST(require_passes_when_all_is_there)
{
	int value;

	ck_assert_int_eq(tf_probe_require(0, NULL), 0);
	if (!answer(TF_PROBE_PROC, &value))
		unit_skip("/proc is not mounted");
	ck_assert_int_eq(tf_probe_require(1u << TF_PROBE_PROC, NULL), 0);
	ck_assert_int_eq(!tf_probe_require(TF_REQUIRE_CGROUP, NULL),
	                 answer(TF_PROBE_CGROUP1, &value) || answer(TF_PROBE_CGROUP2, &value));
}
END_TEST

START_TEST(require_names_every_missing_one)
{
	struct tf_err err;

	refuse(444, ENOSYS);
	ck_assert_int_eq(
	        tf_probe_require(1u << TF_PROBE_LANDLOCK | 1u << TF_PROBE_LANDLOCK_SCOPES, &err),
	        -EOPNOTSUPP);
	ck_assert_ptr_nonnull(strstr(err.text, "landlock ("));
	ck_assert_ptr_nonnull(strstr(err.text, "landlock-scopes ("));
}
END_TEST

Suite *test_probe_suite(void)
{
	Suite *suite = suite_create("probe");
	TCase *tcase = tcase_create("probes");

	tcase_set_timeout(tcase, 20);
	tcase_add_test(tcase, the_table_is_whole);
	tcase_add_test(tcase, every_probe_ends_with_an_answer_and_a_word);
	tcase_add_test(tcase, probing_leaves_nothing_behind);
	tcase_add_loop_test(tcase, what_an_outer_sandbox_refuses_is_not_there, 0,
	                    sizeof(losses) / sizeof(losses[0]));
	tcase_add_test(tcase, require_passes_when_all_is_there);
	tcase_add_test(tcase, require_names_every_missing_one);
	suite_add_tcase(suite, tcase);
	return suite;
}
