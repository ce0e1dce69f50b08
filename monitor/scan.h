/*
 * Walks over all of /proc: for a kernel without "children" files, and for finding processes by their tag, when no
 * tree leads to them (a crashed supervisor's survivors). About 1 ms a hundred processes: never in the usual way.
 */
#ifndef TURF_MONITOR_SCAN_H
#define TURF_MONITOR_SCAN_H

#include <stdint.h>
#include "proc.h"

struct tf_scan_entry {
	pid_t pid, ppid;
};

struct tf_scan {
	struct tf_scan_entry *all; /* by parent, when the walk is over */
	uint32_t count, size;
};

/* Everybody with the parent. 0, or -errno with nothing to free. */
int tf_scan_take(struct tf_scan *scan, int root);
void tf_scan_free(struct tf_scan *scan);

/* The children of a process that were seen. */
int tf_scan_children(const struct tf_scan *scan, pid_t parent, tf_proc_each_fn *each,
                     void *context);

/* dir: the process's directory, open during the call only. Stops the walk when it does not return 0. */
typedef int tf_scan_tagged_fn(void *context, pid_t pid, int dir);

/* Calls each for every living process below root whose tag (proc.h) is that one, the caller excepted. */
int tf_scan_tagged(int root, uint64_t tag, tf_scan_tagged_fn *each, void *context);

#endif
