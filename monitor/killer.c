/*
 * The end of a sandbox. It must reach what forks as fast as it is killed: a swarm is stopped first, and forbidden to
 * fork, from the top down, until a whole look finds nothing new; only then it is killed. It must not need a
 * descriptor to kill what it can name (no descriptors left is something a hostile program can arrange).
 */
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "killer.h"
#include "scan.h"

#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif

#define FREEZE_PASSES 200
#define PAUSE_FIRST_NS 100000l
#define PAUSE_LAST_NS 20000000l

/* dir: its /proc directory, which the kernel takes for a pidfd (Linux 5.1). */
static void send(int dir, pid_t pid, int sig)
{
	if (dir >= 0 && syscall(SYS_pidfd_send_signal, dir, sig, NULL, 0) == 0)
		return;
	/* An old kernel, or an outer filter. The check a moment ago has to do: the number is in use by what we saw. */
	if (dir < 0 || errno != ESRCH)
		kill(pid, sig);
}

/* No forks any more; inherited by what is being born. Below the number of processes the user has: none succeeds. */
static void forbid_forks(pid_t pid)
{
	static const struct rlimit none;

	prlimit(pid, RLIMIT_NPROC, &none, NULL);
}

static int tagged_signal(void *context, pid_t pid, int dir)
{
	int *state = context; /* the signal, then how many */

	send(dir, pid, state[0]);
	state[1]++;
	return 0;
}

/* What one look does to whom it finds. */
struct pass {
	int sig;
	int is_last; /* no forks any more */
	uint32_t alive;
	uint32_t running; /* stop passes: not stopped yet, or only now told to */
	uint32_t found;   /* stop passes: told to for the first time */
};

static int look_with(struct tf_set *set, struct pass *pass,
                     void (*on_found)(void *context, struct tf_member *m, int dir))
{
	int rc;

	set->on_found = on_found;
	set->context = pass;
	rc = tf_set_look(set);
	set->on_found = NULL;
	return rc;
}

static void send_found(void *context, struct tf_member *m, int dir)
{
	struct pass *pass = context;

	if (tf_set_is_dead(m))
		return;
	pass->alive++;
	if (pass->is_last)
		forbid_forks(m->pid);
	send(dir, m->pid, pass->sig);
}

/* To everybody that a new look finds alive; how many. */
static uint32_t send_all(struct tf_target *target, int sig)
{
	struct pass pass = {.sig = sig, .is_last = sig == SIGKILL};
	int tagged[2] = {sig, 0};

	if (target->set->root < 0)
		return 0;
	look_with(target->set, &pass, send_found);
	if (target->tag)
		tf_scan_tagged(target->set->root, target->tag, tagged_signal, tagged);
	return pass.alive + (uint32_t)tagged[1];
}

void tf_killer_ask(struct tf_target *target, int sig)
{
	struct tf_target once = *target;

	once.tag = 0; /* all descendants are in the tree; a scan of /proc is for the end */
	if (once.is_scoped) {
		kill(-1, sig);
		kill(-1, SIGCONT);
		return;
	}
	send_all(&once, sig);
	send_all(&once, SIGCONT);
}

static void pause_ns(long ns)
{
	struct timespec ts = {.tv_nsec = ns};

	nanosleep(&ts, NULL);
}

static int is_stopped(const struct tf_member *m)
{
	/* 'D' with the signal sent: a vfork parent, which stops when its (stopped) child lets it go. */
	return m->state == 'T' || m->state == 't' ||
	       (m->was_stopped && (m->state == 'D' || m->is_hidden));
}

static void stop_found(void *context, struct tf_member *m, int dir)
{
	struct pass *pass = context;

	if (tf_set_is_dead(m) || is_stopped(m))
		return;
	pass->running++;
	if (m->was_stopped)
		return;
	pass->found++;
	if (pass->is_last)
		forbid_forks(m->pid);
	send(dir, m->pid, SIGSTOP);
	m->was_stopped = 1;
}

int tf_killer_freeze(struct tf_target *target)
{
	/* Two passes without a runner: a single one may have missed a child that changed its parent. */
	for (int i = 0, quiet = 0; i < FREEZE_PASSES; i++) {
		struct pass pass = {.sig = SIGSTOP};

		if (target->is_scoped && i == FREEZE_PASSES / 10) {
			target->is_frozen_at_once = 1;
			kill(-1, SIGSTOP);
		}
		if (look_with(target->set, &pass, stop_found) < 0 || pass.running)
			quiet = 0;
		else if (++quiet == 2)
			return 0;
		pause_ns(PAUSE_FIRST_NS);
	}
	return -EBUSY;
}

