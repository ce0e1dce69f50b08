/*
 * The filter's generator and policy: every number, the argument cases with their high halves, size and depth; and a
 * few calls under the real thing.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bpf_run.h"
#include "launcher/kernel/seccomp.h"
#include "launcher/kernel/seccomp_rules.h"
#include "launcher/plan/settings.h"
#include "unit.h"

#define ALLOW SECCOMP_RET_ALLOW
#define KILL SECCOMP_RET_KILL_PROCESS
#define ERR(e) (SECCOMP_RET_ERRNO | (e))
#define HIGH 0xdeadbeef00000000ull

static struct tf_seccomp filter;

static void build(int network, int may_unix, int is_connect_only)
{
	struct tf_seccomp_opts opts = {network, may_unix, is_connect_only};
	int rc = tf_seccomp_build(&opts, &filter);

	ck_assert_int_eq(rc, 0);
}

static struct bpf_result run(uint32_t arch, uint32_t nr, const uint64_t *args)
{
	struct seccomp_data data = {.nr = (int)nr, .arch = arch};

	if (args)
		memcpy(data.args, args, sizeof(data.args));
	return bpf_run(filter.insn, filter.len, &data);
}

/* One call with arguments; the rest is 0. */
#define CALL(nr, ...) run(AUDIT_ARCH_X86_64, nr, (uint64_t[6]){__VA_ARGS__}).verdict
#define CHECK_CALL(want, nr, ...)                                                                  \
	do {                                                                                       \
		uint32_t got = CALL(nr, __VA_ARGS__);                                              \
		ck_assert_msg(got == (want), "%s(" #__VA_ARGS__ "): %#x, not %#x", #nr, got,       \
		              (unsigned int)(want));                                               \
	} while (0)

/* Every way in which the filter can be built. */
static void each_option(void (*test)(const struct tf_seccomp_opts *opts))
{
	for (int network = 0; network < 3; network++) {
		for (int bits = 0; bits < 4; bits++) {
			struct tf_seccomp_opts opts = {network, bits & 1, bits >> 1};

			ck_assert_int_eq(tf_seccomp_build(&opts, &filter), 0);
			test(&opts);
		}
	}
}

/* What the table says of a number, read the slow way. */
static const struct tf_seccomp_rule *rule_of(uint32_t nr)
{
	for (unsigned int i = 0; i < tf_seccomp_nrules; i++)
		if (nr >= tf_seccomp_rules[i].first && nr <= tf_seccomp_rules[i].last)
			return &tf_seccomp_rules[i];
	return NULL;
}

static void check_every_number(const struct tf_seccomp_opts *opts)
{
	for (uint32_t nr = 0; nr <= 600; nr++) {
		const struct tf_seccomp_rule *rule = rule_of(nr);
		struct bpf_result r = run(AUDIT_ARCH_X86_64, nr, NULL);

		if (!rule)
			ck_assert_msg(r.verdict == ALLOW && !r.has_read_args, "%u: %#x", nr,
			              r.verdict);
		else if (!rule->nclauses)
			ck_assert_msg(r.verdict == rule->verdict && !r.has_read_args, "%s: %#x",
			              rule->name, r.verdict);
		if (!r.has_read_args)
			ck_assert_uint_le(r.steps, TF_SECCOMP_DEPTH);
	}
	ck_assert_uint_le(filter.len, TF_SECCOMP_SIZE);
}

START_TEST(every_number_gets_the_tables_answer)
{
	each_option(check_every_number);
}
END_TEST

START_TEST(calls_newer_than_the_table_are_not_there)
{
	build(TF_NETWORK_HOST, 1, 0);
	CHECK_CALL(ALLOW, 469, 0);
	CHECK_CALL(ERR(ENOSYS), 470, 0);
	CHECK_CALL(ERR(ENOSYS), 471, 0);
	CHECK_CALL(ERR(ENOSYS), 548, 0);
	CHECK_CALL(ERR(ENOSYS), 100000, 0);
	CHECK_CALL(ERR(ENOSYS), 0x3fffffff, 0);
	CHECK_CALL(ERR(ENOSYS), 337, 0);
	CHECK_CALL(ERR(ENOSYS), 423, 0);
	CHECK_CALL(ALLOW, 336, 0); /* uprobe: the kernel's own trampoline */
	CHECK_CALL(ALLOW, 424, 0);
}
END_TEST

