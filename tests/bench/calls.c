/*
 * Nanoseconds of path calls: calls FILE DIR NAME LINK. Prints one line "name ns" for each. FILE is absolute, NAME lies
 * in DIR, LINK is a symlink. An open counts with its close.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stats.h"

#define ROUNDS 9
#define CALLS 4000

static const char *file, *name, *link_path;
static int dir;

static int do_stat(void)
{
	struct stat st;

	return stat(file, &st);
}

static int do_open(void)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? fd : close(fd);
}

static int do_openat(void)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? fd : close(fd);
}

static int do_readlink(void)
{
	char buf[256];

	return readlink(link_path, buf, sizeof(buf)) < 0;
}

static int do_access(void)
{
	return access(file, R_OK);
}

static int do_getppid(void)
{
	return getppid() < 0;
}

static const struct {
	const char *name;
	int (*call)(void);
} ops[] = {
	{"stat", do_stat},	   {"open", do_open},	  {"openat", do_openat},
	{"readlink", do_readlink}, {"access", do_access}, {"getppid", do_getppid},
};
#define NOPS (sizeof(ops) / sizeof(ops[0]))

int main(int argc, char **argv)
{
	double ns[NOPS][ROUNDS];

	if (argc != 5)
		return 2;
	file = argv[1];
	name = argv[3];
	link_path = argv[4];
	dir = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; i < NOPS; i++) {
		if (dir < 0 || ops[i].call() != 0) {
			perror(ops[i].name);
			return 1;
		}
	}
	for (int round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < NOPS; i++) {
			int64_t start = now_ns();

			for (int n = 0; n < CALLS; n++)
				ops[i].call();
			ns[i][round] = (double)(now_ns() - start) / CALLS;
		}
	}
	for (size_t i = 0; i < NOPS; i++)
		printf("%s %.1f\n", ops[i].name, median(ns[i], ROUNDS));
	return 0;
}
