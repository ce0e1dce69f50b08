/*
 * `turf info`: where turf works, what a run would get here, and what each probe found. Data on stdout; changes
 * nothing (the work dir is named, not made).
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "../base/json.h"
#include "../base/log.h"
#include "../kernel/tier.h"
#include "../mode/mode.h"
#include "../mode/workdir.h"
#include "commands.h"
#include "host.h"

/* Why auto takes that mode. */
#define MODE_WHY "the strongest that is built: it needs no privilege and no namespaces"

static const char *tier_why(const struct tf_host *host)
{
	return host->has_tier ? "Landlock and seccomp are there" : host->tier_err.text;
}

static void show_table(const struct tf_host *host, const char *workdir)
{
	char shown[PATH_MAX + 16];

	/* From the environment: a name may hold what a terminal obeys. */
	tf_log_escape(workdir, strnlen(workdir, PATH_MAX), 0, shown, sizeof(shown));
	printf("version   %s\nwork dir  %s\nmode      %s (%s)\n", TURF_VERSION, shown,
	       tf_mode_auto_name(), MODE_WHY);
	printf("tier      %s (%s)\n\n", host->has_tier ? tf_tier_name(host->tier) : "none",
	       tier_why(host));
	printf("%-16s %-4s %s\n", "FEATURE", "HERE", "DETAIL");
	for (int id = 0; id < TF_PROBE_COUNT; id++) {
		tf_log_escape(host->probe[id].detail, strlen(host->probe[id].detail), 0, shown,
		              sizeof(shown));
		printf("%-16s %-4s %s\n", tf_probes[id].name,
		       host->probe[id].is_there ? "yes" : "no", shown);
	}
}

static void show_probe(struct tf_json *json, const struct tf_probe *probe,
                       const struct tf_probe_result *result)
{
	tf_json_open(json, NULL, '{');
	tf_json_text(json, "name", probe->name);
	tf_json_bool(json, "here", result->is_there);
	tf_json_int(json, "value", result->value);
	tf_json_text(json, "detail", result->detail);
	tf_json_text(json, "gives", probe->gives);
	tf_json_close(json, '}');
}

static void show_json(const struct tf_host *host, const char *workdir)
{
	struct tf_json json;

	tf_json_init(&json, stdout);
	tf_json_open(&json, NULL, '{');
	tf_json_text(&json, "version", TURF_VERSION);
	tf_json_text(&json, "workdir", workdir);
	tf_json_text(&json, "mode", tf_mode_auto_name());
	tf_json_text(&json, "mode_why", MODE_WHY);
	tf_json_text(&json, "tier", host->has_tier ? tf_tier_name(host->tier) : NULL);
	tf_json_text(&json, "tier_why", tier_why(host));
	tf_json_open(&json, "features", '[');
	for (int id = 0; id < TF_PROBE_COUNT; id++)
		show_probe(&json, &tf_probes[id], &host->probe[id]);
	tf_json_close(&json, ']');
	tf_json_close(&json, '}');
	tf_json_end(&json);
}

static int show(const struct tf_host *host, int is_json)
{
	struct tf_err err;
	const char *workdir = tf_workdir_path(&err);

	/* No place for turf's files: a run would say the same, and refuse. */
	if (!workdir)
		return tf_log_fail(&err);
	if (is_json)
		show_json(host, workdir);
	else
		show_table(host, workdir);
	return 0;
}

int tf_cmd_info(int argc, char **argv)
{
	return tf_host_command(argc, argv, show);
}
