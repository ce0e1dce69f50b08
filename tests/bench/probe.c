/*
 * The benchmark's program: an ordinary dynamic one that measures itself, with libturf.so in it or not. It must not know which;
 * each line it prints is a name and a number.
 *   calls FILE LINK | spawn COUNT PROGRAM | memory
 */
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BATCHES 8
#define CALLS 1500
#define MAX_STARTS 2000

extern char **environ;

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* ---- calls ---- */

struct subject {
	const char *file, *link, *name;
	int dir;
};

static int call_stat(const struct subject *s)
{
	struct stat st;

	return stat(s->file, &st);
}

static int call_open(const struct subject *s)
{
	int fd = open(s->file, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -1 : close(fd);
}

static int call_openat(const struct subject *s)
{
	int fd = openat(s->dir, s->name, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -1 : close(fd);
}

static int call_readlink(const struct subject *s)
{
	char text[PATH_MAX];

	return readlink(s->link, text, sizeof(text)) < 0 ? -1 : 0;
}

static int call_access(const struct subject *s)
{
	return access(s->file, R_OK);
}

static int call_getppid(const struct subject *s)
{
	return getppid() < 0 ? -1 : 0;
}

static const struct {
	const char *name;
	int (*call)(const struct subject *s);
} calls[] = {
        {"stat", call_stat},         {"open", call_open},     {"openat", call_openat},
        {"readlink", call_readlink}, {"access", call_access}, {"getppid", call_getppid},
};

/* The best of a few batches: what the call costs when nobody disturbs. */
static double measure(int (*call)(const struct subject *s), const struct subject *s)
{
	uint64_t best = UINT64_MAX;

	for (int batch = 0; batch < BATCHES; batch++) {
		uint64_t from = now_ns();

		for (int i = 0; i < CALLS; i++)
			if (call(s) < 0)
				return -1;
		uint64_t took = now_ns() - from;
		best = took < best ? took : best;
	}
	return (double)best / CALLS;
}

/* Where the file may be made it is: the mapped ones lie in the sandbox's own directory. */
static int prepare(struct subject *s, char *file, char *link)
{
	static char dir[PATH_MAX], name[PATH_MAX];

	snprintf(dir, sizeof(dir), "%s", file);
	snprintf(name, sizeof(name), "%s", file);
	*s = (struct subject){.file = file, .link = link};
	s->name = basename(name);
	const char *parent = dirname(dir);
	if (access(file, F_OK) < 0) {
		mkdir(parent, 0755);
		int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
		if (fd < 0 || close(fd) < 0 || symlink(s->name, link) < 0)
			return -1;
	}
	s->dir = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return s->dir;
}

static int run_calls(int argc, char **argv)
{
	struct subject s;

	if (argc != 2)
		return 2;
	if (prepare(&s, argv[0], argv[1]) < 0) {
		perror(argv[0]);
		return 1;
	}
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		double ns = measure(calls[i].call, &s);

		if (ns < 0) {
			perror(calls[i].name);
			return 1;
		}
		printf("%s %.3f\n", calls[i].name, ns);
	}
	return 0;
}

/* ---- spawn ---- */

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int run_spawn(int argc, char **argv)
{
	static double took[MAX_STARTS];
	int n = argc == 2 ? (int)strtol(argv[0], NULL, 10) : 0;

	if (n < 1 || n > MAX_STARTS)
		return 2;
	for (int i = 0; i < n; i++) {
		char *const args[] = {argv[1], NULL};
		uint64_t from = now_ns();
		int status;
		pid_t pid;

		if (posix_spawn(&pid, argv[1], NULL, NULL, args, environ) != 0 ||
		    waitpid(pid, &status, 0) < 0 || status != 0)
			return 1;
		took[i] = (double)(now_ns() - from) / 1000;
	}
	qsort(took, (size_t)n, sizeof(took[0]), by_value);
	printf("spawn %.3f\n", took[n / 2]);
	return 0;
}

/* ---- memory ---- */

/* What only this process has: libturf.so's changed pages, the anonymous ones right behind it (.bss), and all of the process's. */
static int run_memory(int argc, char **argv)
{
	FILE *f = fopen("/proc/self/smaps", "re");
	unsigned long from, to, end = 0, kib, library = 0, all = 0;
	char line[PATH_MAX + 256];
	int is_library = 0, is_there = 0;

	if (!f)
		return 1;
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2) {
			int is_bss = is_library && from == end && !strpbrk(line, "/[");

			is_library = strstr(line, "/libturf-") || is_bss;
			is_there |= is_library;
			end = is_bss ? 0 : to;
		} else if (sscanf(line, "Private_Dirty: %lu kB", &kib) == 1) {
			library += is_library ? kib : 0;
			all += kib;
		}
	}
	fclose(f);
	printf("there %d\nlibrary %lu\nall %lu\n", is_there, library, all);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
        {"calls", run_calls},
        {"spawn", run_spawn},
        {"memory", run_memory},
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 2, argv + 2);
	fprintf(stderr, "probe: calls FILE LINK | spawn COUNT PROGRAM | memory\n");
	return 2;
}
