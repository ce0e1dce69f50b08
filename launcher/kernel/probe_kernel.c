/*
 * Probes that ask the kernel from this process: each makes a call that leaves no trace.
 */
#include "probe_run.h"
#include "landlock.h"
#include "seccomp.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#define PROC_MAGIC 0x9fa0

int tf_probe_landlock(int *ret_value, char *detail, unsigned int size)
{
	struct tf_landlock ll;
	int rc = tf_landlock_open(&ll, 0, NULL);

	if (rc) {
		snprintf(detail, size, "%s", strerror(-rc));
		return 0;
	}
	tf_landlock_close(&ll);
	*ret_value = ll.abi;
	snprintf(detail, size, "ABI %d", ll.abi);
	return 1;
}

/* Opens a ruleset that handles what, and hands back what the kernel took. */
static int handled(unsigned int what, struct tf_landlock *ret)
{
	if (tf_landlock_open(ret, what, NULL))
		return -1;
	tf_landlock_close(ret);
	return 0;
}

int tf_probe_landlock_net(int *ret_value, char *detail, unsigned int size)
{
	struct tf_landlock ll;

	if (handled(TF_LL_NET, &ll))
		return 0;
	snprintf(detail, size, ll.net ? "TCP bind and connect" : "ABI %d is below 4", ll.abi);
	return ll.net != 0;
}

int tf_probe_landlock_scopes(int *ret_value, char *detail, unsigned int size)
{
	struct tf_landlock ll;

	if (handled(TF_LL_SCOPES, &ll))
		return 0;
	snprintf(detail, size, ll.scoped ? "signals, abstract sockets" : "ABI %d is below 6",
	         ll.abi);
	return ll.scoped != 0;
}

int tf_probe_seccomp(int *ret_value, char *detail, unsigned int size)
{
	if (tf_seccomp_is_there()) {
		snprintf(detail, size, "filters");
		return 1;
	}
	snprintf(detail, size, "%s", strerror(errno));
	return 0;
}

int tf_probe_openat2(int *ret_value, char *detail, unsigned int size)
{
	struct {
		uint64_t flags, mode, resolve;
	} how = {O_PATH | O_CLOEXEC, 0, 0x10 /* RESOLVE_IN_ROOT */};
	long fd = syscall(437, AT_FDCWD, "/", &how, sizeof(how));

	if (fd < 0) {
		snprintf(detail, size, "%s", strerror(errno));
		return 0;
	}
	close((int)fd);
	snprintf(detail, size, "works");
	return 1;
}

/* What this user gets to see of process 1, which is another user's as a rule: that is what hidepid changes. */
static int hidden_level(void)
{
	struct stat st;
	int fd;

	if (stat("/proc/1", &st))
		return 2;
	fd = open("/proc/1/status", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 1;
	close(fd);
	return 0;
}

int tf_probe_proc(int *ret_value, char *detail, unsigned int size)
{
	static const char *const words[] = {
	        "every process is visible",
	        "hidepid=1: other users' processes are listed only",
	        "hidepid=2: own processes only",
	};
	struct statfs fs;

	if (statfs("/proc", &fs) || fs.f_type != PROC_MAGIC || access("/proc/self/stat", R_OK)) {
		snprintf(detail, size, "not mounted");
		return 0;
	}
	*ret_value = hidden_level();
	snprintf(detail, size, "%s", words[*ret_value]);
	return 1;
}

static void read_paranoid(char *buf, size_t size)
{
	int fd = open("/proc/sys/kernel/perf_event_paranoid", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, buf, size - 1);

	if (fd >= 0)
		close(fd);
	buf[n > 0 ? n : 0] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
}

/* The counter that the monitor would open: CPU time of a process and of all it will start. */
int tf_probe_perf(int *ret_value, char *detail, unsigned int size)
{
	struct perf_event_attr attr = {0};
	char paranoid[16];
	int fd, error;

	attr.type = PERF_TYPE_SOFTWARE;
	attr.size = sizeof(attr);
	attr.config = PERF_COUNT_SW_TASK_CLOCK;
	attr.inherit = 1;
	attr.exclude_kernel = 1;
	attr.exclude_hv = 1;
	fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	error = errno;
	if (fd >= 0) {
		close(fd);
		snprintf(detail, size, "task clock, inherited");
		return 1;
	}
	read_paranoid(paranoid, sizeof(paranoid));
	snprintf(detail, size, "%s (perf_event_paranoid=%s)", strerror(error),
	         paranoid[0] ? paranoid : "?");
	return 0;
}
