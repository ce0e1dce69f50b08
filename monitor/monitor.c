/*
 * The supervisor's loop: epoll over the signals and the terminal, one deadline. It must not wake up without a
 * reason, and whatever fails in it, what runs inside is killed before it returns.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "killer.h"
#include "look.h"
#include "monitor.h"
#include "reaper.h"
#include "relay.h"
#include "signals.h"
#include "slim.h"

#define MS 1000ull
#define SIGNALS_READY 0u /* event of the signalfd; the relay's are 1 and 2 */
#define REAP_AT_ONCE 1024u
#define SIGNALS_AT_ONCE 64
#define SAME_REQUEST_US (100 * MS) /* timeout(1) signals twice: the process, then its group */
#define DRAIN_PATIENCE_MS 5000
#define SLIM_AFTER_MS 50 /* without an event: then it is going to be a longer run */

struct run {
	const struct tf_monitor_opts *opts;
	struct tf_reaper reaper;
	struct tf_signals signals;
	struct tf_look look;
	struct tf_relay *relay; /* NULL without a pty: its buffers are not touched then */
	struct tf_target target;
	struct tf_usage usage;
	int epoll;
	int is_slim;    /* what only the start needed has been given back */
	int error;      /* supervision failed */
	int has_reason; /* a limit was hit */
	enum tf_reason reason;
	int is_over;   /* kill everything now */
	int is_killed; /* by us, on request */
	int asked;     /* the last signal to end that was passed on, 0 = none */
	uint64_t asked_us;
	uint64_t start_us, kill_us; /* when; TF_NEVER = not */
};

static uint64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

static uint64_t later(uint64_t now, uint64_t by)
{
	return by > TF_NEVER - now ? TF_NEVER : now + by;
}

const char *tf_reason_name(enum tf_reason reason)
{
	static const char *const name[] = {
	        [TF_REASON_EXITED] = "exited",     [TF_REASON_SIGNALLED] = "signalled",
	        [TF_REASON_WALLTIME] = "walltime", [TF_REASON_CPUTIME] = "cputime",
	        [TF_REASON_MEMORY] = "memory",     [TF_REASON_PIDS] = "pids",
	        [TF_REASON_KILLED] = "killed",
	};

	return (unsigned int)reason < sizeof(name) / sizeof(name[0]) ? name[reason] : "unknown";
}

/* ---- ending ---- */

static void fail(struct run *run, int error)
{
	if (!run->error)
		run->error = error;
	run->is_over = 1;
}

static void kill_for(struct run *run, enum tf_reason reason)
{
	run->is_over = 1;
	if (run->has_reason)
		return;
	run->has_reason = 1;
	run->reason = reason;
}

static uint64_t grace_us(const struct run *run)
{
	return run->opts->grace_ms > TF_NEVER / MS ? TF_NEVER : run->opts->grace_ms * MS;
}

static void terminate_for(struct run *run, enum tf_reason reason)
{
	uint64_t kill_us = later(now_us(), grace_us(run));

	if (run->has_reason)
		return;
	run->has_reason = 1;
	run->reason = reason;
	if (kill_us < run->kill_us)
		run->kill_us = kill_us;
	if (!run->target.is_scoped && tf_look_open(&run->look) < 0)
		run->is_over = 1;
	else
		tf_killer_ask(&run->target, SIGTERM);
}

/* ---- signals ---- */

/* Ctrl-Z: first everything inside stops, or limits would be off for what runs on; then we do. */
static void suspend(struct run *run)
{
	if (tf_look_open(&run->look) == 0 && tf_killer_freeze(&run->target) == 0) {
		if (run->relay)
			tf_relay_pause(run->relay);
		tf_signals_stop_self();
	}
	if (run->relay)
		tf_relay_resume(run->relay);
	tf_killer_thaw(&run->target, run->opts->child);
}

/* INT, QUIT, HUP, TERM: the first is passed on, the second may be meant for us. */
static void end_request(struct run *run, int sig)
{
	uint64_t now = now_us();
	uint64_t since = run->asked ? now - run->asked_us : TF_NEVER;

	if (since < SAME_REQUEST_US && sig == run->asked)
		return;
	if ((sig == SIGINT || sig == SIGTERM) && since < grace_us(run)) {
		run->is_killed = run->is_over = 1;
		return;
	}
	run->asked = sig;
	run->asked_us = now;
	tf_signals_pass(run->opts->child, run->opts->is_init, sig);
	if ((sig == SIGTERM || sig == SIGHUP) && later(now, grace_us(run)) < run->kill_us)
		run->kill_us = later(now, grace_us(run));
}