static void check_foreign(const struct tf_seccomp_opts *opts)
{
	static const uint32_t other[] = {AUDIT_ARCH_I386, AUDIT_ARCH_X86_64 & ~__AUDIT_ARCH_64BIT,
	                                 AUDIT_ARCH_AARCH64, 0};

	for (uint32_t nr = 0; nr <= 600; nr++) {
		for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
			ck_assert_uint_eq(run(other[i], nr, NULL).verdict, KILL);
		ck_assert_uint_eq(run(AUDIT_ARCH_X86_64, nr | 0x40000000, NULL).verdict, KILL);
	}
	ck_assert_uint_eq(run(AUDIT_ARCH_X86_64, 0x80000000, NULL).verdict, KILL);
	ck_assert_uint_eq(run(AUDIT_ARCH_X86_64, 0xfffffffe, NULL).verdict, KILL);
	/* -1: a tracer inside skips a call; there is nothing to execute */
	ck_assert_uint_eq(run(AUDIT_ARCH_X86_64, 0xffffffff, NULL).verdict, ALLOW);
}

START_TEST(foreign_abis_and_x32_are_killed)
{
	each_option(check_foreign);
}
END_TEST

START_TEST(terminal_ioctls_are_compared_on_32_bits)
{
	build(TF_NETWORK_NONE, 0, 0);
	CHECK_CALL(ERR(EPERM), SYS_ioctl, 0, 0x5412);
	CHECK_CALL(ERR(EPERM), SYS_ioctl, 0, 0x5412 | 1ull << 32);
	CHECK_CALL(ERR(EPERM), SYS_ioctl, 0, 0x5412 | HIGH);
	CHECK_CALL(ERR(EPERM), SYS_ioctl, 0, 0x541c);
	CHECK_CALL(ERR(EPERM), SYS_ioctl, 0, 0x541c | 0x8000000000000000ull);
	CHECK_CALL(ALLOW, SYS_ioctl, 0x5412, 0x5401, 0x5412);
	CHECK_CALL(ALLOW, SYS_ioctl, 0, 0x5413);
}
END_TEST

START_TEST(namespaces_cannot_be_made)
{
	static const uint64_t flags[] = {0x20000,    0x2000000,  0x4000000, 0x8000000,
	                                 0x10000000, 0x20000000, 0x40000000};

	build(TF_NETWORK_HOST, 1, 0);
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		CHECK_CALL(ERR(EPERM), SYS_clone, flags[i] | SIGCHLD);
		CHECK_CALL(ERR(EPERM), SYS_clone, flags[i] | HIGH);
		CHECK_CALL(ERR(EPERM), SYS_unshare, flags[i]);
	}
	CHECK_CALL(ERR(EPERM), SYS_unshare, 0x80); /* time */
	CHECK_CALL(ERR(EPERM), SYS_unshare, 1ull << 32);
	CHECK_CALL(ALLOW, SYS_unshare, 0x400); /* CLONE_FILES */
	CHECK_CALL(ALLOW, SYS_clone, SIGCHLD);
	CHECK_CALL(ALLOW, SYS_clone, 0x3d0f00); /* a thread of glibc's */
	CHECK_CALL(ALLOW, SYS_clone, 0x4111);   /* posix_spawn */
	CHECK_CALL(ERR(ENOSYS), SYS_clone3, 0);
	CHECK_CALL(ERR(EPERM), SYS_setns, 0);
}
END_TEST

