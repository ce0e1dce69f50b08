/*
 * For the simple hooks: one system call on one or two guest paths. Async-signal-safe, no allocation, no
 * errno: results are >= 0 or -errno, and the hook itself hands them to tf_rt_ret().
 */
#ifndef TURF_HOOKS_CALL_H
#define TURF_HOOKS_CALL_H

#include <errno.h>
#include <fcntl.h>
#include "../rt/rt.h"
#include "../rt/sys.h"

/*
 * The exported name of a hook that libc's headers declare otherwise (variadic) or not at all. A variadic
 * caller passes its arguments as any other on this architecture; a variadic callee would first save all
 * registers, which costs more than the rest of the hook.
 */
#define TF_NAMED(symbol) __asm__(#symbol)

/* A second name for the function `of`, defined in the same file: its 64-bit twin, usually. */
#define TF_TWIN(twin, of)                                                                          \
	__asm__(".globl " #twin "\n\t.type " #twin ", @function\n\t.set " #twin ", " #of)

/* Up to four arguments after the path. */
#define TF_ARGS(...) ((const long[4]){__VA_ARGS__})
#define TF_NO_ARGS ((const long[4]){0})

/* The system call nr(dirfd, path, arg[0..3]) on a guest path; how as in rt.h. Result or -errno. */
long tf_call_at(long nr, int dirfd, const char *path, unsigned int how, const long arg[4]);

/* The same for calls without a directory descriptor: nr(path, arg[0..3]). */
long tf_call_path(long nr, const char *path, unsigned int how, const long arg[4]);

/*
 * nr(dirfd, path, arg[0..3]) that changes an existing object, with AT_* flags. Without a path (AT_EMPTY_PATH, or NULL
 * where the call takes that) it is about the descriptor: that has to lie in a mapping that may be written.
 */
long tf_call_change(long nr, int dirfd, const char *path, int flags, const long arg[4]);

struct tf_call_name {
	int dirfd;
	const char *path;
	unsigned int how;
};

/*
 * nr(from->dirfd, from->path, to->dirfd, to->path, flags): -EXDEV when the two lie in different mappings,
 * as the kernel has it for two mounts. Where `from` goes away (its how has TF_HOW_MODIFY), -EBUSY when one of
 * them is a mapping point or has one below it.
 */
long tf_call_two(long nr, const struct tf_call_name *from, const struct tf_call_name *to,
                 unsigned int flags);

/* nr(dirfd, path, flag) that takes a name away: -EBUSY for a mapping point. */
long tf_call_remove(long nr, int dirfd, const char *path, long flag);

/* The name /proc/self/fd/N of a descriptor, for calls that only take paths. buf has 32 bytes. Its length. */
size_t tf_call_fd_name(char *buf, int fd);

/* Ends the program as libc's _chk functions do when a buffer is too small. */
void tf_call_overflow(void) __attribute__((noreturn));

#endif
