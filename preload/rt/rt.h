/*
 * What the hooks stand on inside the host process: the view, path resolution, system calls, scratch
 * memory, the real functions, the environment for exec.
 *
 * Everything here is async-signal-safe, thread-safe, safe in a vfork child, takes no lock, never
 * calls malloc, and works before any constructor has run. Functions return >= 0 or -errno; only
 * the hooks touch errno (tf_rt_ret).
 */
#ifndef TURF_RT_H
#define TURF_RT_H

#include <stddef.h>
#include <stdint.h>
#include "../core/view.h"
#include "../core/walk.h"

#define TF_EXPORT __attribute__((visibility("default")))

/* ---- state.c ---- */

/*
 * The view of this process, or NULL outside turf (TURF_VIEW not set): every hook then passes its
 * arguments on untouched. Set up by whoever calls first. A view that is named but cannot be read ends the
 * process with status 125 and a line on stderr: it must not run without its confinement.
 */
const struct tf_view *tf_rt_view(void);

/*
 * Sets the view directly: the launcher, which plans the first exec with the same code as every later one. Before
 * anything else here is called.
 */
void tf_rt_adopt(const struct tf_view *own);

/* Counts up whenever a process of the sandbox made or moved a symlink; see resolve.c. */
void tf_rt_links_changed(void);
uint64_t tf_rt_generation(void);

/* ---- sys.h has the raw system calls: tf_sys(nr, ...) -> -errno ---- */

/* r >= 0: r; else errno = -r and -1. The one place where hooks set errno. */
long tf_rt_ret(long r);
int tf_rt_errno(void);
void tf_rt_set_errno(int e);

/* ---- resolve.c ---- */

/* How a path is meant (bits). */
#define TF_HOW_FOLLOW 0u /* a final symlink is followed (stat, access, chmod) */
#define TF_HOW_NOFOLLOW                                                                            \
	1u /* a final symlink is the object (lstat, unlink, rename, symlink's new name) */
#define TF_HOW_CALLER                                                                              \
	2u /* the caller notices a final symlink itself and comes back with TF_HOW_WALK */
#define TF_HOW_WALK 4u /* take the slow way, always */
#define TF_HOW_MODIFY                                                                              \
	8u /* the call would change the object or its directory: -EROFS on a read-only mapping */
#define TF_HOW_EXEC 16u /* the call would execute it: -EACCES where the mapping has no TF_EXEC */
#define TF_HOW_ABSOLUTE                                                                            \
	32u /* the result must be an absolute host path (it goes to another process or libc) */
#define TF_HOW_CREATE                                                                              \
	64u /* with MODIFY: the call makes a new name (mkdir, symlink): EEXIST before EROFS */
#define TF_HOW_UNCHECKED 128u /* the caller's system call itself refuses every symlink (openat2) */

/*
 * A path, ready for the system call. Give (dirfd, path) to the *at form of the call.
 * Between tf_rt_resolve() and tf_rt_release() it may own a slot of scratch memory.
 */
struct tf_place {
	int dirfd;
	const char *path;
	const struct tf_mapping
	        *map;         /* NULL when passed through relative to a directory descriptor */
	struct tf_slot *slot; /* private */
	int is_relative;      /* passed through as it came, relative to dirfd */
	int is_magic;         /* a magic link of /proc that the kernel has to follow */
};

/*
 * Translates path, relative to dirfd (AT_FDCWD or a directory descriptor), as `how` says.
 * path may be NULL or "" (passed on: the kernel answers EFAULT, ENOENT or takes AT_EMPTY_PATH).
 * Returns 0 or -errno (then nothing needs to be released).
 */
int tf_rt_resolve(struct tf_place *ret, int dirfd, const char *path, unsigned int how);
void tf_rt_release(struct tf_place *place);

/*
 * Whether a call that was passed through relative to a directory and ended with result r has to be done
 * again with TF_HOW_WALK: -EACCES may mean that a mapping point (a skeleton's directory of mode 000)
 * stood in the way.
 */
int tf_rt_retry(const struct tf_place *place, long r);

/*
 * For calls that change what a descriptor is open on without a path (fchmod, fchown, futimens, fsetxattr,
 * fremovexattr): 0 or -EROFS when it lies in a mapping without TF_WRITE. What is no file of the view is left to the kernel.
 */
int tf_rt_fd_modify(int fd);

/* The clean guest path of what (dirfd, path) names, into buf. Length or -errno. */
int tf_rt_guest_path(int dirfd, const char *path, unsigned int how, char *buf, size_t size);

