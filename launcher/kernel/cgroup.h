/*
 * Where this process stands in the cgroup trees, and whether it may make groups there. Reads the kernel's
 * tables; the existence of a directory under /sys/fs/cgroup says nothing (it may be an empty tmpfs, or a
 * container's read-only copy).
 */
#ifndef TURF_KERNEL_CGROUP_H
#define TURF_KERNEL_CGROUP_H

#include <stddef.h>
#include <stdio.h>

#define TF_CGROUP_MEMORY 1
#define TF_CGROUP_PIDS 2
#define TF_CGROUP_CPU 4
#define TF_CGROUP_FREEZER 8 /* version 2 has it in every group: cgroup.freeze */

/*
 * The directory of the caller's own group: controller NULL = version 2, otherwise the version 1 tree that has that
 * controller ("memory"). self: /proc/self/cgroup, mounts: /proc/self/mountinfo, both read to their ends.
 * 0 with the path in buf; -ENOENT (no such tree), -EXDEV (the group lies outside of what is mounted), -ENAMETOOLONG.
 */
int tf_cgroup_dir(FILE *self, FILE *mounts, const char *controller, char *buf, size_t size);

/* The same for this process, from /proc. */
int tf_cgroup_own_dir(const char *controller, char *buf, size_t size);

/* Whether a group can be made in dir: makes one and removes it. 0 or -errno. */
int tf_cgroup_try(const char *dir);

/* Version 2: the controllers that groups below dir may use, as TF_CGROUP_* bits. */
int tf_cgroup_controllers(const char *dir);

#endif
