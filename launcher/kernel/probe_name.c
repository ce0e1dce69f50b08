/*
 * The names of the probes and the reader of --require. Apart from the probes, so that turf-compile can check a
 * list without linking what touches the kernel.
 */
#include "probe.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

const char *const tf_probe_names[TF_PROBE_COUNT] = {
        [TF_PROBE_LANDLOCK] = "landlock",
        [TF_PROBE_LANDLOCK_NET] = "landlock-net",
        [TF_PROBE_LANDLOCK_SCOPES] = "landlock-scopes",
        [TF_PROBE_SECCOMP] = "seccomp",
        [TF_PROBE_NOTIFY] = "notify",
        [TF_PROBE_OPENAT2] = "openat2",
        [TF_PROBE_USERNS] = "userns",
        [TF_PROBE_CGROUP2] = "cgroup2",
        [TF_PROBE_CGROUP1] = "cgroup1",
        [TF_PROBE_OVERLAY] = "overlay",
        [TF_PROBE_PROC] = "proc",
        [TF_PROBE_PERF] = "perf",
        [TF_PROBE_CRIU] = "criu",
        [TF_PROBE_PASTA] = "pasta",
        [TF_PROBE_CNI] = "cni",
};

static int is_word(const char *name, const char *text, size_t n)
{
	return strlen(name) == n && !memcmp(name, text, n);
}

/* The bit of a word, 0 = unknown. */
static uint32_t bit_of(const char *text, size_t n)
{
	if (is_word("cgroup", text, n))
		return TF_REQUIRE_CGROUP;
	for (unsigned int i = 0; i < TF_PROBE_COUNT; i++)
		if (is_word(tf_probe_names[i], text, n))
			return 1u << i;
	return 0;
}

static int say_unknown(const char *text, size_t n, struct tf_err *err)
{
	char known[256] = "cgroup";
	size_t used = strlen(known);

	for (unsigned int i = 0; i < TF_PROBE_COUNT && used < sizeof(known); i++)
		used += (size_t)snprintf(known + used, sizeof(known) - used, ", %s",
		                         tf_probe_names[i]);
	return tf_err_set(err, TF_E_VALUE, 0, "unknown feature \"%.*s\" (known: %s)",
	                  n > 64 ? 64 : (int)n, text, known);
}

int tf_probe_parse(const char *list, uint32_t *ret_bits, struct tf_err *err)
{
	uint32_t bits = 0;

	for (;;) {
		size_t n = strcspn(list, ",");
		uint32_t bit = bit_of(list, n);

		/* An empty word is unknown too: "a,,b" and "" are mistakes, not requests for nothing. */
		if (!bit)
			return say_unknown(list, n, err);
		bits |= bit;
		if (!list[n])
			break;
		list += n + 1;
	}
	*ret_bits = bits;
	return 0;
}
