/*
 * Landlock (landlock(7)): a thin layer over its three system calls. Everything the kernel's ABI offers is
 * handled, so that what no rule grants is refused; rights the ABI does not know are left out of rules.
 */
#ifndef TURF_KERNEL_LANDLOCK_H
#define TURF_KERNEL_LANDLOCK_H

#include <stdint.h>
#include "../base/err.h"

/* Access to files, in the view's terms. */
#define TF_LL_READ 1u /* read files and directories */
#define TF_LL_WRITE                                                                                \
	2u /* write, truncate, create (no device nodes), remove, rename, link, sockets by name */
#define TF_LL_EXEC 4u
#define TF_LL_LIST 16u /* read directories, not the files in them */
#define TF_LL_IOCTL 8u /* ioctl on a device (terminals); up to ABI 4 that needs no right */

/* The versions of the ABI that brought something. */
#define TF_LL_ABI_REFER                                                                            \
	2 /* Linux 5.19: rename and link across directories; before, always refused */
#define TF_LL_ABI_TRUNCATE 3 /* 6.2; before, truncate(2) is not held */
#define TF_LL_ABI_NET 4      /* 6.7 */
#define TF_LL_ABI_IOCTL 5    /* 6.10 */
#define TF_LL_ABI_SCOPES 6   /* 6.12 */
#define TF_LL_ABI_UNIX 9     /* 7.1: connecting to sockets by name */

/* ABI version, 0 = not there (or refused by an outer filter). */
int tf_landlock_abi(void);

struct tf_landlock {
	int fd; /* the ruleset */
	int abi;
	uint64_t fs, net, scoped; /* what it handles */
};

/* What to handle besides files (bits). What the ABI does not have is left out: see the fields afterwards. */
#define TF_LL_NET 1u    /* TCP bind and connect (ABI 4) */
#define TF_LL_SCOPES 2u /* signals and abstract sockets (ABI 6) */
/* Only the signal scope, no files: the supervisor's outer domain. -EOPNOTSUPP below ABI 6. */
#define TF_LL_ONLY_SIGNALS 4u

/* A new ruleset, owned by the caller until tf_landlock_close. 0 or -errno; *ll is written only on success. */
int tf_landlock_open(struct tf_landlock *ll, unsigned int what, struct tf_err *err);

/*
 * Grants access (TF_LL_*) to a host path and all below it; a file gets the rights a file can have.
 * Opens by O_PATH, follows no symlink in the last component (-ELOOP). 0 or -errno.
 */
int tf_landlock_allow_path(struct tf_landlock *ll, const char *host, unsigned int access,
                           struct tf_err *err);

/* The same for a descriptor (O_PATH will do) whose kind is known, without asking again. 0 or -errno. */
int tf_landlock_allow_fd(struct tf_landlock *ll, int fd, int is_dir, unsigned int access);

/* Grants a TCP port. 0 or -errno; -EOPNOTSUPP when the ruleset does not hold TCP ports. */
int tf_landlock_allow_port(struct tf_landlock *ll, uint16_t port, int may_bind, int may_connect,
                           struct tf_err *err);

/*
 * landlock_restrict_self(2) on the calling thread; no_new_privs must be set. 0 or -errno, silent and
 * async-signal-safe: called in the child between clone and exec.
 */
int tf_landlock_enter(const struct tf_landlock *ll);
void tf_landlock_close(struct tf_landlock *ll);

/* All file rights that this version of the ABI knows (LANDLOCK_ACCESS_FS_*). Pure. */
uint64_t tf_landlock_known_rights(int abi);

/* The rights that TF_LL_* access means under this ABI, for a directory or for anything else. Pure. */
uint64_t tf_landlock_rights(int abi, unsigned int access, int is_dir);

#endif
