/*
 * Reads what /proc says about one process, through a descriptor of its directory: what is read there belongs to
 * that process or fails, never to a later one with the same number.
 *
 * All texts are bounded; what a hostile process can write into them (its name) cannot shift the fields.
 * Everything returns >= 0 or -errno; -ESRCH = the process is gone. Nothing here blocks, but tf_proc_pss(), which
 * waits for the process's address space lock.
 */
#ifndef TURF_MONITOR_PROC_H
#define TURF_MONITOR_PROC_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct tf_proc_stat {
	pid_t pid, ppid;
	char state;       /* of the first thread: R S D T t Z X ... */
	uint32_t threads; /* with those that ended; a first thread that did (Z) may leave others */
	uint64_t start;   /* clock ticks since boot: with the pid the identity */
	uint64_t own;     /* utime + stime of all its threads, clock ticks */
	uint64_t gone;    /* cutime + cstime: of the children it has waited for, clock ticks */
	uint64_t rss;     /* bytes; 0 when the first thread has ended */
};

/* The directory itself ("/proc", or a recorded tree). A descriptor the caller closes. */
int tf_proc_root(const char *path);

/* The directory of a process below root. A descriptor the caller closes; pidfd_send_signal(2) takes it too. */
int tf_proc_open(int root, pid_t pid);

/*
 * Reads a file below dir ("" = dir is the file itself, kept open) into buf and ends it with a NUL. What does not fit
 * is cut. Returns the length.
 */
int tf_proc_read(int dir, const char *name, char *buf, size_t size);

/* 0, or -EBADMSG for what is no stat line. */
int tf_proc_parse_stat(const char *text, struct tf_proc_stat *ret);
/* fd: a process's directory with name "stat", or its open stat file with name "". */
int tf_proc_stat(int fd, const char *name, struct tf_proc_stat *ret);

/* Proportional share of the memory, bytes. -EACCES when the process is not dumpable. */
int tf_proc_pss(int dir, uint64_t *ret_bytes);

/* Resident bytes from statm. */
int tf_proc_rss(int dir, uint64_t *ret_bytes);

/* Hard limit of RLIMIT_RTTIME, microseconds: the sandbox's tag. UINT64_MAX = unlimited. */
int tf_proc_tag(int dir, uint64_t *ret_tag);

/* Whether it ignores the signal: 0 or 1. */
int tf_proc_ignores(int dir, int sig);

/* Called with each number found. Stops the walk when it does not return 0. */
typedef int tf_proc_each_fn(void *context, pid_t pid);

/* The children that an open "children" file of one thread lists. */
int tf_proc_children_of(int children_fd, tf_proc_each_fn *each, void *context);

/* The children of all threads of a process (dir). -ENOENT with threads alive: the kernel has no such files. */
int tf_proc_children(int dir, tf_proc_each_fn *each, void *context);

/* The "children" file of the only thread of a process. A descriptor the caller closes. */
int tf_proc_children_open(int dir, pid_t pid);

/*
 * The directory of a thread that is not the first. For a process whose first thread has ended: its own statm and
 * smaps_rollup then show nothing, so that its memory would hide. A descriptor the caller closes, or -ESRCH.
 */
int tf_proc_open_thread(int dir, pid_t pid);

/* All directories of dir whose name is a number: processes below root, threads below PID/task. */
int tf_proc_numbers(int dir, tf_proc_each_fn *each, void *context);

#endif