START_TEST(the_tag_and_other_processes_limits_are_kept)
{
	build(TF_NETWORK_HOST, 1, 0);
	CHECK_CALL(ALLOW, SYS_prlimit64, 0, 15, 0, 0x1000);
	CHECK_CALL(ALLOW, SYS_prlimit64, 77, 3, 0, 0x1000);
	CHECK_CALL(ALLOW, SYS_prlimit64, 0, 3, 0x1000);
	CHECK_CALL(ALLOW, SYS_prlimit64, HIGH, 3 | HIGH, 0x1000);
	CHECK_CALL(ERR(EPERM), SYS_prlimit64, 0, 15, 0x1000);
	CHECK_CALL(ERR(EPERM), SYS_prlimit64, 0, 15 | HIGH, 0x1000);
	CHECK_CALL(ERR(EPERM), SYS_prlimit64, 77, 3, 0x1000);
	/* a pointer whose low half is 0 is a pointer */
	CHECK_CALL(ERR(EPERM), SYS_prlimit64, 0, 15, 1ull << 32);
	CHECK_CALL(ERR(EPERM), SYS_prlimit64, 77, 3, 0x7fff00000000ull);
	CHECK_CALL(ERR(EPERM), SYS_setrlimit, 15);
	CHECK_CALL(ERR(EPERM), SYS_setrlimit, 15 | HIGH);
	CHECK_CALL(ALLOW, SYS_setrlimit, 7);
}
END_TEST

START_TEST(scheduling_of_others_is_refused)
{
	static const uint32_t first[] = {SYS_sched_setaffinity, SYS_sched_setscheduler,
	                                 SYS_sched_setparam,    SYS_sched_setattr,
	                                 SYS_migrate_pages,     SYS_move_pages};

	build(TF_NETWORK_HOST, 1, 0);
	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++) {
		CHECK_CALL(ALLOW, first[i], 0, 77);
		CHECK_CALL(ALLOW, first[i], HIGH, 77); /* a pid is an int */
		CHECK_CALL(ERR(EPERM), first[i], 77);
		CHECK_CALL(ERR(EPERM), first[i], (uint64_t)-1);
	}
	CHECK_CALL(ALLOW, SYS_setpriority, 0, 0, 5);
	CHECK_CALL(ALLOW, SYS_setpriority, HIGH, HIGH, 5);
	CHECK_CALL(ERR(EPERM), SYS_setpriority, 0, 77);
	CHECK_CALL(ERR(EPERM), SYS_setpriority, 1, 0); /* the process group */
	CHECK_CALL(ERR(EPERM), SYS_setpriority, 2, 0); /* all of the user's */
	CHECK_CALL(ALLOW, SYS_ioprio_set, 1, 0, 4);
	CHECK_CALL(ERR(EPERM), SYS_ioprio_set, 1, 77);
	CHECK_CALL(ERR(EPERM), SYS_ioprio_set, 2, 0);
	CHECK_CALL(ERR(EPERM), SYS_ioprio_set, 3, 0);
}
END_TEST

START_TEST(personality_is_limited)
{
	static const uint64_t good[] = {0, 8, 0x20000, 0x20008, 0x40000, 0xffffffff};
	static const uint64_t bad[] = {1, 4, 0x400000, 0x440000, 0x60000, 0x28, 0x7fffffff};

	build(TF_NETWORK_NONE, 0, 0);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		CHECK_CALL(ALLOW, SYS_personality, good[i]);
		CHECK_CALL(ALLOW, SYS_personality, good[i] | HIGH);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK_CALL(ERR(EPERM), SYS_personality, bad[i]);
}
END_TEST

#define NONBLOCK_CLOEXEC (SOCK_NONBLOCK | SOCK_CLOEXEC)
#define TCP IPPROTO_TCP

START_TEST(set_id_bits_are_refused)
{
	build(TF_NETWORK_NONE, 0, 0);
	CHECK_CALL(ERR(EPERM), SYS_chmod, 0, 04755);
	CHECK_CALL(ERR(EPERM), SYS_chmod, 0, 02755 | HIGH);
	CHECK_CALL(ERR(EPERM), SYS_fchmod, 3, 06755);
	CHECK_CALL(ERR(EPERM), SYS_fchmodat, -100, 0, 04755);
	CHECK_CALL(ERR(EPERM), 452, -100, 0, 04755, 0);
	CHECK_CALL(ALLOW, SYS_chmod, 04000, 01777);
	CHECK_CALL(ALLOW, SYS_fchmod, 04000, 0755);
	CHECK_CALL(ALLOW, SYS_fchmodat, 04000, 06000, 0755);
}
END_TEST

