/*
 * timer_create() on other processes' CPU clocks (any process may, Linux 2.6.12). Without success the supervisor
 * merely looks a little more often: nothing here is an error.
 */
#include <signal.h>
#include "cputimer.h"
#include "signals.h"

#define WAKE_AFTER_NS 2000000

static int arm_one(const struct tf_member *m, timer_t *ret)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = TF_SIGNAL_WAKE};
	struct itimerspec after = {.it_value.tv_nsec = WAKE_AFTER_NS};
	clockid_t clock = (clockid_t)(~(unsigned int)m->pid << 3 | 2u);
	timer_t timer;

	if (timer_create(clock, &event, &timer) < 0)
		return -1;
	if (timer_settime(timer, 0, &after, NULL) < 0) {
		timer_delete(timer);
		return -1;
	}
	*ret = timer;
	return 0;
}

void tf_cputimer_arm(struct tf_cputimer *cputimer, const struct tf_set *set)
{
	tf_cputimer_disarm(cputimer);
	cputimer->is_covering = 1;
	for (uint32_t i = 0; i < set->count; i++) {
		const struct tf_member *m = &set->member[i];

		if (tf_set_is_dead(m))
			continue;
		if (cputimer->count == TF_CPUTIMER_MAX ||
		    arm_one(m, &cputimer->timer[cputimer->count])) {
			cputimer->is_covering = 0;
			break;
		}
		cputimer->count++;
	}
}

void tf_cputimer_disarm(struct tf_cputimer *cputimer)
{
	while (cputimer->count)
		timer_delete(cputimer->timer[--cputimer->count]);
	cputimer->is_covering = 0;
}