static void send_member(struct tf_set *set, const struct tf_member *m, int sig)
{
	int is_ours = 0, dir = tf_set_dir(set, m, &is_ours);

	if (dir == -ESRCH && !m->is_hidden)
		return;
	send(dir, m->pid, sig);
	if (dir >= 0 && is_ours)
		close(dir);
}

void tf_killer_thaw(struct tf_target *target, pid_t last)
{
	struct tf_set *set = target->set;

	if (target->is_frozen_at_once)
		kill(-1, SIGCONT);
	target->is_frozen_at_once = 0;
	for (uint32_t i = 0; i < set->count; i++) {
		if (set->member[i].was_stopped && set->member[i].pid != last)
			send_member(set, &set->member[i], SIGCONT);
		set->member[i].was_stopped = 0;
	}
	/* A direct child that is not reaped: the number is its own. */
	kill(last, SIGCONT);
}

/* Descriptors for the end: what is kept for speed goes, and the soft limit is lifted to the hard one. */
static void make_room(struct tf_set *set, struct rlimit *ret_before)
{
	struct rlimit all;

	tf_set_drop_descriptors(set);
	if (getrlimit(RLIMIT_NOFILE, ret_before) < 0) {
		ret_before->rlim_cur = ret_before->rlim_max = 0;
		return;
	}
	all = *ret_before;
	all.rlim_cur = all.rlim_max;
	setrlimit(RLIMIT_NOFILE, &all);
}

static void undo_room(const struct rlimit *before)
{
	if (before->rlim_max)
		setrlimit(RLIMIT_NOFILE, before);
}

/* Waits a little, or until a child changes its state. SIGCHLD is blocked. */
static void pause_for_child(long ns)
{
	struct timespec ts = {.tv_nsec = ns};
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigtimedwait(&child, NULL, &ts);
}

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

/* Collects all there is to collect. Returns whether children are left. */
static int reap(struct tf_reaper *reaper)
{
	enum tf_reaper_rest rest;

	do {
		rest = tf_reaper_collect(reaper, 4096);
	} while (rest == TF_REAPER_MORE);
	return rest == TF_REAPER_RUNNING;
}

/*
 * Passes of SIGKILL until nothing is left: no child where there is a reaper, and nobody alive that a look or the
 * tag would show where children alone prove nothing.
 */
static int kill_passes(struct tf_target *target, struct tf_reaper *reaper)
{
	uint64_t deadline = now_ms() + TF_KILLER_PATIENCE_MS;
	int is_proof = reaper && !target->tag;

	for (long pause = PAUSE_FIRST_NS;; pause = pause < PAUSE_LAST_NS ? pause * 2 : pause) {
		uint32_t alive = 0;

		/* Needs nothing but the number, which is the child's until it is reaped. */
		if (reaper && !reaper->has_ended)
			kill(reaper->child, SIGKILL);
		if (target->is_scoped)
			kill(-1, SIGKILL);
		if (!target->is_scoped || !is_proof)
			alive = send_all(target, SIGKILL);
		if ((!reaper || !reap(reaper)) && (is_proof || !alive))
			return 0;
		if (now_ms() > deadline)
			return -EBUSY;
		if (!reaper)
			pause_ns(pause);
		else
			pause_for_child(pause);
		if (is_proof && !reap(reaper))
			return 0;
	}
}

/* A swarm outruns one SIGKILL at a time, but not a ban on forking and a stop from the top down. */
static void stop_swarm(struct tf_target *target)
{
	struct pass pass = {.found = 1};

	for (int i = 0; i < FREEZE_PASSES && pass.found; i++) {
		pass = (struct pass){.sig = SIGSTOP, .is_last = 1};
		look_with(target->set, &pass, stop_found);
	}
}

int tf_killer_end(struct tf_target *target, struct tf_reaper *reaper)
{
	struct tf_target tree = *target;
	struct rlimit room;
	sigset_t child, before;
	int is_subreaper = 0, rc = 0;

	/* A subreaper without children has no descendants: nothing to search for. */
	if (prctl(PR_GET_CHILD_SUBREAPER, &is_subreaper) == 0 && is_subreaper)
		tree.tag = 0;
	if (!reap(reaper) && !tree.tag)
		return 0;
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, &before);
	make_room(target->set, &room);
	if (!tree.is_scoped && tree.set->root >= 0)
		stop_swarm(&tree);
	rc = kill_passes(&tree, reaper);
	undo_room(&room);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return rc;
}

int tf_killer_end_others(struct tf_target *target)
{
	struct rlimit room;
	int rc;

	make_room(target->set, &room);
	if (!target->is_scoped)
		stop_swarm(target);
	rc = kill_passes(target, NULL);
	undo_room(&room);
	return rc;
}
