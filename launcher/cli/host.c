/*
 * The frame of `turf info` and `turf doctor`: see host.h. Prints nothing of its own but errors.
 */
#include "host.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../base/log.h"
#include "../base/parse.h"
#include "../kernel/tier.h"
#include "commands.h"

void tf_host_probe(struct tf_host *ret)
{
	for (int id = 0; id < TF_PROBE_COUNT; id++)
		tf_probe_run(id, &ret->probe[id]);
	ret->tier_err.text[0] = '\0';
	ret->has_tier = !tf_tier_pick(TF_TIER_AUTO, &ret->tier, &ret->tier_err);
}

static int read_format(const char *text, enum tf_host_format *ret, struct tf_err *err)
{
	static const char *const words[] = {"table", "json"};
	int i = text ? tf_parse_word(text, words, 2) : -EINVAL;

	if (!text)
		return tf_err_set(err, TF_E_USAGE, 0, "--format needs a value: table or json");
	if (i < 0)
		return tf_err_set(err, TF_E_VALUE, 0, "--format: \"%s\" is neither table nor json",
		                  text);
	*ret = i ? TF_HOST_JSON : TF_HOST_TABLE;
	return 0;
}

static int is_help(const char *text)
{
	return !strcmp(text, "--help") || !strcmp(text, "-h");
}

int tf_host_options(int argc, char **argv, enum tf_host_format *ret, struct tf_err *err)
{
	enum tf_host_format format = TF_HOST_TABLE;
	int rc = 0, wants_help = 0;

	for (int i = 1; i < argc && !rc; i++) {
		if (is_help(argv[i]))
			wants_help = 1;
		else if (!strncmp(argv[i], "--format=", 9))
			rc = read_format(argv[i] + 9, &format, err);
		else if (!strcmp(argv[i], "--format"))
			rc = read_format(argv[++i], &format, err); /* argv ends with NULL */
		else if (argv[i][0] == '-')
			rc = tf_err_set(err, TF_E_OPTION, 0,
			                "turf %s has no option %s (it has --format and --help)",
			                argv[0], argv[i]);
		else
			rc = tf_err_set(err, TF_E_USAGE, 0, "turf %s takes no argument \"%s\"",
			                argv[0], argv[i]);
	}
	if (!rc)
		*ret = wants_help ? TF_HOST_HELP : format;
	return rc;
}

int tf_host_command(int argc, char **argv, int (*show)(const struct tf_host *host, int is_json))
{
	char help[] = "help", *help_argv[] = {help, argv[0], NULL};
	enum tf_host_format format;
	struct tf_host host;
	struct tf_err err;
	int code;

	if (tf_host_options(argc, argv, &format, &err))
		return tf_log_fail(&err);
	if (format == TF_HOST_HELP)
		return tf_cmd_help(2, help_argv);
	tf_host_probe(&host);
	code = show(&host, format == TF_HOST_JSON);
	if (fflush(stdout) || ferror(stdout)) {
		tf_err_set(&err, TF_E_SYSTEM, errno, "cannot write to stdout");
		return tf_log_fail(&err);
	}
	return code;
}
