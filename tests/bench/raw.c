/*
 * The benchmark's static helper: no libturf.so gets into it, so it shows what things cost behind the same wall without the
 * library, and hands on to programs without it. Must not use the libc for what it measures.
 *   true | stamp | without PROGRAM ARGS... | starts COUNT PROGRAM
 */
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_STARTS 2000
#define MAX_ENV 256

extern char **environ;

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static int is_turfs(const char *entry)
{
	return strncmp(entry, "LD_PRELOAD=", 11) == 0 || strncmp(entry, "TURF_VIEW=", 10) == 0;
}

/* The environment without what brings libturf.so in. */
static char **bare_environ(void)
{
	static char *env[MAX_ENV + 1];
	size_t n = 0;

	for (char **e = environ; *e && n < MAX_ENV; e++)
		if (!is_turfs(*e))
			env[n++] = *e;
	env[n] = NULL;
	return env;
}

/* "@/file" is the host path of the current directory and "/file": nobody translates for a program without the library. */
static char *host_path(char *arg)
{
	static char cwd[PATH_MAX];
	char *path = NULL;

	if (arg[0] != '@')
		return arg;
	if (syscall(SYS_getcwd, cwd, sizeof(cwd)) < 0 || asprintf(&path, "%s%s", cwd, arg + 1) < 0)
		exit(1);
	return path;
}

static int run_true(int argc, char **argv)
{
	return 0;
}

/* When main was reached, for the one who noted when exec was called. */
static int run_stamp(int argc, char **argv)
{
	uint64_t at = now_ns();

	return write(1, &at, sizeof(at)) == sizeof(at) ? 0 : 1;
}

static int run_without(int argc, char **argv)
{
	if (argc < 1)
		return 2;
	for (int i = 0; i < argc; i++)
		argv[i] = host_path(argv[i]);
	syscall(SYS_execve, argv[0], argv, bare_environ());
	perror(argv[0]);
	return 1;
}

/* ---- starts: with and without the library in turns ---- */

static double start_us(const char *program, char **env)
{
	char *const argv[] = {(char *)program, NULL};
	uint64_t from = now_ns();
	int status;
	pid_t pid = vfork();

	if (pid == 0) {
		syscall(SYS_execve, program, argv, env);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || status != 0)
		exit(1);
	return (double)(now_ns() - from) / 1000;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int run_starts(int argc, char **argv)
{
	static double with[MAX_STARTS], without[MAX_STARTS];
	int n = argc == 2 ? (int)strtol(argv[0], NULL, 10) : 0;

	if (n < 1 || n > MAX_STARTS)
		return 2;
	for (int i = 0; i < n; i++) {
		with[i] = start_us(argv[1], environ);
		without[i] = start_us(argv[1], bare_environ());
	}
	qsort(with, (size_t)n, sizeof(with[0]), by_value);
	qsort(without, (size_t)n, sizeof(without[0]), by_value);
	printf("with %.3f\nwithout %.3f\n", with[n / 2], without[n / 2]);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
        {"true", run_true},
        {"stamp", run_stamp},
        {"without", run_without},
        {"starts", run_starts},
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 2, argv + 2);
	fprintf(stderr, "raw: true | stamp | without PROGRAM ARGS... | starts COUNT PROGRAM\n");
	return 2;
}
