/*
 * Landlock's layer: rights for each ABI, and what a confined child can still do.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher/kernel/landlock.h"
#include "unit.h"

#define NO_LANDLOCK "Landlock is not there (kernel, or an outer sandbox)"

START_TEST(each_abi_adds_its_rights)
{
	static const uint64_t want[] = {0,      0x1fff, 0x3fff, 0x7fff, 0x7fff,
	                                0xffff, 0xffff, 0xffff, 0xffff, 0x1ffff};

	for (int abi = 0; abi < 10; abi++)
		ck_assert_uint_eq(tf_landlock_known_rights(abi), want[abi]);
}
END_TEST

START_TEST(rights_stay_within_the_abi_and_the_kind)
{
	for (int abi = 1; abi < 12; abi++) {
		for (unsigned int access = 0; access < 16; access++) {
			uint64_t dir = tf_landlock_rights(abi, access, 1);
			uint64_t file = tf_landlock_rights(abi, access, 0);

			ck_assert_uint_eq(dir & ~tf_landlock_known_rights(abi), 0);
			/* execute, write, read, truncate, ioctl, resolve */
			ck_assert_uint_eq(file & ~0x1c007ull, 0);
			ck_assert_uint_eq(file & ~dir, 0);
			ck_assert_uint_eq(dir & (1 << 6 | 1 << 11), 0); /* device nodes */
			ck_assert_int_eq(!!(dir & 1), !!(access & TF_LL_EXEC));
			ck_assert_int_eq(!!(dir & 2), !!(access & TF_LL_WRITE));
			ck_assert_int_eq(!!(dir & 4), !!(access & TF_LL_READ));
			ck_assert_int_eq(!!(dir & 1 << 15), abi >= 5 && (access & TF_LL_IOCTL));
		}
	}
}
END_TEST

/* ---- for real; every test is a process of its own ---- */

static char top[64], granted[80], hidden[80], file[96], secret[96], link_to[96];

static void put(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "x", 1), 1);
	close(fd);
}

static void make_tree(void)
{
	snprintf(top, sizeof(top), "/tmp/turf-unit-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(top));
	snprintf(granted, sizeof(granted), "%s/granted", top);
	snprintf(hidden, sizeof(hidden), "%s/hidden", top);
	snprintf(file, sizeof(file), "%s/file", granted);
	snprintf(secret, sizeof(secret), "%s/secret", hidden);
	snprintf(link_to, sizeof(link_to), "%s/link", top);
	ck_assert_int_eq(mkdir(granted, 0700), 0);
	ck_assert_int_eq(mkdir(hidden, 0700), 0);
	put(file);
	put(secret);
	ck_assert_int_eq(symlink(granted, link_to), 0);
}

static void remove_tree(void)
{
	char more[96];

	snprintf(more, sizeof(more), "%s/new", granted);
	unlink(more);
	unlink(file);
	unlink(secret);
	unlink(link_to);
	rmdir(granted);
	rmdir(hidden);
	rmdir(top);
}

/* Enters a ruleset in a child and runs what; its exit code: 0 good, else the line that failed. */
static int confined(struct tf_landlock *ll, int (*what)(void))
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || tf_landlock_enter(ll))
			_exit(255);
		_exit(what());
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	tf_landlock_close(ll);
	ck_assert_int_eq(ll->fd, -1);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 256;
}

/* Tests of an attempt in the child: its line says which one went wrong. */
#define TRY(ok)                                                                                    \
	do {                                                                                       \
		if (!(ok))                                                                         \
			return __LINE__ % 255;                                                     \
	} while (0)
#define REFUSED(call) TRY((call) < 0 && errno == EACCES)

