/*
 * openat2(2) on a guest path, for its own hook and for syscall(2).
 */
#ifndef TURF_HOOKS_OPENAT2_H
#define TURF_HOOKS_OPENAT2_H

#include <linux/openat2.h>
#include "call.h"

/* Descriptor or -errno. size as in openat2(2). */
long tf_hook_openat2(int dirfd, const char *path, const struct open_how *how, size_t size);

#endif
