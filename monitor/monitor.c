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
#include "cputimer.h"
#include "killer.h"
#include "limits.h"
#include "monitor.h"
#include "reaper.h"
#include "relay.h"
#include "sampler.h"
#include "signals.h"

#define MS 1000ull
#define SIGNALS_READY 0u /* event of the signalfd; the relay's are 1 and 2 */
#define FIRST_LOOK_US (1 * MS)
#define REAP_AT_ONCE 1024u
#define SIGNALS_AT_ONCE 64
#define BLIND_LOOKS 20u /* failed looks in a row, before it is given up */
#define BLIND_PAUSE_US (50 * MS)
#define SAME_REQUEST_US                                                                            \
	(100 * MS) /* timeout(1) sends its signal twice: to the process and to its group */
#define DRAIN_PATIENCE_MS 5000

struct run {
	const struct tf_monitor_opts *opts;
	struct tf_reaper reaper;
	struct tf_signals signals;
	struct tf_sampler sampler;
	struct tf_cputimer cputimer;
	struct tf_watch watch;
	struct tf_relay *relay; /* NULL without a pty: its buffers are not touched then */
	struct tf_target target;
	struct tf_usage usage;
	int epoll;
	int error;      /* supervision failed */
	int has_reason; /* a limit was hit */
	enum tf_reason reason;
	int is_over;   /* kill everything now */
	int is_killed; /* by us, on request */
	int asked;     /* the last signal to end that was passed on, 0 = none */
	uint64_t asked_us;
	uint64_t start_us, look_us, kill_us; /* when; TF_NEVER = not */
	uint64_t pss_read_at;                /* RSS at which PSS was last read for the report */
	uint32_t blind;
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

static int open_set(struct run *run)
{
	return tf_sampler_open(&run->sampler, run->opts->proc ? run->opts->proc : "/proc",
	                       getpid());
}

static void kill_for(struct run *run, enum tf_reason reason)
{
	run->is_over = 1;
	if (run->has_reason)
		return;
	run->has_reason = 1;
	run->reason = reason;
}

static void terminate_for(struct run *run, enum tf_reason reason)
{
	uint64_t grace_us =
	        run->opts->grace_ms > TF_NEVER / MS ? TF_NEVER : run->opts->grace_ms * MS;
	uint64_t kill_us = later(now_us(), grace_us);

	if (run->has_reason)
		return;
	run->has_reason = 1;
	run->reason = reason;
	if (kill_us < run->kill_us)
		run->kill_us = kill_us;
	if (!run->target.is_scoped && open_set(run) < 0)
		run->is_over = 1;
	else
		tf_killer_ask(&run->target, SIGTERM);
}

/* ---- looking ---- */

static uint64_t least_pss(const struct tf_reading *r)
{
	return r->pss_bytes > r->pss_error_bytes ? r->pss_bytes - r->pss_error_bytes : 0;
}

static void note_peaks(struct tf_usage *usage, const struct tf_reading *r)
{
	usage->looks++;
	if (r->rss_bytes > usage->peak_rss_bytes)
		usage->peak_rss_bytes = r->rss_bytes;
	if (r->has_pss && least_pss(r) > usage->peak_pss_bytes)
		usage->peak_pss_bytes = least_pss(r);
	if (r->processes > usage->peak_processes)
		usage->peak_processes = r->processes;
}

/* For the report alone PSS is read when RSS has grown by an eighth. */
static int wants_pss(struct run *run, const struct tf_reading *r)
{
	if (!run->watch.is_measured || r->rss_bytes <= run->pss_read_at + run->pss_read_at / 8)
		return 0;
	run->pss_read_at = r->rss_bytes;
	return 1;
}

static void plan_look(struct run *run, const struct tf_reading *r, uint64_t next_us)
{
	if (r->is_active)
		tf_cputimer_disarm(&run->cputimer);
	else if (next_us != TF_NEVER && next_us >= 100 * MS)
		tf_cputimer_arm(&run->cputimer, &run->sampler.set);
	run->look_us = next_us == TF_NEVER ? TF_NEVER : later(now_us(), next_us);
}

/* A look that failed: the sandbox may have used up the system's descriptors. Not for long. */
static void look_blind(struct run *run, int rc)
{
	if (rc == -E2BIG) {
		kill_for(run, TF_REASON_PIDS);
		return;
	}
	if (++run->blind > BLIND_LOOKS)
		fail(run, rc);
	run->look_us = later(now_us(), BLIND_PAUSE_US);
}

static void look(struct run *run)
{
	struct tf_reading r;
	struct tf_verdict verdict;
	int rc = open_set(run);

	if (rc >= 0)
		rc = tf_sampler_look(&run->sampler, run->reaper.user_us + run->reaper.system_us,
		                     now_us(), &r);
	if (rc < 0) {
		look_blind(run, rc);
		return;
	}
	run->blind = 0;
	r.is_covered = run->cputimer.is_covering;
	if (wants_pss(run, &r))
		tf_sampler_pss(&run->sampler, &r);
	verdict = tf_limits_judge(&run->watch, &r);
	if (verdict.act == TF_ACT_READ_PSS) {
		tf_sampler_pss(&run->sampler, &r);
		verdict = tf_limits_judge(&run->watch, &r);
	}
	note_peaks(&run->usage, &r);
	if (verdict.act == TF_ACT_KILL)
		kill_for(run, verdict.reason);
	else if (verdict.act == TF_ACT_TERMINATE)
		terminate_for(run, verdict.reason);
	/* While it is ending the other limits hold on. */
	plan_look(run, &r, verdict.act == TF_ACT_TERMINATE ? 10 * MS : verdict.next_us);
}

/* ---- signals ---- */

/* Ctrl-Z: first everything inside stops, or limits would be off for what runs on; then we do. */
static void suspend(struct run *run)
{
	if (open_set(run) == 0 && tf_killer_freeze(&run->target) == 0) {
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
	uint64_t now = now_us(), grace_us = run->opts->grace_ms * MS;
	uint64_t since = run->asked ? now - run->asked_us : TF_NEVER;

	if (since < SAME_REQUEST_US && sig == run->asked)
		return;
	if ((sig == SIGINT || sig == SIGTERM) && since < grace_us) {
		run->is_killed = run->is_over = 1;
		return;
	}
	run->asked = sig;
	run->asked_us = now;
	tf_signals_pass(run->opts->child, run->opts->is_init, sig);
	if ((sig == SIGTERM || sig == SIGHUP) && later(now, grace_us) < run->kill_us)
		run->kill_us = later(now, grace_us);
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
		run->look_us = 0;
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
	uint64_t next = run->look_us < run->kill_us ? run->look_us : run->kill_us;
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

static void take_deadlines(struct run *run)
{
	uint64_t now = now_us();

	if (!run->has_reason && !tf_limits_wall_left(&run->opts->limits, now - run->start_us))
		terminate_for(run, TF_REASON_WALLTIME);
	if (run->kill_us <= now) {
		run->is_over = 1;
		run->is_killed = !run->has_reason;
	}
	if (!run->is_over && run->look_us <= now)
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
	int n = epoll_wait(run->epoll, event, 4, timeout_ms(next_deadline(run, now), now));

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
	if (tf_limits_need_looks(&run->watch))
		run->look_us = run->start_us + FIRST_LOOK_US;
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
	o.usage.peak_process_rss_bytes = run->reaper.peak_rss_bytes;
	if (o.usage.peak_rss_bytes < run->reaper.peak_rss_bytes)
		o.usage.peak_rss_bytes = run->reaper.peak_rss_bytes;
	if (!o.usage.peak_processes)
		o.usage.peak_processes = 1;
	*ret = o;
}

/* Never less than was seen: the end itself hides what is killed before a parent that ignores its children. */
static void note_cpu(struct run *run)
{
	uint64_t reaped = run->reaper.user_us + run->reaper.system_us;
	uint64_t least = reaped + run->sampler.lost_us;

	if (run->sampler.is_cpu_sampled && run->sampler.cpu_us > least)
		least = run->sampler.cpu_us;
	run->usage.is_cpu_sampled = run->sampler.is_cpu_sampled;
	run->usage.cpu_user_us = run->reaper.user_us + (least - reaped);
	run->usage.cpu_system_us = run->reaper.system_us;
}

/* Everything inside ends here, whatever happened. */
static void finish(struct run *run)
{
	int rc;

	tf_cputimer_disarm(&run->cputimer);
	/* The usual end: nothing is left, and nothing has to be opened to know it. */
	if (tf_reaper_collect(&run->reaper, REAP_AT_ONCE) != TF_REAPER_NONE &&
	    !run->target.is_scoped && open_set(run) < 0) {
		/* No descriptors: the loop is over, its own one will do. */
		close(run->epoll);
		run->epoll = -1;
		open_set(run);
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
	note_cpu(run);
	tf_sampler_done(&run->sampler);
	if (run->epoll >= 0)
		close(run->epoll);
}

static uint32_t processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n > 0 && n < 65536 ? (uint32_t)n : 1;
}

static uint64_t usable_tag(uint64_t tag)
{
	return tag == UINT64_MAX ? 0 : tag;
}

int tf_monitor_run(const struct tf_monitor_opts *opts, struct tf_outcome *ret)
{
	struct tf_relay relay;
	struct run run = {.opts = opts, .epoll = -1, .look_us = TF_NEVER, .kill_us = TF_NEVER};
	int rc;

	run.start_us = now_us();
	run.reaper.child = opts->child;
	run.watch.limits = opts->limits;
	run.watch.is_measured = opts->is_measured;
	if (opts->limits.cpu_ms)
		run.watch.processors = processors();
	tf_sampler_init(&run.sampler);
	run.target = (struct tf_target){.set = &run.sampler.set,
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
