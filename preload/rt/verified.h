/*
 * Remembers which host paths were seen free of symlinks, so that the common path is one system call. An entry holds
 * until a process of the sandbox makes or moves a symlink (tf_rt_generation) or, for relative ones, this process
 * changes directory. Wrong entries (a symlink made by a program without libturf.so) can only show a file
 * under the name the host gives it: what may be reached is the wall's business, not ours.
 */
#ifndef TURF_RT_VERIFIED_H
#define TURF_RT_VERIFIED_H

#include <stddef.h>
#include <stdint.h>

/* The key of the first len bytes of path; epoch 0 for absolute paths, else of the current directory. */
uint64_t tf_rt_verified_key(const char *path, size_t len, uint64_t epoch);
int tf_rt_is_verified(uint64_t key);
void tf_rt_verified_add(uint64_t key);

#endif
