/*
 * The filter's table: its order, and its numbers against the builder's headers where those know the call.
 */
#include <linux/seccomp.h>
#include <string.h>
#include <sys/syscall.h>

#include "launcher/kernel/seccomp_rules.h"
#include "unit.h"

START_TEST(rules_are_sorted_and_do_not_overlap)
{
	for (unsigned int i = 0; i < tf_seccomp_nrules; i++) {
		const struct tf_seccomp_rule *rule = &tf_seccomp_rules[i];

		ck_assert_msg(rule->first <= rule->last, "%s", rule->name);
		ck_assert_msg(!i || rule[-1].last < rule->first, "%s after %s", rule->name,
		              i ? rule[-1].name : "");
	}
}
END_TEST

START_TEST(clauses_are_well_formed)
{
	for (unsigned int i = 0; i < tf_seccomp_nrules; i++) {
		const struct tf_seccomp_rule *rule = &tf_seccomp_rules[i];

		ck_assert_msg(!rule->nclauses || rule->first == rule->last, "%s", rule->name);
		for (unsigned int j = 0; j < rule->nclauses; j++) {
			const struct tf_seccomp_clause *clause = &rule->clause[j];

			ck_assert_uint_le(clause->nconds, TF_SECCOMP_CONDS);
			for (unsigned int k = 0; k < clause->nconds; k++) {
				const struct tf_seccomp_cond *c = &clause->cond[k];

				ck_assert_msg(c->word < 12, "%s: word %u", rule->name, c->word);
				/* else it could never be equal */
				ck_assert_msg(!(c->value & ~c->mask), "%s: value %#x", rule->name,
				              c->value);
			}
		}
	}
}
END_TEST

static const struct tf_seccomp_rule *find(const char *name)
{
	for (unsigned int i = 0; i < tf_seccomp_nrules; i++)
		if (!strcmp(tf_seccomp_rules[i].name, name))
			return &tf_seccomp_rules[i];
	return NULL;
}

struct number {
	const char *name;
	unsigned int nr;
};
#define N(name)                                                                                    \
	{                                                                                          \
#name, SYS_##name                                                                  \
	}

/* Every rule whose name the oldest headers that turf is built with (Linux 6.1, glibc 2.36) know. */
static const struct number known[] = {
        N(ioctl),
        N(shmget),
        N(shmat),
        N(shmctl),
        N(socket),
        N(sendto),
        N(sendmsg),
        N(listen),
        N(socketpair),
        N(clone),
        N(semget),
        N(semop),
        N(semctl),
        N(shmdt),
        N(msgget),
        N(msgsnd),
        N(msgrcv),
        N(msgctl),
        N(syslog),
        N(uselib),
        N(personality),
        N(setpriority),
        N(sched_setparam),
        N(sched_setscheduler),
        N(vhangup),
        N(pivot_root),
        N(_sysctl),
        N(adjtimex),
        N(setrlimit),
        N(chroot),
        N(acct),
        N(settimeofday),
        N(mount),
        N(umount2),
        N(swapon),
        N(swapoff),
        N(reboot),
        N(sethostname),
        N(setdomainname),
        N(iopl),
        N(ioperm),
        N(create_module),
        N(init_module),
        N(delete_module),
        N(get_kernel_syms),
        N(query_module),
        N(quotactl),
        N(nfsservctl),
        N(sched_setaffinity),
        N(lookup_dcookie),
        N(semtimedop),
        N(clock_settime),
        N(mq_unlink),
        N(kexec_load),
        N(add_key),
        N(request_key),
        N(keyctl),
        N(ioprio_set),
        N(migrate_pages),
        N(chmod),
        N(fchmod),
        N(fchmodat),
        N(unshare),
        N(move_pages),
        N(perf_event_open),
        N(fanotify_init),
        N(fanotify_mark),
        N(prlimit64),
        N(name_to_handle_at),
        N(open_by_handle_at),
        N(clock_adjtime),
        N(sendmmsg),
        N(setns),
        N(finit_module),
        N(sched_setattr),
        N(kexec_file_load),
        N(bpf),
        N(userfaultfd),
        N(io_uring_setup),
        N(io_uring_enter),
        N(io_uring_register),
        N(open_tree),
        N(move_mount),
        N(fsopen),
        N(fsconfig),
        N(fsmount),
        N(fspick),
        N(clone3),
        N(mount_setattr),
        N(quotactl_fd),
};
/* What those headers do not know: from the kernel's syscall_64.tbl. */
static const struct number newer[] = {
        {"fchmodat2", 452},
        {"statmount", 457},
        {"listmount", 458},
        {"open_tree_attr", 467},
};

START_TEST(numbers_are_the_kernels)
{
	const size_t n = sizeof(known) / sizeof(known[0]), m = sizeof(newer) / sizeof(newer[0]);

	for (size_t i = 0; i < n + m; i++) {
		const struct number *want = i < n ? &known[i] : &newer[i - n];
		const struct tf_seccomp_rule *rule = find(want->name);

		ck_assert_msg(rule != NULL, "%s is not in the table", want->name);
		ck_assert_msg(rule->first == want->nr, "%s: %u, not %u", want->name, rule->first,
		              want->nr);
	}
	/* and none that this test does not know: two ranges have no name */
	ck_assert_uint_eq(tf_seccomp_nrules, n + m + 2);
}
END_TEST

Suite *test_seccomp_rules_suite(void)
{
	Suite *suite = suite_create("seccomp_rules");
	TCase *tcase = tcase_create("table");

	tcase_add_test(tcase, rules_are_sorted_and_do_not_overlap);
	tcase_add_test(tcase, clauses_are_well_formed);
	tcase_add_test(tcase, numbers_are_the_kernels);
	suite_add_tcase(suite, tcase);
	return suite;
}
