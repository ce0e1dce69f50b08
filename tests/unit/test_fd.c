/*
 * launcher/base/fd: descriptors.
 */
#include <errno.h>
#include <sys/wait.h>

#include "launcher/base/fd.h"
#include "scratch_dir.h"

START_TEST(opened_descriptors_are_close_on_exec)
{
	int fd = tf_fd_open(AT_FDCWD, "f", O_WRONLY | O_CREAT, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	close(fd);
	ck_assert_int_eq(tf_fd_open(AT_FDCWD, "none", O_RDONLY, 0), -ENOENT);
}
END_TEST

START_TEST(scope_closes_and_taking_keeps)
{
	int kept, closed;

	{
		tf_autoclose int a = tf_fd_open(AT_FDCWD, "/dev/null", O_RDONLY, 0);
		tf_autoclose int b = tf_fd_open(AT_FDCWD, "/dev/null", O_RDONLY, 0);

		closed = a;
		kept = tf_fd_take(&b);
	}
	ck_assert_int_eq(fcntl(closed, F_GETFD), -1);
	ck_assert_int_ge(fcntl(kept, F_GETFD), 0);
	close(kept);
}
END_TEST

START_TEST(write_and_read_are_whole_through_a_small_pipe)
{
	static char out[200000], in[200000];
	int pipe_fds[2], status;

	memset(out, 'x', sizeof(out));
	ck_assert_int_eq(pipe(pipe_fds), 0);
	pid_t pid = fork();
	if (pid == 0) {
		close(pipe_fds[0]);
		_exit(tf_fd_write(pipe_fds[1], out, sizeof(out)) != 0);
	}
	close(pipe_fds[1]);
	ck_assert_int_eq(tf_fd_read(pipe_fds[0], in, sizeof(in)), (ssize_t)sizeof(in));
	ck_assert_int_eq(memcmp(in, out, sizeof(in)), 0);
	ck_assert_int_eq(tf_fd_read(pipe_fds[0], in, 1), 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(write_reports_a_full_disk)
{
	tf_autoclose int fd = tf_fd_open(AT_FDCWD, "/dev/full", O_WRONLY, 0);

	ck_assert_int_eq(tf_fd_write(fd, "x", 1), -ENOSPC);
}
END_TEST

START_TEST(read_file_refuses_what_does_not_fit)
{
	char buf[6];

	scratch_write("f", "12345");
	ck_assert_int_eq(tf_fd_read_file(AT_FDCWD, "f", buf, sizeof(buf)), 5);
	ck_assert_str_eq(buf, "12345");
	ck_assert_int_eq(tf_fd_read_file(AT_FDCWD, "f", buf, 5), -EFBIG);
	ck_assert_int_eq(tf_fd_read_file(AT_FDCWD, "none", buf, 5), -ENOENT);
	ck_assert_int_eq(tf_fd_read_file(AT_FDCWD, ".", buf, 5), -EISDIR);
}
END_TEST

START_TEST(close_from_leaves_the_lower_ones)
{
	int a = dup2(0, 100), b = dup2(0, 101), c = dup2(0, 900);

	ck_assert_int_eq(a, 100);
	ck_assert_int_eq(c, 900);
	ck_assert_int_eq(tf_fd_close_from(101), 0);
	ck_assert_int_ge(fcntl(a, F_GETFD), 0);
	ck_assert_int_eq(fcntl(b, F_GETFD), -1);
	ck_assert_int_eq(fcntl(c, F_GETFD), -1);
	close(a);
}
END_TEST

Suite *test_fd_suite(void)
{
	Suite *s = suite_create("fd");
	TCase *tc = tcase_create("fd");

	tcase_add_checked_fixture(tc, scratch_make, scratch_drop);
	tcase_add_test(tc, opened_descriptors_are_close_on_exec);
	tcase_add_test(tc, scope_closes_and_taking_keeps);
	tcase_add_test(tc, write_and_read_are_whole_through_a_small_pipe);
	tcase_add_test(tc, write_reports_a_full_disk);
	tcase_add_test(tc, read_file_refuses_what_does_not_fit);
	tcase_add_test(tc, close_from_leaves_the_lower_ones);
	suite_add_tcase(s, tc);
	return s;
}
