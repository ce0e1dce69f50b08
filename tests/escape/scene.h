/*
 * What scene.c (the world outside and its judge) and victim.c (the process in it) share.
 */
#ifndef TURF_TESTS_ESCAPE_SCENE_H
#define TURF_TESTS_ESCAPE_SCENE_H

#include <sched.h>
#include <sys/resource.h>

#include "escape.h"

static const char *base;

static inline const char *at(const char *rest)
{
	static char buf[2][1024];
	static int turn;

	turn = !turn;
	snprintf(buf[turn], sizeof(buf[turn]), "%s/%s", base, rest);
	return buf[turn];
}

static inline void __attribute__((noreturn)) die(const char *what)
{
	fprintf(stderr, "scene: %s: %s\n", what, strerror(errno));
	exit(2);
}

static inline const char *outside(const char *name)
{
	char rest[300];

	snprintf(rest, sizeof(rest), "outside/%s", name);
	return at(rest);
}

/* What may be changed about a process from outside; as text, so that it can be compared. */
static inline void describe(pid_t pid, char *buf, size_t size)
{
	struct rlimit limit = {0, 0};
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	sched_getaffinity(pid, sizeof(cpus), &cpus);
	prlimit(pid, RLIMIT_NOFILE, NULL, &limit);
	snprintf(buf, size, "nice %d, policy %d, processors %d, nofile %lu, ioprio %ld",
	         getpriority(PRIO_PROCESS, (id_t)pid), sched_getscheduler(pid), CPU_COUNT(&cpus),
	         (unsigned long)limit.rlim_cur, syscall(SYS_ioprio_get, 1, pid));
}

#endif
