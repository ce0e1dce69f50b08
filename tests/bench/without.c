/*
 * Runs inside turf, static: starts programs behind the same Landlock and seccomp rules, but without libturf.so.
 *
 *     without exec CMD...           becomes CMD, its environment cleared
 *     without spawn N PROGRAM       starts PROGRAM N times each with and without the library; prints both medians in ns
 *     without private PROGRAM       private memory of PROGRAM (which sleeps) with and without, in KiB
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stats.h"

extern char **environ;
static char *no_environment[] = {NULL};

static pid_t start(char **argv, int with)
{
	pid_t pid = vfork();

	if (pid == 0) {
		execve(argv[0], argv, with ? environ : no_environment);
		_exit(127);
	}
	return pid;
}

static double spawn_once(char *program, int with)
{
	char *argv[] = {program, NULL};
	int status;
	int64_t before = now_ns();
	pid_t pid = start(argv, with);

	if (pid < 0 || waitpid(pid, &status, 0) < 0 || status != 0) {
		fprintf(stderr, "without: %s does not run\n", program);
		exit(1);
	}
	return (double)(now_ns() - before);
}

static int spawn(int n, char *program)
{
	double *with = calloc((size_t)n, sizeof(*with)), *without = calloc((size_t)n, sizeof(*without));

	if (!with || !without)
		return 1;
	for (int i = 0; i < n; i++) {
		with[i] = spawn_once(program, 1);
		without[i] = spawn_once(program, 0);
	}
	printf("%.0f %.0f\n", median(with, n), median(without, n));
	return 0;
}

/* Dirty private memory of a process, in KiB: what nobody shares and no file gives back. */
static long private_kib(pid_t pid)
{
	char path[64], line[256];
	long sum = 0, kib;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", pid);
	FILE *f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "Private_Dirty: %ld", &kib) == 1)
			sum += kib;
	if (f)
		fclose(f);
	return sum;
}

static int show_private(char *program)
{
	char *argv[] = {program, (char *)"5", NULL};
	long kib[2];

	for (int with = 0; with < 2; with++) {
		pid_t pid = start(argv, with);

		usleep(200000);
		kib[with] = private_kib(pid);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	printf("%ld %ld\n", kib[1], kib[0]);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "exec")) {
		execve(argv[2], argv + 2, no_environment);
		perror(argv[2]);
		return 127;
	}
	if (argc == 4 && !strcmp(argv[1], "spawn"))
		return spawn((int)strtol(argv[2], NULL, 10), argv[3]);
	if (argc == 3 && !strcmp(argv[1], "private"))
		return show_private(argv[2]);
	return 2;
}