START_TEST(network_none_opens_no_ip_socket)
{
	build(TF_NETWORK_NONE, 0, 0);
	CHECK_CALL(ERR(EACCES), SYS_socket, AF_INET, SOCK_STREAM, 0);
	CHECK_CALL(ERR(EACCES), SYS_socket, AF_INET6 | HIGH, SOCK_DGRAM, 0);
	CHECK_CALL(ERR(EACCES), SYS_socket, AF_NETLINK, SOCK_RAW, 0);
	CHECK_CALL(ERR(EACCES), SYS_socket, AF_UNIX, SOCK_STREAM, 0);
	CHECK_CALL(ERR(EACCES), SYS_socket, AF_UNIX | HIGH, SOCK_DGRAM, 0);
	CHECK_CALL(ERR(EAFNOSUPPORT), SYS_socket, AF_VSOCK, SOCK_STREAM, 0);
	CHECK_CALL(ERR(EAFNOSUPPORT), SYS_socket, AF_PACKET, SOCK_RAW, 0);
	CHECK_CALL(ERR(EAFNOSUPPORT), SYS_socket, AF_ALG, SOCK_SEQPACKET, 0);
	CHECK_CALL(ERR(EPERM), SYS_sendto, 3, 0, 0, 0x20000000);
	CHECK_CALL(ERR(EPERM), SYS_sendmsg, 3, 0, 0x20004000 | HIGH);
	CHECK_CALL(ERR(EPERM), SYS_sendmmsg, 3, 0, 1, 0x20000000);
	CHECK_CALL(ALLOW, SYS_sendto, 0x20000000, 0, 0x20000000, MSG_NOSIGNAL);
	build(TF_NETWORK_NONE, 1, 0);
	CHECK_CALL(ALLOW, SYS_socket, AF_UNIX, SOCK_STREAM, 0);
	CHECK_CALL(ERR(EACCES), SYS_socket, AF_INET, SOCK_STREAM, 0);
}
END_TEST

START_TEST(network_host_opens_what_a_user_may)
{
	build(TF_NETWORK_HOST, 0, 0);
	CHECK_CALL(ALLOW, SYS_socket, AF_INET, SOCK_STREAM | NONBLOCK_CLOEXEC, TCP);
	CHECK_CALL(ALLOW, SYS_socket, AF_INET6, SOCK_DGRAM | NONBLOCK_CLOEXEC, 17);
	CHECK_CALL(ALLOW, SYS_socket, AF_INET | HIGH, SOCK_DGRAM | HIGH, 0);
	CHECK_CALL(ERR(EPERM), SYS_socket, AF_INET, SOCK_RAW, 1);
	CHECK_CALL(ERR(EPERM), SYS_socket, AF_INET, 10, 0); /* SOCK_PACKET becomes AF_PACKET */
	CHECK_CALL(ALLOW, SYS_socket, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0);
	CHECK_CALL(ALLOW, SYS_socket, AF_NETLINK, SOCK_RAW, HIGH);
	CHECK_CALL(ERR(EPROTONOSUPPORT), SYS_socket, AF_NETLINK, SOCK_RAW, 15);
	CHECK_CALL(ERR(EACCES), SYS_socket, AF_UNIX, SOCK_STREAM, 0);
	CHECK_CALL(ERR(EAFNOSUPPORT), SYS_socket, AF_PACKET, SOCK_RAW, 0);
	ck_assert(!run(AUDIT_ARCH_X86_64, SYS_sendto, NULL).has_read_args);
	CHECK_CALL(ALLOW, SYS_sendto, 3, 0, 0, 0x20000000);
}
END_TEST

