/*
 * Resource limits by prlimit64(2) itself: a libc's setrlimit may do more than one call (musl's stops all threads
 * first), which has no place between clone and exec.
 */
#include "rlimit.h"

#include <errno.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

struct limit64 {
	uint64_t soft, hard;
};

static int set_limit(int resource, uint64_t soft, uint64_t hard)
{
	struct limit64 limit = {soft, hard};

	return syscall(SYS_prlimit64, 0, resource, &limit, NULL) ? -errno : 0;
}

int tf_rlimit_apply(const struct tf_ulimit *limit, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		int rc = set_limit(limit[i].resource, limit[i].soft, limit[i].hard);

		if (rc)
			return rc;
	}
	return 0;
}

int tf_rlimit_tag(uint64_t value)
{
	return set_limit(RLIMIT_RTTIME, value, value);
}

int tf_rlimit_read_tag(uint64_t *ret)
{
	struct limit64 limit;

	if (syscall(SYS_prlimit64, 0, RLIMIT_RTTIME, NULL, &limit))
		return -errno;
	*ret = limit.hard;
	return 0;
}
