/*
 * Runs a command with its standard output in a file, for tests of what it prints. It stays there: every test is a
 * process of its own.
 */
#ifndef TURF_TESTS_CMD_CAPTURE_H
#define TURF_TESTS_CMD_CAPTURE_H

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The command's exit code; what it wrote is in buf. out: NULL = a temporary file. */
static inline int cmd_capture(int (*command)(int, char **), int argc, char **argv, const char *out,
                              char *buf, size_t size)
{
	char path[] = "/tmp/turf-unit-XXXXXX";
	int fd = out ? open(out, O_RDWR | O_CLOEXEC) : mkstemp(path), code;
	ssize_t n;

	ck_assert_int_ge(fd, 0);
	if (!out)
		unlink(path);
	fflush(stdout);
	ck_assert_int_eq(dup2(fd, 1), 1);
	code = command(argc, argv);
	n = pread(fd, buf, size - 1, 0);
	buf[n > 0 ? n : 0] = '\0';
	return code;
}

#endif
