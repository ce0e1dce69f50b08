/*
 * The table of probes: what each is good for, what its absence costs and how to get it. `turf info`, `turf doctor`
 * and --require read it; the probing itself is in probe_*.c.
 */
#include "probe.h"
#include "probe_run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* One field a line: clang-format would set the table 24 columns in. */
/* clang-format off */
const struct tf_probe tf_probes[TF_PROBE_COUNT] = {
	[TF_PROBE_LANDLOCK] = {
		.name = "landlock",
		.run = tf_probe_landlock,
		.gives = "the kernel holds file access to what the view grants",
		.costs = "no tier kernel: only --tier=cooperative is left, which guards "
			"against accidents",
		.fix = "Linux 5.13 or newer, with landlock in the boot parameter lsm= (see "
			"/sys/kernel/security/lsm)",
	},
	[TF_PROBE_LANDLOCK_NET] = {
		.name = "landlock-net",
		.run = tf_probe_landlock_net,
		.gives = "--network with a list of TCP ports",
		.costs = "--network can be none or host only",
		.fix = "Linux 6.7 or newer",
	},
	[TF_PROBE_LANDLOCK_SCOPES] = {
		.name = "landlock-scopes",
		.run = tf_probe_landlock_scopes,
		.gives = "signals and abstract sockets stay inside; a sandbox is killed in "
			"one step",
		.costs = "a program inside can signal other processes of the same user; "
			"killing goes in rounds",
		.fix = "Linux 6.12 or newer",
	},
	[TF_PROBE_SECCOMP] = {
		.name = "seccomp",
		.run = tf_probe_seccomp,
		.gives = "calls that have no business inside are refused by the kernel",
		.costs = "no tier kernel: only --tier=cooperative is left, which guards "
			"against accidents",
		.fix = "Linux 4.14 or newer with CONFIG_SECCOMP_FILTER; inside a "
			"container, a profile that allows seccomp(2)",
	},
	[TF_PROBE_NOTIFY] = {
		.name = "notify",
		.is_slow = 1,
		.run = tf_probe_notify,
		.gives = "a supervisor can answer path calls of static programs (the "
			"coming tier broker)",
		.costs = "static programs are confined, but see host paths untranslated",
		.fix = "Linux 5.14 or newer; under another supervisor of this kind there "
			"can be no second one",
	},
	[TF_PROBE_OPENAT2] = {
		.name = "openat2",
		.run = tf_probe_openat2,
		.gives = "the kernel itself keeps a walk below a directory",
		.costs = "paths are walked component by component: slower, and racier "
			"against the program's own renames",
		.fix = "Linux 5.6 or newer; inside a container, a seccomp profile that "
			"allows openat2(2)",
	},
	[TF_PROBE_USERNS] = {
		.name = "userns",
		.is_slow = 1,
		.run = tf_probe_userns,
		.gives = "namespaces without privilege (the coming rootless mode)",
		.costs = "nothing today: turf run confines without namespaces",
		.fix = "sysctl -w user.max_user_namespaces=10000; on Ubuntu also "
			"kernel.apparmor_restrict_unprivileged_userns=0",
	},
	[TF_PROBE_CGROUP2] = {
		.name = "cgroup2",
		.is_slow = 1,
		.run = tf_probe_cgroup2,
		.gives = "limits that the kernel keeps, on memory, CPU and number of "
			"processes",
		.costs = "limits are kept by turf's monitor: exact to a few MiB and ms, "
			"not to the byte",
		.fix = "systemd-run --user --scope -p Delegate=yes turf ..., or as root: "
			"chown the cgroup to the user",
	},
	[TF_PROBE_CGROUP1] = {
		.name = "cgroup1",
		.is_slow = 1,
		.run = tf_probe_cgroup1,
		.gives = "the same on hosts with the older cgroups",
		.costs = "the same as without cgroup2; one of the two is enough",
		.fix = "as root: mkdir and chown a directory to the user in each "
			"controller's tree",
	},
	[TF_PROBE_OVERLAY] = {
		.name = "overlay",
		.is_slow = 1,
		.run = tf_probe_overlay,
		.gives = "copy-on-write trees in a user namespace (the coming rootless "
			"mode)",
		.costs = "nothing today: --copy copies (by reflink where the file system "
			"can)",
		.fix = "Linux 5.11 or newer with overlayfs (modprobe overlay), and userns",
	},
	[TF_PROBE_PROC] = {
		.name = "proc",
		.run = tf_probe_proc,
		.gives = "the monitor sees the sandbox's processes",
		.costs = "no limits on memory, CPU time and processes, and no sure kill of "
			"what left its session",
		.fix = "mount -t proc proc /proc",
	},
	[TF_PROBE_PERF] = {
		.name = "perf",
		.run = tf_probe_perf,
		.gives = "exact CPU time also of children that nobody waited for",
		.costs = "CPU time of such children is sampled, and reported as sampled",
		.fix = "sysctl -w kernel.perf_event_paranoid=2",
	},
	[TF_PROBE_CRIU] = {
		.name = "criu",
		.run = tf_probe_criu,
		.gives = "checkpoints of running sandboxes (not built yet)",
		.costs = "nothing today",
		.fix = "apt-get install criu",
	},
	[TF_PROBE_PASTA] = {
		.name = "pasta",
		.run = tf_probe_pasta,
		.gives =
			"a network of its own without privilege (the coming rootless mode)",
		.costs = "nothing today: --network is none, host or a list of TCP ports",
		.fix = "apt-get install passt (or slirp4netns)",
	},
	[TF_PROBE_CNI] = {
		.name = "cni",
		.run = tf_probe_cni,
		.gives = "bridges, NAT and published ports (the coming sysadmin mode)",
		.costs = "nothing today",
		.fix = "apt-get install containernetworking-plugins",
	},
};
/* clang-format on */

void tf_probe_run(enum tf_probe_id id, struct tf_probe_result *ret)
{
	ret->value = 0;
	ret->detail[0] = '\0';
	ret->is_there = tf_probes[id].run(&ret->value, ret->detail, sizeof(ret->detail));
}

static int is_there(enum tf_probe_id id)
{
	struct tf_probe_result result;

	tf_probe_run(id, &result);
	return result.is_there;
}

static void add_missing(char *text, size_t size, const char *name, const char *fix)
{
	size_t used = strlen(text);

	snprintf(text + used, size - used, "%s%s (%s)", used ? "; " : "", name, fix);
}

int tf_probe_require(uint32_t bits, struct tf_err *err)
{
	char missing[TF_ERR_TEXT - 128] = "";

	for (int id = 0; id < TF_PROBE_COUNT; id++)
		if ((bits & 1u << id) && !is_there(id))
			add_missing(missing, sizeof(missing), tf_probes[id].name,
			            tf_probes[id].fix);
	if ((bits & TF_REQUIRE_CGROUP) && !is_there(TF_PROBE_CGROUP2) &&
	    !is_there(TF_PROBE_CGROUP1))
		add_missing(missing, sizeof(missing), "cgroup", tf_probes[TF_PROBE_CGROUP2].fix);
	if (!missing[0])
		return 0;
	tf_err_set(err, TF_E_KERNEL, 0, "required, but not on this host: %s", missing);
	return -EOPNOTSUPP;
}