START_TEST(network_list_opens_tcp_alone)
{
	build(TF_NETWORK_LIST, 0, 0);
	CHECK_CALL(ALLOW, SYS_socket, AF_INET, SOCK_STREAM, 0);
	CHECK_CALL(ALLOW, SYS_socket, AF_INET6, SOCK_STREAM | NONBLOCK_CLOEXEC, TCP);
	CHECK_CALL(ALLOW, SYS_socket, AF_INET6, SOCK_STREAM, TCP | HIGH);
	CHECK_CALL(ERR(EACCES), SYS_socket, AF_INET, SOCK_STREAM, 262);
	CHECK_CALL(ERR(EACCES), SYS_socket, AF_INET, SOCK_STREAM, 132);
	CHECK_CALL(ERR(EACCES), SYS_socket, AF_INET, SOCK_STREAM, 256);
	CHECK_CALL(ERR(EACCES), SYS_socket, AF_INET, SOCK_DGRAM, 0);
	CHECK_CALL(ERR(EACCES), SYS_socket, AF_INET, SOCK_SEQPACKET, 132);
	CHECK_CALL(ERR(EACCES), SYS_socket, AF_NETLINK, SOCK_RAW, 0);
	CHECK_CALL(ERR(EPERM), SYS_sendto, 3, 0, 0, 0x20000000);
	CHECK_CALL(ALLOW, SYS_listen, 3);
	build(TF_NETWORK_LIST, 0, 1);
	CHECK_CALL(ERR(EACCES), SYS_listen, 3);
	build(TF_NETWORK_LIST, 1, 1);
	CHECK_CALL(ALLOW, SYS_listen, 3);
	build(TF_NETWORK_HOST, 0, 1);
	CHECK_CALL(ALLOW, SYS_listen, 3);
}
END_TEST

START_TEST(socket_pairs_reach_nobody)
{
	build(TF_NETWORK_HOST, 0, 0);
	CHECK_CALL(ALLOW, SYS_socketpair, AF_UNIX, SOCK_STREAM | NONBLOCK_CLOEXEC, 0);
	CHECK_CALL(ALLOW, SYS_socketpair, AF_UNIX, SOCK_SEQPACKET, 0);
	CHECK_CALL(ERR(EACCES), SYS_socketpair, AF_UNIX, SOCK_DGRAM, 0);
	CHECK_CALL(ERR(EACCES), SYS_socketpair, AF_UNIX, SOCK_RAW | SOCK_CLOEXEC, 0);
	CHECK_CALL(ERR(EAFNOSUPPORT), SYS_socketpair, AF_TIPC, SOCK_STREAM, 0);
	build(TF_NETWORK_NONE, 1, 0);
	CHECK_CALL(ALLOW, SYS_socketpair, AF_UNIX, SOCK_DGRAM, 0);
}
END_TEST

START_TEST(a_wrong_network_is_refused)
{
	struct tf_seccomp_opts opts = {3, 0, 0};

	ck_assert_int_eq(tf_seccomp_build(&opts, &filter), -EINVAL);
	opts.network = -1;
	ck_assert_int_eq(tf_seccomp_build(&opts, &filter), -EINVAL);
}
END_TEST

/* ---- under the real filter; each test is a process of its own ---- */

static int enter(int network, int may_unix)
{
	build(network, may_unix, 0);
	ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	return tf_seccomp_enter(&filter);
}

#define CHECK_ERRNO(want, call)                                                                    \
	do {                                                                                       \
		errno = 0;                                                                         \
		ck_assert_int_eq((call), -1);                                                      \
		ck_assert_int_eq(errno, want);                                                     \
	} while (0)

