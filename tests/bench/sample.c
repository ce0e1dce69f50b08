/*
 * See sample.h. Children are made by vfork, so that the harness's own size does not show in the figures.
 */
#include "sample.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

uint64_t tf_sample_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

void tf_sample_add(struct tf_series *series, double value)
{
	if (series->count < TF_MAX_SAMPLES)
		series->value[series->count++] = value;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static size_t sort(struct tf_series *series)
{
	qsort(series->value, (size_t)series->count, sizeof(series->value[0]), by_value);
	return (size_t)series->count;
}

double tf_sample_tenth(struct tf_series *series)
{
	size_t n = sort(series);

	return n ? series->value[n / 10] : NAN;
}

double tf_sample_median(struct tf_series *series)
{
	size_t n = sort(series);

	if (n == 0)
		return NAN;
	return n % 2 ? series->value[n / 2] : (series->value[n / 2 - 1] + series->value[n / 2]) / 2;
}

/* out becomes stdout. *ret_exec_ns, written by the child in our memory, is when exec was called. */
static pid_t launch(const char *const argv[], int out, volatile uint64_t *ret_exec_ns)
{
	pid_t pid = vfork();

	if (pid == 0) {
		if (dup2(out, STDOUT_FILENO) < 0)
			_exit(127);
		*ret_exec_ns = tf_sample_now_ns();
		execve(argv[0], (char *const *)argv, environ);
		_exit(127);
	}
	return pid;
}

static int null_fd(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	return fd;
}

static int finish(pid_t pid)
{
	int status;

	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0 ? 0 : -1;
}

double tf_sample_start_us(const char *const argv[])
{
	volatile uint64_t exec_ns;
	int null = null_fd();
	uint64_t from = tf_sample_now_ns();
	int rc = finish(launch(argv, null, &exec_ns));

	return rc < 0 ? -1 : (double)(tf_sample_now_ns() - from) / 1000;
}

/* Reads to the end; what does not fit is an error. */
static ssize_t read_all(int fd, char *buf, size_t size)
{
	size_t n = 0;
	ssize_t r;

	while (n < size && (r = read(fd, buf + n, size - n)) != 0) {
		if (r < 0)
			return -1;
		n += (size_t)r;
	}
	return n < size ? (ssize_t)n : -1;
}

static ssize_t collect(const char *const argv[], char *buf, size_t size,
                       volatile uint64_t *ret_exec_ns)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	pid_t pid = launch(argv, ends[1], ret_exec_ns);
	close(ends[1]);
	ssize_t n = read_all(ends[0], buf, size);
	close(ends[0]);
	return finish(pid) < 0 ? -1 : n;
}

double tf_sample_stamp_us(const char *const argv[])
{
	volatile uint64_t exec_ns = 0;
	uint64_t at;
	char buf[sizeof(at) + 1];

	if (collect(argv, buf, sizeof(buf), &exec_ns) != sizeof(at))
		return -1;
	memcpy(&at, buf, sizeof(at));
	return (double)(at - exec_ns) / 1000;
}

int tf_sample_output(const char *const argv[], char *buf, size_t size)
{
	volatile uint64_t exec_ns;
	ssize_t n = collect(argv, buf, size, &exec_ns);

	if (n < 0)
		return -1;
	buf[n] = '\0';
	return 0;
}

double tf_sample_field(const char *text, const char *name)
{
	size_t n = strlen(name);

	for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
		if (strncmp(text, name, n) == 0 && text[n] == ' ')
			return strtod(text + n, NULL);
	return NAN;
}

pid_t tf_sample_spawn(const char *const argv[])
{
	volatile uint64_t exec_ns;

	return launch(argv, null_fd(), &exec_ns);
}
