/*
 * wait4() for everything. An orphan's exit must not be mistaken for the program's, and a swarm of dying orphans
 * must not keep the supervisor from its other work: hence the bound.
 */
#include <errno.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "reaper.h"

static uint64_t us(const struct timeval *tv)
{
	return (uint64_t)tv->tv_sec * 1000000 + (uint64_t)tv->tv_usec;
}

static void add(struct tf_reaper *reaper, const struct rusage *ru)
{
	uint64_t rss = (uint64_t)ru->ru_maxrss * 1024;

	reaper->user_us += us(&ru->ru_utime);
	reaper->system_us += us(&ru->ru_stime);
	if (rss > reaper->peak_rss_bytes)
		reaper->peak_rss_bytes = rss;
	reaper->reaped++;
}

enum tf_reaper_rest tf_reaper_collect(struct tf_reaper *reaper, uint32_t max)
{
	struct rusage ru;
	int status;

	while (max--) {
		/* __WALL: a child made with an exit signal other than SIGCHLD is waited for too. */
		pid_t pid = wait4(-1, &status, WNOHANG | WUNTRACED | WCONTINUED | __WALL, &ru);

		if (pid < 0 && errno == EINTR)
			continue;
		if (pid < 0)
			return TF_REAPER_NONE;
		if (pid == 0)
			return TF_REAPER_RUNNING;
		if (WIFSTOPPED(status) || WIFCONTINUED(status)) {
			if (pid == reaper->child)
				reaper->is_stopped = WIFSTOPPED(status);
			continue;
		}
		add(reaper, &ru);
		if (pid == reaper->child) {
			reaper->has_ended = 1;
			reaper->is_stopped = 0;
			reaper->status = status;
		}
	}
	return TF_REAPER_MORE;
}
