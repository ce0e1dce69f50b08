/*
 * Probes of the two cgroup versions: can this user make groups with the controllers that limits need?
 */
#include "probe_run.h"
#include "cgroup.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define PATH_BYTES 4096

static const struct {
	const char *name;
	int bit;
} controllers[] = {
        {"memory", TF_CGROUP_MEMORY},
        {"pids", TF_CGROUP_PIDS},
        {"cpu", TF_CGROUP_CPU},
        {"freezer", TF_CGROUP_FREEZER},
};
#define NCONTROLLERS (sizeof(controllers) / sizeof(controllers[0]))

/* " memory pids" */
static void list(int bits, char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < NCONTROLLERS && used < size; i++)
		if (bits & controllers[i].bit)
			used += (size_t)snprintf(buf + used, size - used, " %s",
			                         controllers[i].name);
}

static const char *reason(int rc)
{
	if (rc == -ENOENT)
		return "not mounted";
	if (rc == -EXDEV)
		return "mounted, but the own group is outside of it";
	return strerror(-rc);
}

int tf_probe_cgroup2(int *ret_value, char *detail, unsigned int size)
{
	char dir[PATH_BYTES], words[64];
	int rc = tf_cgroup_own_dir(NULL, dir, sizeof(dir));

	if (rc) {
		snprintf(detail, size, "%s", reason(rc));
		return 0;
	}
	rc = tf_cgroup_try(dir);
	*ret_value = tf_cgroup_controllers(dir);
	list(*ret_value, words, sizeof(words));
	if (rc)
		snprintf(detail, size, "mounted, not writable at %.80s: %s", dir, strerror(-rc));
	else if (!*ret_value)
		snprintf(detail, size, "writable at %.80s, but it has no controllers", dir);
	else
		snprintf(detail, size, "writable at %.80s:%s", dir, words);
	return !rc && *ret_value;
}

int tf_probe_cgroup1(int *ret_value, char *detail, unsigned int size)
{
	char dir[PATH_BYTES], words[64];
	int first = 0, mounted = 0, bits = 0;

	for (size_t i = 0; i < NCONTROLLERS; i++) {
		int rc = tf_cgroup_own_dir(controllers[i].name, dir, sizeof(dir));

		mounted += !rc;
		if (!rc)
			rc = tf_cgroup_try(dir);
		if (!rc)
			bits |= controllers[i].bit;
		else if (!first || first == -ENOENT)
			first = rc;
	}
	*ret_value = bits;
	list(bits, words, sizeof(words));
	if (bits)
		snprintf(detail, size, "writable:%s", words);
	else
		snprintf(detail, size, "%s%s", mounted ? "mounted, not writable: " : "",
		         reason(first));
	return (bits & (TF_CGROUP_MEMORY | TF_CGROUP_PIDS)) != 0;
}