static void reap(struct run *run)
{
	switch (tf_reaper_collect(&run->reaper, REAP_AT_ONCE)) {
	case TF_REAPER_MORE:
		kill(getpid(), SIGCHLD); /* the rest in the next turn */
		break;
	case TF_REAPER_NONE:
		if (!run->reaper.has_ended)
			fail(run, -ECHILD); /* somebody else has taken its status */
		break;
	case TF_REAPER_RUNNING:
		break;
	}
	if (run->opts->is_init && run->reaper.is_stopped && !run->is_over) {
		run->reaper.is_stopped = 0;
		suspend(run);
	}
}

static void take_signal(struct run *run, int sig)
{
	switch (sig) {
	case SIGCHLD:
		reap(run);
		break;
	case SIGINT:
	case SIGQUIT:
	case SIGHUP:
	case SIGTERM:
		end_request(run, sig);
		break;
	case SIGUSR1:
	case SIGUSR2:
		tf_signals_pass(run->opts->child, run->opts->is_init, sig);
		break;
	case SIGTSTP:
		suspend(run);
		break;
	case SIGCONT:
		if (run->relay)
			tf_relay_resume(run->relay);
		break;
	case SIGWINCH:
		if (run->relay)
			tf_relay_resize(run->relay);
		break;
	case TF_SIGNAL_WAKE:
		run->look.at_us = 0;
		break;
	}
}

static void take_signals(struct run *run)
{
	int sig;

	/* Bounded: a storm (real-time ones queue) must not keep the deadlines waiting. SIGCHLD comes before those. */
	for (int i = 0; i < SIGNALS_AT_ONCE && !run->is_over && !run->reaper.has_ended; i++) {
		sig = tf_signals_next(&run->signals);
		if (!sig)
			break;
		take_signal(run, sig);
	}
}

/* ---- the loop ---- */

static uint64_t next_deadline(const struct run *run, uint64_t now)
{
	uint64_t next = run->look.at_us < run->kill_us ? run->look.at_us : run->kill_us;
	uint64_t wall = run->has_reason
	                        ? TF_NEVER
	                        : tf_limits_wall_left(&run->opts->limits, now - run->start_us);

	return later(now, wall) < next ? later(now, wall) : next;
}

static int timeout_ms(uint64_t deadline, uint64_t now)
{
	uint64_t ms;

	if (deadline == TF_NEVER)
		return -1;
	if (deadline <= now)
		return 0;
	ms = (deadline - now + MS - 1) / MS;
	return ms > INT_MAX ? INT_MAX : (int)ms;
}

static void look(struct run *run)
{
	struct tf_verdict verdict;
	int rc = tf_look_take(&run->look, run->reaper.user_us + run->reaper.system_us, now_us(),
	                      &verdict);

	if (rc < 0)
		fail(run, rc);
	else if (verdict.act == TF_ACT_KILL)
		kill_for(run, verdict.reason);
	else if (verdict.act == TF_ACT_TERMINATE)
		terminate_for(run, verdict.reason);
}

static void take_deadlines(struct run *run)
{
	uint64_t now = now_us();

	if (!run->has_reason && !tf_limits_wall_left(&run->opts->limits, now - run->start_us))
		terminate_for(run, TF_REASON_WALLTIME);
	if (run->kill_us <= now) {
		run->is_over = 1;
		run->is_killed = !run->has_reason;
	}
	if (!run->is_over && run->look.at_us <= now)
		look(run);
}

/* A terminal that has gone away is SIGHUP, whoever is told of it by the kernel. */
static void relay_event(struct run *run, const struct epoll_event *event)
{
	int had_tty = run->relay->tty >= 0;

	tf_relay_event(run->relay, event->data.u32, event->events);
	if (had_tty && run->relay->tty < 0 && sigismember(&run->signals.taken, SIGHUP))
		end_request(run, SIGHUP);
}

static void turn(struct run *run)
{
	struct epoll_event event[4];
	uint64_t now = now_us();
	int wait_ms = timeout_ms(next_deadline(run, now), now), n;

	if (!run->is_slim && (wait_ms < 0 || wait_ms > SLIM_AFTER_MS))
		wait_ms = SLIM_AFTER_MS;
	n = epoll_wait(run->epoll, event, 4, wait_ms);
	if (n == 0 && wait_ms == SLIM_AFTER_MS && !run->is_slim) {
		run->is_slim = 1;
		tf_slim();
	}
	if (n < 0 && errno != EINTR) {
		fail(run, -errno);
		return;
	}
	for (int i = 0; i < n; i++) {
		if (event[i].data.u32 == SIGNALS_READY)
			take_signals(run);
		else
			relay_event(run, &event[i]);
	}
	if (!run->reaper.has_ended)
		take_deadlines(run);
}