START_TEST(the_kernel_takes_it_and_obeys)
{
	int pair[2];

	if (!tf_seccomp_is_there())
		unit_skip("no seccomp filters here");
	ck_assert_int_eq(enter(TF_NETWORK_NONE, 0), 0);
	CHECK_ERRNO(EPERM, syscall(SYS_ioctl, 0, 0x5412 | 1ull << 32, "x"));
	CHECK_ERRNO(ENOSYS, syscall(SYS_io_uring_setup, 1, NULL));
	CHECK_ERRNO(ENOSYS, syscall(-1));
	CHECK_ERRNO(ENOSYS, syscall(470));
	CHECK_ERRNO(EPERM, syscall(SYS_unshare, 0x10000000));
	CHECK_ERRNO(EACCES, socket(AF_UNIX, SOCK_STREAM, 0));
	CHECK_ERRNO(EACCES, socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	ck_assert_int_eq(write(pair[0], "x", 1), 1);
}
END_TEST

/* Why pairs of datagram sockets are refused: one end takes a new peer by name. */
START_TEST(a_datagram_pair_could_reach_a_name)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int pair[2], stream[2], server = socket(AF_UNIX, SOCK_DGRAM, 0);
	socklen_t n = (socklen_t)(sizeof(sa_family_t) + 1 +
	                          (size_t)snprintf(name.sun_path + 1, 64, "turf-%d", getpid()));

	ck_assert_int_ge(server, 0);
	ck_assert_int_eq(bind(server, (struct sockaddr *)&name, n), 0);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
	ck_assert_int_eq(connect(pair[0], (struct sockaddr *)&name, n), 0);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, stream), 0);
	ck_assert_int_eq(connect(stream[0], (struct sockaddr *)&name, n), -1);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, stream), 0);
	ck_assert_int_eq(connect(stream[0], (struct sockaddr *)&name, n), -1);
}
END_TEST

/* The signal that ends a child which makes one call under the filter; 0 = it lived. */
static int death_of(void (*call)(void))
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (enter(TF_NETWORK_HOST, 1))
			_exit(99);
		call();
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void call_x32(void)
{
	syscall(0x40000000 | 39);
}

static void call_i386(void)
{
	long nr = 20; /* getpid there */

	__asm__ volatile("int $0x80" : "+a"(nr) : : "memory", "r8", "r9", "r10", "r11");
}

START_TEST(foreign_calls_die)
{
	int sig;

	if (!tf_seccomp_is_there())
		unit_skip("no seccomp filters here");
	ck_assert_int_eq(death_of(call_x32), SIGSYS);
	sig = death_of(call_i386);
	/* a kernel without 32-bit calls has no such gate at all */
	ck_assert_msg(sig == SIGSYS || sig == SIGSEGV, "signal %d", sig);
}
END_TEST

Suite *test_seccomp_suite(void)
{
	Suite *suite = suite_create("seccomp");
	TCase *numbers = tcase_create("numbers"), *args = tcase_create("arguments");
	TCase *live = tcase_create("live");

	tcase_add_test(numbers, every_number_gets_the_tables_answer);
	tcase_add_test(numbers, calls_newer_than_the_table_are_not_there);
	tcase_add_test(numbers, foreign_abis_and_x32_are_killed);
	tcase_add_test(args, terminal_ioctls_are_compared_on_32_bits);
	tcase_add_test(args, namespaces_cannot_be_made);
	tcase_add_test(args, the_tag_and_other_processes_limits_are_kept);
	tcase_add_test(args, scheduling_of_others_is_refused);
	tcase_add_test(args, personality_is_limited);
	tcase_add_test(args, set_id_bits_are_refused);
	tcase_add_test(args, network_none_opens_no_ip_socket);
	tcase_add_test(args, network_host_opens_what_a_user_may);
	tcase_add_test(args, network_list_opens_tcp_alone);
	tcase_add_test(args, socket_pairs_reach_nobody);
	tcase_add_test(args, a_wrong_network_is_refused);
	tcase_add_test(live, the_kernel_takes_it_and_obeys);
	tcase_add_test(live, a_datagram_pair_could_reach_a_name);
	tcase_add_test(live, foreign_calls_die);
	suite_add_tcase(suite, numbers);
	suite_add_tcase(suite, args);
	suite_add_tcase(suite, live);
	return suite;
}
