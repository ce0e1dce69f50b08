/*
 * When to look and what to do. The interval is how long the sandbox needs, at the fastest that memory can be
 * filled or CPU be burned, to use up what is left; it is never polled when idle, and never looked at so often that
 * looking costs more than a quarter of a core.
 */
#include "limits.h"

#define MS 1000ull
#define SECOND (1000 * MS)

/*
 * How fast memory is taken for possible: two processors clearing huge pages reach 20 GB/s; what does not grow yet
 * needs a moment to begin, and most never does.
 */
#define FILL_GROWING 20000ull /* bytes a microsecond */
#define FILL_STEADY 4000ull

#define SURELY_OVER 2
#define PROBABLY_OVER 16
#define LOOK_MIN (1 * MS)
#define LOOK_MAX (250 * MS)
#define LOOK_PIDS (10 * MS)
#define LOOK_REPORT (100 * MS)
#define CPU_MIN (5 * MS)
#define CPU_SAMPLED (20 * MS)
#define IDLE_FIRST (250 * MS)
#define IDLE_LONG (1 * SECOND)
#define IDLE_LONG_AFTER (5 * SECOND)
/* The report's peaks are a nicety: less is enough. */
#define COST_SHARE 3 /* sleep at least so many times as long as the look took */

int tf_limits_need_looks(const struct tf_watch *watch)
{
	return watch->limits.memory_bytes || watch->limits.cpu_ms || watch->limits.pids ||
	       watch->is_measured;
}

uint64_t tf_limits_wall_left(const struct tf_limits *limits, uint64_t elapsed_us)
{
	uint64_t limit_us = limits->wall_ms > TF_NEVER / MS ? TF_NEVER : limits->wall_ms * MS;

	if (!limits->wall_ms || limit_us == TF_NEVER)
		return TF_NEVER;
	return elapsed_us >= limit_us ? 0 : limit_us - elapsed_us;
}

static uint64_t at_least(uint64_t value, uint64_t low)
{
	return value < low ? low : value;
}

static uint64_t at_most(uint64_t value, uint64_t high)
{
	return value > high ? high : value;
}

/* Above this sum of RSS, which counts shared pages several times but may lag a little, PSS is read. */
static uint64_t filter(uint64_t limit)
{
	return limit - limit / 16;
}

static uint64_t next_for_memory(const struct tf_watch *watch, const struct tf_reading *r)
{
	uint64_t limit = watch->limits.memory_bytes;
	uint64_t used = r->has_pss ? r->pss_bytes : r->rss_bytes;
	uint64_t left = used < limit ? limit - used : 0;
	int is_growing = r->rss_bytes > watch->last_rss;

	return at_most(at_least(left / (is_growing ? FILL_GROWING : FILL_STEADY), LOOK_MIN),
	               LOOK_MAX);
}

static uint64_t next_for_cpu(const struct tf_watch *watch, const struct tf_reading *r)
{
	uint64_t left =
	        watch->limits.cpu_ms * MS - r->cpu_us; /* judged before: there is some left */

	left /= watch->processors ? watch->processors : 1;
	if (r->is_cpu_sampled && r->is_active)
		left = at_most(left, CPU_SAMPLED);
	return at_least(left, CPU_MIN);
}

static uint64_t next_when_idle(struct tf_watch *watch, const struct tf_reading *r)
{
	watch->idle_us += r->since_us;
	return r->is_covered && watch->idle_us >= IDLE_LONG_AFTER ? IDLE_LONG : IDLE_FIRST;
}

static uint64_t next_look(struct tf_watch *watch, const struct tf_reading *r)
{
	uint64_t next = TF_NEVER, cpu = TF_NEVER;

	if (watch->limits.cpu_ms)
		cpu = next_for_cpu(watch, r);
	if (!r->is_active) {
		next = next_when_idle(watch, r);
		/* Far from the limit the CPU time alone needs no look at all yet. */
		if (!watch->limits.memory_bytes && !watch->limits.pids && !watch->is_measured)
			next = at_least(cpu, next);
		return next;
	}
	watch->idle_us = 0;
	if (watch->limits.memory_bytes)
		next = at_most(next, next_for_memory(watch, r));
	if (watch->limits.pids)
		next = at_most(next, LOOK_PIDS);
	if (watch->is_measured)
		next = at_most(next, LOOK_REPORT);
	return at_least(at_most(next, cpu), r->cost_us * COST_SHARE);
}

static struct tf_verdict act(enum tf_act what, enum tf_reason reason, uint64_t next_us)
{
	return (struct tf_verdict){.act = what, .reason = reason, .next_us = next_us};
}

/*
 * A PSS reading. Two in a row that are surely above kill; so do many that are only probably above, or a process that
 * maps and unmaps shared pages all the time could keep every reading doubtful.
 */
static struct tf_verdict judge_pss(struct tf_watch *watch, const struct tf_reading *r)
{
	uint64_t limit = watch->limits.memory_bytes;
	int is_sure = r->pss_bytes > limit && r->pss_bytes - limit > r->pss_error_bytes;

	if (r->pss_bytes <= limit) {
		watch->over = watch->surely_over = 0;
		return act(TF_ACT_NONE, 0, TF_NEVER);
	}
	watch->over++;
	watch->surely_over = is_sure ? watch->surely_over + 1 : 0;
	if (watch->surely_over >= SURELY_OVER || watch->over >= PROBABLY_OVER)
		return act(TF_ACT_KILL, TF_REASON_MEMORY, TF_NEVER);
	return act(TF_ACT_NONE, 0, is_sure ? 0 : LOOK_MIN);
}

struct tf_verdict tf_limits_judge(struct tf_watch *watch, const struct tf_reading *r)
{
	const struct tf_limits *limits = &watch->limits;
	struct tf_verdict verdict = {.act = TF_ACT_NONE, .next_us = TF_NEVER};

	if (limits->pids && r->processes > limits->pids)
		return act(TF_ACT_KILL, TF_REASON_PIDS, TF_NEVER);
	if (limits->memory_bytes && r->rss_bytes > filter(limits->memory_bytes)) {
		if (!r->has_pss)
			return act(TF_ACT_READ_PSS, 0, 0);
		verdict = judge_pss(watch, r);
		if (verdict.act != TF_ACT_NONE || verdict.next_us != TF_NEVER)
			return verdict;
	} else {
		watch->over = watch->surely_over = 0;
	}
	if (limits->cpu_ms && limits->cpu_ms <= TF_NEVER / MS && r->cpu_us >= limits->cpu_ms * MS)
		return act(TF_ACT_TERMINATE, TF_REASON_CPUTIME, TF_NEVER);
	verdict.next_us = next_look(watch, r);
	watch->last_rss = r->rss_bytes;
	return verdict;
}