static int begin(struct run *run, struct tf_relay *relay)
{
	const struct tf_monitor_opts *opts = run->opts;
	struct epoll_event event = {.events = EPOLLIN, .data.u32 = SIGNALS_READY};
	int rc;

	if (opts->child <= 0 || (opts->pty >= 0 && opts->tty < 0))
		return -EINVAL;
	run->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (run->epoll < 0 || epoll_ctl(run->epoll, EPOLL_CTL_ADD, run->signals.fd, &event) < 0)
		return -errno;
	if (opts->pty >= 0) {
		rc = tf_relay_start(relay, run->epoll, opts->tty, opts->pty, opts->is_output_only);
		if (rc < 0)
			return rc;
		run->relay = relay;
	}
	return 0;
}

static void fill_outcome(struct run *run, struct tf_outcome *ret)
{
	struct tf_outcome o = {.reason = TF_REASON_EXITED, .exit_code = -1, .usage = run->usage};
	int status = run->reaper.status;

	if (WIFSIGNALED(status)) {
		o.signal = WTERMSIG(status);
		o.reason = TF_REASON_SIGNALLED;
	} else {
		o.exit_code = WEXITSTATUS(status);
	}
	/* A shell tells of a signal by its exit code. */
	if (run->is_killed ||
	    (run->asked && (o.signal == run->asked || o.exit_code == 128 + run->asked)))
		o.reason = TF_REASON_KILLED;
	if (run->has_reason)
		o.reason = run->reason;
	o.usage.wall_us = now_us() - run->start_us;
	*ret = o;
}

/* Everything inside ends here, whatever happened. */
static void finish(struct run *run)
{
	int rc;

	/* The usual end: nothing is left, and nothing has to be opened to know it. */
	if (tf_reaper_collect(&run->reaper, REAP_AT_ONCE) != TF_REAPER_NONE &&
	    !run->target.is_scoped && tf_look_open(&run->look) < 0) {
		/* No descriptors: the loop is over, its own one will do. */
		close(run->epoll);
		run->epoll = -1;
		tf_look_open(&run->look);
	}
	rc = tf_killer_end(&run->target, &run->reaper);
	if (rc < 0)
		fail(run, rc);
	if (!run->reaper.has_ended)
		fail(run, -ECHILD);
	if (run->relay) {
		tf_relay_drain(run->relay, DRAIN_PATIENCE_MS);
		tf_relay_stop(run->relay);
	}
	tf_look_usage(&run->look, &run->reaper, &run->usage);
	tf_look_done(&run->look);
	if (run->epoll >= 0)
		close(run->epoll);
}

static uint64_t usable_tag(uint64_t tag)
{
	return tag == UINT64_MAX ? 0 : tag;
}

int tf_monitor_run(const struct tf_monitor_opts *opts, struct tf_outcome *ret)
{
	struct tf_relay relay;
	struct run run = {.opts = opts, .epoll = -1, .kill_us = TF_NEVER};
	int rc;

	run.start_us = opts->started_us ? opts->started_us : now_us();
	run.reaper.child = opts->child;
	tf_look_init(&run.look, opts, run.start_us);
	run.target = (struct tf_target){.set = &run.look.sampler.set,
	                                .tag = usable_tag(opts->tag),
	                                .is_scoped = opts->is_scoped};
	rc = tf_signals_take(&run.signals);
	if (rc < 0) {
		fail(&run, rc);
		finish(&run);
		return run.error;
	}
	rc = begin(&run, &relay);
	if (rc < 0)
		fail(&run, rc);
	else
		reap(&run); /* it may have ended before SIGCHLD was ours */
	while (!run.is_over && !run.reaper.has_ended)
		turn(&run);
	finish(&run);
	tf_signals_give_back(&run.signals);
	if (!run.error)
		fill_outcome(&run, ret);
	return run.error;
}

int tf_monitor_kill_all(const struct tf_monitor_opts *opts)
{
	struct tf_set set;
	struct tf_target target = {
	        .set = &set, .tag = usable_tag(opts->tag), .is_scoped = opts->is_scoped};
	int rc = tf_set_init(&set, opts->proc ? opts->proc : "/proc", getpid());

	if (opts->is_scoped)
		kill(-1, SIGKILL);
	if (rc < 0)
		return rc;
	rc = tf_killer_end_others(&target);
	tf_set_done(&set);
	return rc;
}
