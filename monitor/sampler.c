/*
 * Readings from the set. It must not count one page, or one microsecond, twice: an address space that a vfork child
 * borrows is counted once, and a process's time moves to its parent in the moment it is waited for.
 */
#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "sampler.h"

#define KCMP_VM_TYPE 1 /* KCMP_VM of linux/kcmp.h */

/* Time arrives at a parent in clock ticks of 10 ms, user and system apart. */
#define TICK_SLACK_US 20000u
#define ACTIVE_US 200u  /* less CPU since the look before is no activity */
#define IGNORE_EVERY 4u /* looks between two checks of who ignores SIGCHLD */
#define IGNORE_MAX 64u

void tf_sampler_init(struct tf_sampler *sampler)
{
	*sampler = (struct tf_sampler){.set.root = -1};
}

int tf_sampler_open(struct tf_sampler *sampler, const char *proc, pid_t top)
{
	int rc;

	if (sampler->is_open)
		return 0;
	rc = tf_set_init(&sampler->set, proc, top);
	if (rc < 0)
		return rc;
	sampler->is_open = 1;
	sampler->is_live = top == getpid();
	return 0;
}

void tf_sampler_done(struct tf_sampler *sampler)
{
	if (sampler->is_open)
		tf_set_done(&sampler->set);
	tf_sampler_init(sampler);
}

/* A process's CPU clock: nanoseconds, where stat has ticks of 10 ms. The number is part of the kernel's interface. */
static void refine(struct tf_member *m)
{
	struct timespec ts;
	clockid_t clock = (clockid_t)(~(unsigned int)m->pid << 3 | 2u);

	if (clock_gettime(clock, &ts) < 0)
		return;
	m->own_us = (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

/*
 * What left the set since the look before, against what arrived with those who wait for the dead. Arrivals are cut
 * to clock ticks and may show one look later, so the balance is carried on; what is not settled then is lost.
 */
static void find_losses(struct tf_sampler *s, uint64_t reaped_us)
{
	uint64_t left = s->owed_us, arrived = reaped_us - s->reaped_us, slack = TICK_SLACK_US;

	for (uint32_t i = 0; i < s->set.count_before; i++) {
		const struct tf_member *old = &s->set.before[i];
		const struct tf_member *m = tf_set_find(&s->set, old->pid);

		if (!m || m->start != old->start) {
			left += old->own_us + old->gone_us;
			continue;
		}
		arrived += m->gone_us - (m->gone_us < old->gone_us ? m->gone_us : old->gone_us);
		slack += m->gone_us ? TICK_SLACK_US : 0;
	}
	s->owed_us = left > arrived ? left - arrived : 0;
	if (s->owed_us <= slack)
		return;
	s->lost_us += s->owed_us;
	s->owed_us = 0;
	s->is_cpu_sampled = 1;
}

/* Whose children leave no trace when they end: their time will be known by sampling only. */
static void find_ignorers(struct tf_sampler *s)
{
	for (uint32_t i = 0; i < s->set.count && i < IGNORE_MAX && !s->is_cpu_sampled; i++) {
		int is_ours = 0, dir = tf_set_dir(&s->set, &s->set.member[i], &is_ours);

		if (dir < 0)
			continue;
		if (tf_proc_ignores(dir, SIGCHLD) == 1)
			s->is_cpu_sampled = 1;
		if (is_ours)
			close(dir);
	}
}

static uint64_t now_cost(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

/* Adds up the living. Returns whether a process came or went. */
static int add_up(struct tf_sampler *s, struct tf_reading *r)
{
	int has_changed = s->set.count != s->set.count_before;

	for (uint32_t i = 0; i < s->set.count; i++) {
		struct tf_member *m = &s->set.member[i];

		if (s->is_live && !m->is_hidden)
			refine(m);
		r->cpu_us += m->own_us + m->gone_us;
		r->rss_bytes += m->rss;
		r->processes += !tf_set_is_dead(m);
		has_changed |= m->is_new;
	}
	return has_changed;
}

int tf_sampler_look(struct tf_sampler *s, uint64_t reaped_us, uint64_t now_us,
                    struct tf_reading *ret)
{
	uint64_t began = now_cost();
	struct tf_reading r = {.since_us = s->looks ? now_us - s->at_us : 0};
	int rc = tf_set_look(&s->set);
	int has_changed = add_up(s, &r);

	if (s->looks && !rc)
		find_losses(s, reaped_us);
	if (s->looks++ % IGNORE_EVERY == 1)
		find_ignorers(s);
	r.cpu_us += reaped_us + s->lost_us;
	r.is_cpu_sampled = s->is_cpu_sampled;
	r.is_active = has_changed || s->looks <= 1 || r.cpu_us > s->cpu_us + ACTIVE_US;
	s->reaped_us = reaped_us;
	s->cpu_us = r.cpu_us;
	s->at_us = now_us;
	r.cost_us = now_cost() - began;
	*ret = r;
	return rc;
}

/* A vfork child, or clone(CLONE_VM), runs in its parent's memory until it execs: PSS would show it twice. */
static int borrows_memory(struct tf_sampler *s, const struct tf_member *m)
{
	if (!s->is_live || !tf_set_find(&s->set, m->ppid))
		return 0;
	return syscall(SYS_kcmp, m->pid, m->ppid, KCMP_VM_TYPE, 0, 0) == 0;
}

static uint64_t member_pss(struct tf_sampler *s, const struct tf_member *m)
{
	int is_ours = 0, thread, dir = tf_set_dir(&s->set, m, &is_ours);
	uint64_t pss = m->rss;

	if (dir < 0)
		return dir == -ESRCH ? 0 : pss;
	thread = m->state == 'Z' ? tf_proc_open_thread(dir, m->pid) : -1;
	/* Not dumpable, or no such file in this kernel: RSS stands in, which is never too little. */
	tf_proc_pss(thread >= 0 ? thread : dir, &pss);
	if (thread >= 0)
		close(thread);
	if (is_ours)
		close(dir);
	return pss;
}

static uint64_t member_rss(struct tf_sampler *s, const struct tf_member *m)
{
	int is_ours = 0, dir = tf_set_dir(&s->set, m, &is_ours);
	uint64_t rss = 0;

	if (dir < 0)
		return dir == -ESRCH ? 0 : m->rss;
	if (m->state == 'Z')
		rss = m->rss; /* its first thread shows nothing; near enough */
	else
		tf_proc_rss(dir, &rss);
	if (is_ours)
		close(dir);
	return rss;
}

void tf_sampler_pss(struct tf_sampler *s, struct tf_reading *reading)
{
	uint64_t began = now_cost(), rss = 0;

	reading->pss_bytes = 0;
	for (uint32_t i = 0; i < s->set.count; i++) {
		const struct tf_member *m = &s->set.member[i];

		if (m->rss && !borrows_memory(s, m))
			reading->pss_bytes += member_pss(s, m);
	}
	/*
	 * One after the other is not all at once: a page that gets a second owner after the first was read is counted
	 * once and a half. Each such page adds to RSS, so the error is at most what RSS has moved meanwhile.
	 */
	for (uint32_t i = 0; i < s->set.count; i++)
		rss += s->set.member[i].rss ? member_rss(s, &s->set.member[i]) : 0;
	reading->pss_error_bytes =
	        rss > reading->rss_bytes ? rss - reading->rss_bytes : reading->rss_bytes - rss;
	reading->has_pss = 1;
	reading->cost_us += now_cost() - began;
}