static int try_read_only(void)
{
	char name[96];

	snprintf(name, sizeof(name), "%s/new", granted);
	TRY(open(file, O_RDONLY | O_CLOEXEC) >= 0);
	REFUSED(open(file, O_WRONLY | O_CLOEXEC));
	REFUSED(open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	REFUSED(unlink(file));
	REFUSED(open(secret, O_RDONLY | O_CLOEXEC));
	REFUSED(open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	return 0;
}

START_TEST(what_no_rule_grants_is_refused)
{
	struct tf_landlock ll;
	int rc;

	if (!tf_landlock_abi())
		unit_skip(NO_LANDLOCK);
	make_tree();
	ck_assert_int_eq(tf_landlock_open(&ll, TF_LL_NET | TF_LL_SCOPES, NULL), 0);
	ck_assert_int_eq(tf_landlock_allow_path(&ll, granted, TF_LL_READ, NULL), 0);
	rc = confined(&ll, try_read_only);
	remove_tree();
	ck_assert_int_eq(rc, 0);
}
END_TEST

static int try_write(void)
{
	char name[96];

	snprintf(name, sizeof(name), "%s/new", granted);
	TRY(open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0);
	TRY(!rename(name, file));
	TRY(!truncate(file, 0));
	TRY(mknod(name, S_IFCHR | 0600, 0) < 0);
	REFUSED(truncate(secret, 0));
	return 0;
}

START_TEST(writing_makes_all_but_device_nodes)
{
	struct tf_landlock ll;
	int rc;

	if (tf_landlock_abi() < TF_LL_ABI_TRUNCATE)
		unit_skip("Landlock ABI below 3");
	make_tree();
	ck_assert_int_eq(tf_landlock_open(&ll, 0, NULL), 0);
	ck_assert_int_eq(tf_landlock_allow_path(&ll, granted, TF_LL_READ | TF_LL_WRITE, NULL), 0);
	rc = confined(&ll, try_write);
	remove_tree();
	ck_assert_int_eq(rc, 0);
}
END_TEST

static int try_one_file(void)
{
	TRY(open(file, O_RDWR | O_CLOEXEC) >= 0);
	REFUSED(open(granted, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	return 0;
}

START_TEST(a_single_file_can_be_granted)
{
	struct tf_landlock ll;
	int rc;

	if (!tf_landlock_abi())
		unit_skip(NO_LANDLOCK);
	make_tree();
	ck_assert_int_eq(tf_landlock_open(&ll, 0, NULL), 0);
	/* more than a file can have: the rest must not make the kernel refuse the rule */
	rc = tf_landlock_allow_path(&ll, file, TF_LL_READ | TF_LL_WRITE | TF_LL_EXEC | TF_LL_IOCTL,
	                            NULL);
	ck_assert_int_eq(rc, 0);
	rc = confined(&ll, try_one_file);
	remove_tree();
	ck_assert_int_eq(rc, 0);
}
END_TEST

START_TEST(a_path_that_cannot_be_granted_is_named)
{
	struct tf_landlock ll;
	struct tf_err err;
	int by_link, missing;

	if (!tf_landlock_abi())
		unit_skip(NO_LANDLOCK);
	make_tree();
	ck_assert_int_eq(tf_landlock_open(&ll, 0, NULL), 0);
	by_link = tf_landlock_allow_path(&ll, link_to, TF_LL_READ, &err);
	ck_assert_ptr_nonnull(strstr(err.text, link_to));
	unlink(secret);
	missing = tf_landlock_allow_path(&ll, secret, TF_LL_READ, &err);
	tf_landlock_close(&ll);
	remove_tree();
	ck_assert_int_eq(by_link, -ELOOP);
	ck_assert_int_eq(missing, -ENOENT);
	ck_assert_int_eq(err.code, TF_E_PATH);
}
END_TEST

static int try_signals(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(pause());
	TRY(kill(getppid(), 0) < 0 && errno == EPERM);
	TRY(!kill(pid, SIGKILL));
	TRY(waitpid(pid, NULL, 0) == pid);
	return 0;
}

START_TEST(signals_stay_inside)
{
	struct tf_landlock ll;

	if (tf_landlock_abi() < TF_LL_ABI_SCOPES)
		unit_skip("Landlock ABI below 6");
	ck_assert_int_eq(tf_landlock_open(&ll, TF_LL_SCOPES, NULL), 0);
	ck_assert_int_eq(confined(&ll, try_signals), 0);
	ck_assert_int_eq(tf_landlock_open(&ll, TF_LL_ONLY_SIGNALS, NULL), 0);
	/* REFER alone, granted everywhere: not to handle it would deny it */
	ck_assert_uint_eq(ll.fs | ll.net, 1u << 13);
	ck_assert_int_eq(confined(&ll, try_signals), 0);
}
END_TEST

static int try_files_only(void)
{
	TRY(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC) >= 0);
	return 0;
}

START_TEST(the_signal_scope_alone_leaves_files_alone)
{
	struct tf_landlock ll;

	if (tf_landlock_abi() < TF_LL_ABI_SCOPES) {
		ck_assert_int_eq(tf_landlock_open(&ll, TF_LL_ONLY_SIGNALS, NULL), -EOPNOTSUPP);
		unit_skip("Landlock ABI below 6");
	}
	ck_assert_int_eq(tf_landlock_open(&ll, TF_LL_ONLY_SIGNALS, NULL), 0);
	ck_assert_int_eq(confined(&ll, try_files_only), 0);
}
END_TEST

#define PORT_GRANTED 47811
#define PORT_OTHER 47812

static int bind_to(unsigned int port)
{
	struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	return bind(fd, (struct sockaddr *)&addr, sizeof(addr));
}

static int try_ports(void)
{
	TRY(!bind_to(PORT_GRANTED) || errno == EADDRINUSE);
	REFUSED(bind_to(PORT_OTHER));
	return 0;
}

START_TEST(tcp_ports_are_held)
{
	struct tf_landlock ll;

	if (tf_landlock_abi() < TF_LL_ABI_NET)
		unit_skip("Landlock ABI below 4");
	ck_assert_int_eq(tf_landlock_open(&ll, TF_LL_NET, NULL), 0);
	ck_assert_int_eq(tf_landlock_allow_port(&ll, PORT_GRANTED, 1, 0, NULL), 0);
	ck_assert_int_eq(tf_landlock_allow_port(&ll, PORT_OTHER, 0, 1, NULL), 0);
	ck_assert_int_eq(tf_landlock_allow_port(&ll, PORT_OTHER, 0, 0, NULL), 0);
	ck_assert_int_eq(confined(&ll, try_ports), 0);
}
END_TEST

START_TEST(ports_without_the_kernels_help_are_an_error)
{
	struct tf_landlock ll = {-1, 3, 0x7fff, 0, 0};
	struct tf_err err;

	ck_assert_int_eq(tf_landlock_allow_port(&ll, 443, 0, 1, &err), -EOPNOTSUPP);
	ck_assert_int_eq(err.code, TF_E_KERNEL);
}
END_TEST

Suite *test_landlock_suite(void)
{
	Suite *suite = suite_create("landlock");
	TCase *pure = tcase_create("rights"), *live = tcase_create("live");

	tcase_add_test(pure, each_abi_adds_its_rights);
	tcase_add_test(pure, rights_stay_within_the_abi_and_the_kind);
	tcase_add_test(live, what_no_rule_grants_is_refused);
	tcase_add_test(live, writing_makes_all_but_device_nodes);
	tcase_add_test(live, a_single_file_can_be_granted);
	tcase_add_test(live, a_path_that_cannot_be_granted_is_named);
	tcase_add_test(live, signals_stay_inside);
	tcase_add_test(live, the_signal_scope_alone_leaves_files_alone);
	tcase_add_test(live, tcp_ports_are_held);
	tcase_add_test(live, ports_without_the_kernels_help_are_an_error);
	suite_add_tcase(suite, pure);
	suite_add_tcase(suite, live);
	return suite;
}
