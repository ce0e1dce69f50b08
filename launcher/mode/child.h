/*
 * The child between clone and exec: everything is prepared before, so that here only system calls follow each other, in an order
 * that is itself part of the design: what opens things, then the wall, then the program.
 */
#ifndef TURF_MODE_CHILD_H
#define TURF_MODE_CHILD_H

#include <sys/types.h>

#include "../kernel/landlock.h"
#include "../kernel/pty.h"
#include "../kernel/seccomp.h"
#include "../plan/settings.h"

struct tf_child {
	const char *host; /* the program, or the first interpreter */
	char *const *argv;
	char *const *envp;
	const char *cwd;                    /* host path */
	const struct tf_landlock *landlock; /* NULL = none (cooperative tier) */
	const struct tf_seccomp *seccomp;   /* NULL = none */
	const struct tf_ulimit *ulimits;
	unsigned int nulimits;
	uint64_t tag;
	unsigned int preserve_fds;
	const struct tf_pty *pty; /* NULL = descriptors as given */

	/* Results, when the start failed. */
	const char *failed; /* what was tried: "landlock_restrict_self" */
	int error;          /* errno */
};

/*
 * Starts it. With a pty there is a session leader of turf's own between (monitor/init.h): *ret_pid is that one then.
 * Returns when the program's exec has succeeded: 0; or failed: -errno with c->failed (the child is reaped).
 */
int tf_child_start(struct tf_child *c, pid_t *ret_pid);

#endif
