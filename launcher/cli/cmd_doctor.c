/*
 * `turf doctor`: for each thing that is missing here, what that costs and what provides it. Exit code 1 when turf
 * cannot confine anything on this host (no tier kernel), else 0. Changes nothing.
 */
#include <stdio.h>
#include <string.h>

#include "../base/json.h"
#include "../base/log.h"
#include "../kernel/tier.h"
#include "commands.h"
#include "host.h"

static void show_missing(const struct tf_probe *probe, const struct tf_probe_result *result)
{
	char detail[512];

	tf_log_escape(result->detail, strlen(result->detail), 0, detail, sizeof(detail));
	printf("\n%s: missing%s%s\n  costs  %s\n  fix    %s\n", probe->name, *detail ? ": " : "",
	       detail, probe->costs, probe->fix);
}

static void show_table(const struct tf_host *host)
{
	int missing = 0;

	if (host->has_tier)
		printf("turf can run here, in tier %s.\n", tf_tier_name(host->tier));
	else
		printf("turf cannot confine programs here: %s.\n", host->tier_err.text);
	for (int id = 0; id < TF_PROBE_COUNT; id++) {
		if (host->probe[id].is_there)
			continue;
		show_missing(&tf_probes[id], &host->probe[id]);
		missing++;
	}
	if (!missing)
		printf("Nothing is missing.\n");
}

static void show_json(const struct tf_host *host)
{
	struct tf_json json;

	tf_json_init(&json, stdout);
	tf_json_open(&json, NULL, '{');
	tf_json_bool(&json, "can_run", host->has_tier);
	tf_json_text(&json, "tier", host->has_tier ? tf_tier_name(host->tier) : NULL);
	tf_json_text(&json, "why_not", host->has_tier ? NULL : host->tier_err.text);
	tf_json_open(&json, "missing", '[');
	for (int id = 0; id < TF_PROBE_COUNT; id++) {
		if (host->probe[id].is_there)
			continue;
		tf_json_open(&json, NULL, '{');
		tf_json_text(&json, "name", tf_probes[id].name);
		tf_json_text(&json, "detail", host->probe[id].detail);
		tf_json_text(&json, "costs", tf_probes[id].costs);
		tf_json_text(&json, "fix", tf_probes[id].fix);
		tf_json_close(&json, '}');
	}
	tf_json_close(&json, ']');
	tf_json_close(&json, '}');
	tf_json_end(&json);
}

static int show(const struct tf_host *host, int is_json)
{
	if (is_json)
		show_json(host);
	else
		show_table(host);
	return host->has_tier ? 0 : 1;
}

int tf_cmd_doctor(int argc, char **argv)
{
	return tf_host_command(argc, argv, show);
}