/* The guest path of the current directory, into buf. Length (without NUL), -ERANGE, -ENOENT. */
int tf_rt_getcwd(char *buf, size_t size);

/* Called after a change of directory, and in the parent after vfork: what is known of the cwd is void. */
void tf_rt_cwd_changed(void);

/* Host path → guest path (a magic link's text, a name that libc gives back). As tf_view_to_guest. */
int tf_rt_to_guest(const char *host, size_t len, char *buf, size_t size);

/* readlink(2) with guest eyes: magic links below /proc translated. Length or -errno; no NUL. */
long tf_rt_readlink(int dirfd, const char *path, char *buf, size_t size);

/* ---- open.c: the one implementation behind open, fopen, opendir, mkstemp, ... ---- */

/* openat(2) on a guest path, all flags and link rules kept. Descriptor or -errno. */
int tf_rt_openat(int dirfd, const char *path, int flags, unsigned int mode);

struct stat;
/* newfstatat(2) on a guest path. 0 or -errno. */
int tf_rt_fstatat(int dirfd, const char *path, struct stat *st, int flags);

/* ---- scratch.c ---- */

/* Two PATH_MAX buffers and a walk, from a small static pool, else mmap. NULL when memory is out. */
struct tf_slot {
	struct tf_walk walk;
	char path[TF_PATH_MAX + 2];
	char path2[TF_PATH_MAX + 2];
};
struct tf_slot *tf_rt_slot_take(void);
void tf_rt_slot_give(struct tf_slot *slot);

/* Gives the pool's pages back to the kernel: the launcher, which needs none of it while it supervises. No slot may be taken. */
void tf_rt_forget(void);

/* ---- real.c ---- */

/*
 * The next definition of symbol name after libturf.so in link order (as dlsym(RTLD_NEXT) would find it,
 * but without its locks and allocations), or NULL. The default version is taken. Looks only at loaded
 * objects' dynamic symbol tables. Cache the result in a static with TF_REAL.
 */
void *tf_rt_real(const char *name);

/*
 * TF_REAL(fopen)(path, mode): the real function, found once. Where the libc has none, the hook
 * could not have been called by a program linked to that libc.
 */
#define TF_REAL(name)                                                                              \
	({                                                                                         \
		static __typeof__(&name) real_;                                                    \
		__typeof__(&name) now_ = __atomic_load_n(&real_, __ATOMIC_RELAXED);                \
		if (!now_) {                                                                       \
			now_ = (__typeof__(&name))tf_rt_real(#name);                               \
			__atomic_store_n(&real_, now_, __ATOMIC_RELAXED);                          \
		}                                                                                  \
		now_;                                                                              \
	})

/* ---- exec.c ---- */

/*
 * How an exec has to be done so that the new program runs inside the view: host path, argv with `#!`
 * interpreters put in front, environment with LD_PRELOAD and TURF_VIEW put back. Some 26 KiB, on the
 * caller's stack on purpose: in a vfork child nothing else is given back by a successful exec.
 */
#define TF_EXEC_MAX_POINTERS 512
struct tf_exec {
	char host[TF_PATH_MAX + 2];
	char guest[TF_PATH_MAX];
	char preload[TF_PATH_MAX + 64]; /* "LD_PRELOAD=..." */
	char line[TF_PATH_MAX + 1024];  /* interpreters' names and arguments */
	char *args[TF_EXEC_MAX_POINTERS];
	char *envs[TF_EXEC_MAX_POINTERS];
	char **argv; /* args, or an anonymous mapping when there are more, or the caller's own */
	char **envp;
	size_t args_mapped, envs_mapped; /* bytes to unmap */
};

/* Plans execve(path, argv, envp). 0 or -errno (ENOENT, EACCES, ENOEXEC, ELOOP, E2BIG as execve(2)). */
int tf_rt_exec_plan(struct tf_exec *ret, int dirfd, const char *path, char *const argv[],
                    char *const envp[], unsigned int how);
void tf_rt_exec_done(struct tf_exec *ex);

/* fixed (TF_EXEC_MAX_POINTERS) or, for more pointers, an anonymous mapping of *ret_mapped bytes; NULL: no memory. */
char **tf_rt_exec_room(char **fixed, size_t n, size_t *ret_mapped);

/* execve(2) on a guest path. Returns only on failure: -errno. */
int tf_rt_execve(int dirfd, const char *path, char *const argv[], char *const envp[], int flags);

/* Only the environment part: for libc functions that start programs themselves (system, popen, wordexp). */
int tf_rt_env_plan(struct tf_exec *ret, char *const envp[]);

#endif
