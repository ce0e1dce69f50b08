/*
 * The processes of one sandbox: all descendants of the supervisor, which is their subreaper, so that no double fork
 * or setsid leads out. A member is (pid, start time), looked at through a descriptor of its /proc directory.
 *
 * Found by the kernel's "children" files; where the kernel has none (no CONFIG_PROC_CHILDREN), by one walk over all
 * of /proc. A look is a snapshot: what is born or moves while it is taken may be missed until the next one, so
 * whoever has to reach every process (killer.h) looks until nothing new turns up.
 */
#ifndef TURF_MONITOR_SET_H
#define TURF_MONITOR_SET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "proc.h"

#define TF_SET_MAX 65536u /* members; more are counted as -E2BIG: the caller kills */
#define TF_SET_KEEP                                                                                \
	48u /* members whose files stay open between two looks (three descriptors each) */

struct tf_member {
	pid_t pid, ppid, found_by; /* found_by: the member whose child it was when it was listed */
	char state;
	uint8_t is_new;    /* was not there at the look before */
	uint8_t is_hidden; /* exists, but /proc does not show it (hidepid): counted, not measured */
	uint8_t was_stopped; /* killer.c's mark: stopped by tf_killer_freeze() */
	uint32_t threads;
	uint64_t start;
	uint64_t own_us,
	        gone_us; /* see struct tf_proc_stat; sampler.c makes own_us finer than a clock tick */
	uint64_t rss;    /* bytes */
	int dir, stat, children; /* kept descriptors, or -1 */
};

struct tf_set {
	int root;    /* of /proc */
	pid_t top;   /* whose descendants the members are */
	int is_walk; /* no children files: walk over all of /proc */
	int is_degraded; /* the last look had to do without kept descriptors, or missed something for want of them */
	struct tf_member *member; /* by pid, ascending, when a look is over */
	uint32_t count;
	uint32_t kept;
	/*
	 * Called with each member in the moment it is found, before its children are listed; dir: its /proc directory,
	 * -1 for a hidden one. For who cannot wait until a look is over: among a thousand runnable processes that
	 * takes seconds. NULL = not wanted.
	 */
	void (*on_found)(void *context, struct tf_member *member, int dir);
	void *context;
	/* storage, and the look before */
	struct tf_member *before;
	uint32_t count_before;
	size_t size, size_before;
	uint32_t place; /* of the member whose children are being listed */
};

/* proc: "/proc" or a recorded tree. Opens nothing but its root. 0 or -errno. */
int tf_set_init(struct tf_set *set, const char *proc, pid_t top);
void tf_set_done(struct tf_set *set);

/*
 * Takes a new look. 0, -E2BIG when there are more than TF_SET_MAX members, or another -errno; on an error the set
 * holds what was found so far.
 */
int tf_set_look(struct tf_set *set);

/* The member, or NULL. From the last look or the one before it. */
struct tf_member *tf_set_find(struct tf_set *set, pid_t pid);
const struct tf_member *tf_set_find_before(const struct tf_set *set, pid_t pid);

/* Its /proc directory, checked to be the same process: the kept descriptor, or a new one (then *ret_close = 1). */
int tf_set_dir(struct tf_set *set, const struct tf_member *member, int *ret_close);

/* Closes all kept descriptors: for killing, when there are few left. */
void tf_set_drop_descriptors(struct tf_set *set);

/* Whether nothing of it runs any more: a zombie, all threads of it. */
int tf_set_is_dead(const struct tf_member *member);

#endif
