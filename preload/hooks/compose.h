/*
 * For the composite hooks: functions that libc builds from several calls of its own (fopen, mkstemp,
 * posix_spawn, fts_read, ...). They may allocate with the program's malloc, as the real ones do, and so
 * differ from what rt.h promises; a simple hook must not include this.
 *
 * libc's functions are weak here: libturf.so names no library that it needs (design.md 4).
 */
#ifndef TURF_HOOKS_COMPOSE_H
#define TURF_HOOKS_COMPOSE_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#include "call.h"

/* Memory has to come from the allocator that the program will free it with. */
#pragma weak malloc
#pragma weak calloc
#pragma weak realloc
#pragma weak free
#pragma weak fdopen
#pragma weak fclose
#pragma weak fdopendir
#pragma weak readdir
#pragma weak closedir
#pragma weak environ
#pragma weak gnu_get_libc_version
const char *gnu_get_libc_version(void);

/* ---- compose.c ---- */

/*
 * For libc functions that open a file themselves: the absolute host path of a guest path, or path
 * itself where both are the same. *place owns the string. 0 or -errno (nothing to release then).
 */
int tf_compose_host(struct tf_place *place, const char *path, unsigned int how);

/* Whether a guest path is the same file on the host, so that libc's own look at it is right. */
int tf_compose_is_host(const char *path);

/* Whether libc may start /bin/sh by itself: the guest's shell is the host's, environ carries the view on. */
int tf_compose_shell_is_ready(void);

/* The value of a variable of the program's environment, or NULL. */
const char *tf_compose_getenv(const char *name);

/* ---- tmp.c ---- */

enum tf_tmp { TF_TMP_FILE, TF_TMP_DIR, TF_TMP_NAME };

/*
 * Fills in the XXXXXX before the last suffix_len bytes of template and makes a file (flags, mode),
 * a directory (mode) or nothing. Descriptor, 0, or -errno.
 */
int tf_tmp_make(char *template, int suffix_len, int flags, enum tf_tmp what, mode_t mode);

/* ---- spawn.c ---- */

/*
 * The directory that a posix_spawn child is in when it comes to exec path: AT_FDCWD, or a new descriptor
 * where the file actions change it and path is relative. -errno when such a change would fail.
 */
int tf_spawn_directory(const posix_spawn_file_actions_t *actions, const char *path);

/* ---- small things ---- */

/* errno = -r; NULL for functions that return pointers. */
static inline void *tf_null(long r)
{
	tf_rt_set_errno((int)-r);
	return NULL;
}

/* Which libc the program has: constants of ftw.h and glob.h differ. */
static inline int tf_is_glibc(void)
{
	return gnu_get_libc_version != NULL;
}

/* For the few tables that outlive a call. Never held across a callback or a call that can block. */
static inline void tf_lock(int *lock)
{
	while (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE))
		tf_sys(SYS_sched_yield);
}

static inline void tf_unlock(int *lock)
{
	__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
}

#endif
