/*
 * What `turf info` and `turf doctor` share: their one option, and all that is known about this host.
 */
#ifndef TURF_CLI_HOST_H
#define TURF_CLI_HOST_H

#include "../kernel/probe.h"
#include "../plan/settings.h"

struct tf_host {
	struct tf_probe_result probe[TF_PROBE_COUNT];
	int has_tier; /* a run without --tier would start, in: */
	enum tf_tier tier;
	struct tf_err tier_err; /* otherwise: why not */
};

/* Runs every probe (some in short-lived children) and the choice of the tier. Takes a few ms. */
void tf_host_probe(struct tf_host *ret);

/* What --format asked for; or --help. */
enum tf_host_format { TF_HOST_TABLE, TF_HOST_JSON, TF_HOST_HELP };

/* Reads the command line of such a command. 0 or -errno with err (E_OPTION, E_VALUE, E_USAGE). */
int tf_host_options(int argc, char **argv, enum tf_host_format *ret, struct tf_err *err);

/*
 * The whole of such a command: options, probes, then show(host, is_json) on stdout; --help; errors on stderr. Returns
 * show's exit code, or turf's own when the command line is wrong or stdout does not take what was written.
 */
int tf_host_command(int argc, char **argv, int (*show)(const struct tf_host *host, int is_json));

#endif
