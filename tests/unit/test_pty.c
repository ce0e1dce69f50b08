/*
 * The sandbox's own terminal: a pair that talks, its size, and a child that it controls.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "launcher/kernel/pty.h"
#include "unit.h"

static struct tf_pty pty;

/* 0 = skip, said. */
static int open_pair(const char *name)
{
	int rc = tf_pty_open(&pty);

	if (rc == -ENOENT || rc == -EACCES || rc == -ENODEV || rc == -EIO) {
		unit_note_skip(name, "no pty can be opened here");
		return 0;
	}
	ck_assert_int_eq(rc, 0);
	return 1;
}

START_TEST(a_pair_talks_and_closes_on_exec)
{
	char buf[16] = "";

	if (!open_pair(__func__))
		return;
	ck_assert_int_eq(fcntl(pty.master, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(pty.slave, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(isatty(pty.slave), 1);
	ck_assert_int_eq(write(pty.master, "hello\n", 6), 6);
	ck_assert_int_eq(read(pty.slave, buf, sizeof(buf)), 6);
	ck_assert_str_eq(buf, "hello\n");
	tf_pty_close(&pty);
	ck_assert_int_eq(pty.master, -1);
	ck_assert_int_eq(pty.slave, -1);
	tf_pty_close(&pty);
}
END_TEST

START_TEST(settings_and_size_are_copied)
{
	struct winsize size = {.ws_row = 33, .ws_col = 111}, seen;
	struct termios settings, copied;
	struct tf_pty from;

	if (!open_pair(__func__))
		return;
	from = pty;
	ck_assert_int_eq(tf_pty_open(&pty), 0);
	ck_assert_int_eq(tf_pty_set_size(from.master, &size), 0);
	ck_assert_int_eq(tcgetattr(from.slave, &settings), 0);
	settings.c_lflag &= ~(tcflag_t)ECHO;
	settings.c_cc[VINTR] = 7;
	ck_assert_int_eq(tcsetattr(from.slave, TCSANOW, &settings), 0);

	ck_assert_int_eq(tf_pty_copy(&pty, from.slave), 0);
	ck_assert_int_eq(tcgetattr(pty.slave, &copied), 0);
	ck_assert_uint_eq(copied.c_lflag, settings.c_lflag);
	ck_assert_uint_eq(copied.c_cc[VINTR], 7);
	ck_assert_int_eq(ioctl(pty.slave, TIOCGWINSZ, &seen), 0);
	ck_assert_uint_eq(seen.ws_row, 33);
	ck_assert_uint_eq(seen.ws_col, 111);
}
END_TEST

START_TEST(copying_from_no_terminal_is_an_error)
{
	int pipes[2];

	if (!open_pair(__func__))
		return;
	ck_assert_int_eq(pipe(pipes), 0);
	ck_assert_int_eq(tf_pty_copy(&pty, pipes[0]), -ENOTTY);
}
END_TEST

START_TEST(a_child_gets_its_keys)
{
	struct pollfd ready = {.fd = -1, .events = POLLIN};
	int status, pipes[2];
	char c;
	pid_t pid;

	if (!open_pair(__func__))
		return;
	ck_assert_int_eq(pipe(pipes), 0);
	pid = fork();
	if (!pid) {
		sigaction(SIGINT, &(struct sigaction){.sa_handler = SIG_DFL},
		          NULL); /* libcheck's */
		if (tf_pty_take(pty.slave) || open("/dev/tty", O_RDWR | O_CLOEXEC) < 0)
			_exit(1);
		if (write(pipes[1], "x", 1) != 1)
			_exit(2);
		_exit(pause());
	}
	close(pipes[1]);
	ready.fd = pipes[0];
	ck_assert_int_eq(poll(&ready, 1, 3000), 1);
	ck_assert_int_eq(read(pipes[0], &c, 1), 1);
	ck_assert_int_eq(write(pty.master, "\003", 1), 1); /* Ctrl-C */
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT, "status %#x", status);
}
END_TEST

START_TEST(a_group_leader_cannot_take_it)
{
	int status;
	pid_t pid;

	if (!open_pair(__func__))
		return;
	pid = fork();
	if (!pid) {
		setpgid(0, 0);
		_exit(tf_pty_take(pty.slave) == -EPERM ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}
END_TEST

Suite *test_pty_suite(void)
{
	Suite *suite = suite_create("pty");
	TCase *tcase = tcase_create("pair");

	tcase_add_test(tcase, a_pair_talks_and_closes_on_exec);
	tcase_add_test(tcase, settings_and_size_are_copied);
	tcase_add_test(tcase, copying_from_no_terminal_is_an_error);
	tcase_add_test(tcase, a_child_gets_its_keys);
	tcase_add_test(tcase, a_group_leader_cannot_take_it);
	suite_add_tcase(suite, tcase);
	return suite;
}
