/*
 * The probes themselves, one function each, for the table in probe.c; and what they share. Each returns 1 (there)
 * or 0 and fills in value and detail. They leave nothing behind: what changes a process happens in a child.
 */
#ifndef TURF_KERNEL_PROBE_RUN_H
#define TURF_KERNEL_PROBE_RUN_H

#include <stddef.h>

/* probe_kernel.c */
int tf_probe_landlock(int *ret_value, char *detail, unsigned int size);
int tf_probe_landlock_net(int *ret_value, char *detail, unsigned int size);
int tf_probe_landlock_scopes(int *ret_value, char *detail, unsigned int size);
int tf_probe_seccomp(int *ret_value, char *detail, unsigned int size);
int tf_probe_openat2(int *ret_value, char *detail, unsigned int size);
int tf_probe_proc(int *ret_value, char *detail, unsigned int size);
int tf_probe_perf(int *ret_value, char *detail, unsigned int size);

/* probe_child.c: those that need a process of their own */
int tf_probe_notify(int *ret_value, char *detail, unsigned int size);
int tf_probe_userns(int *ret_value, char *detail, unsigned int size);
int tf_probe_overlay(int *ret_value, char *detail, unsigned int size);

/* probe_cgroup.c */
int tf_probe_cgroup1(int *ret_value, char *detail, unsigned int size);
int tf_probe_cgroup2(int *ret_value, char *detail, unsigned int size);

/* probe_tool.c: programs of other projects that turf can use */
int tf_probe_criu(int *ret_value, char *detail, unsigned int size);
int tf_probe_pasta(int *ret_value, char *detail, unsigned int size);
int tf_probe_cni(int *ret_value, char *detail, unsigned int size);

/* The first of a list of directories ("a:b:c") that has an executable file of that name: 0 with its path in buf, or -ENOENT. */
int tf_probe_find(const char *dirs, const char *name, char *buf, size_t size);

#endif
