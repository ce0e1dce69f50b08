/*
 * A look: sampler, limits, timers and peaks together. It must not fail because of one that failed: a sandbox can use
 * up the system's open files for a moment; but it must not stay blind either.
 */
#include <errno.h>
#include <unistd.h>
#include "look.h"

#define MS 1000ull
#define FIRST_LOOK_US (1 * MS)
#define BLIND_LOOKS 20u /* failed ones in a row, before it is given up */
#define BLIND_PAUSE_US (50 * MS)
#define ENDING_PAUSE_US (10 * MS)
#define TIMERS_FROM_US (100 * MS) /* a pause so long is worth the timers */

static uint64_t later(uint64_t now, uint64_t by)
{
	return by > TF_NEVER - now ? TF_NEVER : now + by;
}

static uint32_t processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n > 0 && n < 65536 ? (uint32_t)n : 1;
}

void tf_look_init(struct tf_look *look, const struct tf_monitor_opts *opts, uint64_t now_us)
{
	*look = (struct tf_look){
	        .proc = opts->proc ? opts->proc : "/proc",
	        .watch = {.limits = opts->limits, .is_measured = opts->is_measured},
	        .at_us = TF_NEVER,
	};
	tf_sampler_init(&look->sampler);
	if (!tf_limits_need_looks(&look->watch))
		return;
	look->at_us = later(now_us, FIRST_LOOK_US);
	if (opts->limits.cpu_ms)
		look->watch.processors = processors();
}

void tf_look_done(struct tf_look *look)
{
	tf_cputimer_disarm(&look->cputimer);
	tf_sampler_done(&look->sampler);
}

int tf_look_open(struct tf_look *look)
{
	return tf_sampler_open(&look->sampler, look->proc, getpid());
}

static uint64_t least_pss(const struct tf_reading *r)
{
	return r->pss_bytes > r->pss_error_bytes ? r->pss_bytes - r->pss_error_bytes : 0;
}

static void note_peaks(struct tf_usage *peaks, const struct tf_reading *r)
{
	peaks->looks++;
	if (r->rss_bytes > peaks->peak_rss_bytes)
		peaks->peak_rss_bytes = r->rss_bytes;
	if (r->has_pss && least_pss(r) > peaks->peak_pss_bytes)
		peaks->peak_pss_bytes = least_pss(r);
	if (r->processes > peaks->peak_processes)
		peaks->peak_processes = r->processes;
}

/* For the report alone PSS is read when RSS has grown by an eighth. */
static int wants_pss(struct tf_look *look, const struct tf_reading *r)
{
	if (!look->watch.is_measured || r->rss_bytes <= look->pss_read_at + look->pss_read_at / 8)
		return 0;
	look->pss_read_at = r->rss_bytes;
	return 1;
}

static void plan(struct tf_look *look, const struct tf_reading *r, uint64_t now_us,
                 uint64_t next_us)
{
	if (r->is_active)
		tf_cputimer_disarm(&look->cputimer);
	else if (next_us != TF_NEVER && next_us >= TIMERS_FROM_US)
		tf_cputimer_arm(&look->cputimer, &look->sampler.set);
	look->at_us = later(now_us, next_us);
}

/* A look that failed. */
static int take_blind(struct tf_look *look, int rc, uint64_t now_us, struct tf_verdict *ret)
{
	if (rc == -E2BIG) {
		*ret = (struct tf_verdict){.act = TF_ACT_KILL, .reason = TF_REASON_PIDS};
		return 0;
	}
	if (++look->blind > BLIND_LOOKS)
		return rc;
	look->at_us = later(now_us, BLIND_PAUSE_US);
	*ret = (struct tf_verdict){.act = TF_ACT_NONE};
	return 0;
}

int tf_look_take(struct tf_look *look, uint64_t reaped_us, uint64_t now_us, struct tf_verdict *ret)
{
	struct tf_reading r;
	struct tf_verdict verdict;
	int rc = tf_look_open(look);

	if (rc >= 0)
		rc = tf_sampler_look(&look->sampler, reaped_us, now_us, &r);
	if (rc < 0)
		return take_blind(look, rc, now_us, ret);
	look->blind = 0;
	r.is_covered = look->cputimer.is_covering;
	if (wants_pss(look, &r))
		tf_sampler_pss(&look->sampler, &r);
	verdict = tf_limits_judge(&look->watch, &r);
	if (verdict.act == TF_ACT_READ_PSS) {
		tf_sampler_pss(&look->sampler, &r);
		verdict = tf_limits_judge(&look->watch, &r);
	}
	note_peaks(&look->peaks, &r);
	/* While it is ending the other limits hold on. */
	plan(look, &r, now_us, verdict.act == TF_ACT_TERMINATE ? ENDING_PAUSE_US : verdict.next_us);
	*ret = verdict;
	return 0;
}

void tf_look_usage(const struct tf_look *look, const struct tf_reaper *reaper, struct tf_usage *ret)
{
	const struct tf_sampler *s = &look->sampler;
	uint64_t reaped = reaper->user_us + reaper->system_us, cpu = reaped + s->lost_us;
	struct tf_usage usage = look->peaks;

	/* Never less than was seen: the end itself hides what is killed before a parent that ignores its children. */
	if (s->is_cpu_sampled && s->cpu_us > cpu)
		cpu = s->cpu_us;
	usage.is_cpu_sampled = s->is_cpu_sampled;
	usage.cpu_user_us = reaper->user_us + (cpu - reaped);
	usage.cpu_system_us = reaper->system_us;
	usage.peak_process_rss_bytes = reaper->peak_rss_bytes;
	if (usage.peak_rss_bytes < reaper->peak_rss_bytes)
		usage.peak_rss_bytes = reaper->peak_rss_bytes;
	if (!usage.peak_processes)
		usage.peak_processes = 1;
	*ret = usage;
}
