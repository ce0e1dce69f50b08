/*
 * THE table of settings: command line, profiles, --help, completion and the manual are made from it. Parsers of the
 * values are in key_*.c. Nothing here looks at the host but for HOME, the current directory and --env-file.
 */
#include "settings.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "../../preload/core/path.h"
#include "keys.h"

#define OPTION TF_KEY_OPTION
#define PROFILE TF_KEY_PROFILE
#define CONF TF_KEY_CONF
#define AT(field) ((int)offsetof(struct tf_settings, field))

/* clang-format off */
/* The index is part of the compiled profile's format: append, never reorder. A gap is TF_PROFILE_VERSION + 1. */
const struct tf_key tf_keys[] = {
	{"ro", 0, OPTION | PROFILE, 1, "view", "PATH[:GUEST]",
	 "share a file or directory read-only, programs in it may run", tf_key_ro, TF_WANT_RO},
	{"rw", 0, OPTION | PROFILE, 1, "view", "PATH[:GUEST]",
	 "share a file or directory read-write", tf_key_ro, TF_WANT_RW},
	{"volume", 'v', OPTION | PROFILE, 1, "view", "PATH:GUEST[:ro,noexec]",
	 "share PATH as GUEST; read-write unless :ro is added", tf_key_volume, 0},
	{"copy", 0, OPTION | PROFILE, 1, "view", "DIR[:GUEST]",
	 "give a private copy of a directory", tf_key_ro, TF_WANT_COPY},
	{"hide", 0, OPTION | PROFILE, 1, "view", "GUEST",
	 "hide a path that would otherwise be seen", tf_key_hide, 0},
	{"tmpfs", 0, OPTION | PROFILE, 1, "view", "GUEST[:noexec]",
	 "make an empty private directory, gone after the run", tf_key_tmpfs, 0},
	{"workdir", 'w', OPTION | PROFILE, 0, "run", "GUEST",
	 "start the program in this directory", tf_key_workdir, 0},
	{"env", 'e', OPTION, 1, "environment", "NAME[=VALUE]",
	 "set a variable, or pass the one of the caller", tf_key_env, TF_KEY_ENV_ANY},
	{"env-file", 0, OPTION, 1, "environment", "FILE",
	 "read NAME=VALUE lines (NAME alone: pass it)", tf_key_env_file, 0},
	{"clearenv", 0, OPTION, 0, "environment", NULL,
	 "pass no variable but those of --env and --env-file", tf_key_env_clear, 0},
	{"pass", 0, PROFILE, 1, "environment", "NAME",
	 "a variable of the caller that passes; NAME* for all that begin so", tf_key_env, TF_KEY_ENV_PASS},
	{"set", 0, PROFILE, 1, "environment", "NAME=VALUE",
	 "a variable and its value", tf_key_env, TF_KEY_ENV_SET},
	{"clear", 0, PROFILE, 0, "environment", NULL,
	 "forget the pass and set lines before this one", tf_key_env_clear, 0},
	{"name", 0, OPTION, 0, "run", "NAME",
	 "name the sandbox and keep its files afterwards", tf_key_name, 0},
	{"rm", 0, OPTION, 0, "run", NULL,
	 "remove its files afterwards (as without --name)", tf_key_flag, AT(is_rm)},
	{"memory", 'm', OPTION | PROFILE, 0, "limits", "SIZE",
	 "memory of all processes together, as 64m or 1.5GiB; 0 = no limit", tf_key_memory, 0},
	{"timeout", 0, OPTION | PROFILE, 0, "limits", "TIME",
	 "end the run after this time, as 1.5s or 2m; 0 = no limit", tf_key_time, AT(wall_ms)},
	{"cpu-time", 0, OPTION | PROFILE, 0, "limits", "TIME",
	 "processor time of all processes together; 0 = no limit", tf_key_time, AT(cpu_ms)},
	{"pids-limit", 0, OPTION | PROFILE, 0, "limits", "N",
	 "processes and threads at the same time; 0 = no limit", tf_key_number, TF_KEY_NUMBER_PIDS},
	{"ulimit", 0, OPTION | PROFILE, 1, "limits", "NAME=SOFT[:HARD]",
	 "a limit of each process, as nofile=256 or core=0", tf_key_ulimit, 0},
	{"network", 0, OPTION | PROFILE, 0, "network", "none|host|LIST",
	 "TCP ports, as 443,bind:8080,connect:8000-8010 (a bare port: connect)", tf_key_network, 0},
	{"unix", 0, OPTION | PROFILE, 0, "network", NULL,
	 "allow AF_UNIX sockets by name", tf_key_flag, AT(may_unix)},
	{"profile", 0, OPTION | CONF, 0, "run", "NAME|PATH",
	 "the profile to start from (default, strict, build, node, python, or a file)", tf_key_profile, 0},
	{"mode", 0, OPTION | PROFILE | CONF, 0, "run", "MODE",
	 "auto, fallback, rootless or sysadmin", tf_key_word, TF_KEY_WORD_MODE},
	{"tier", 0, OPTION | PROFILE | CONF, 0, "run", "TIER",
	 "auto, kernel, broker or cooperative: the least that is accepted in fallback mode", tf_key_word,
	 TF_KEY_WORD_TIER},
	{"require", 0, OPTION | PROFILE | CONF, 1, "run", "LIST",
	 "refuse to run without these (names as in turf info)", tf_key_require, 0},
	{"preserve-fds", 0, OPTION, 0, "run", "N",
	 "pass the descriptors 3 to 3+N-1", tf_key_number, TF_KEY_NUMBER_PRESERVE_FDS},
	{"report", 0, OPTION, 0, "output", "FILE",
	 "write how the run ended and what it used, as JSON", tf_key_file, AT(report)},
	{"status-fd", 0, OPTION, 0, "output", "N",
	 "write the report to this descriptor", tf_key_number, TF_KEY_NUMBER_STATUS_FD},
	{"explain", 0, OPTION, 0, "output", NULL,
	 "print the view and the rules instead of running", tf_key_flag, AT(is_explain)},
	{"quiet", 'q', OPTION | CONF, 0, "output", NULL,
	 "say nothing but errors", tf_key_flag, AT(is_quiet)},
	{"log", 0, OPTION | CONF, 0, "output", "FILE",
	 "append what turf itself says to a file", tf_key_file, AT(log)},
	{"log-format", 0, OPTION | CONF, 0, "output", "text|json",
	 "form of these messages", tf_key_word, TF_KEY_WORD_LOG_FORMAT},
	{"base", 0, PROFILE, 0, "profile", "NAME",
	 "start from another profile; the lines of this one win", tf_key_base, 0},
};
/* clang-format on */
const unsigned int tf_nkeys = sizeof(tf_keys) / sizeof(tf_keys[0]);
_Static_assert(sizeof(tf_keys) / sizeof(tf_keys[0]) <= 64, "tf_settings.given has a bit for each");

void tf_settings_init(struct tf_settings *set)
{
	set->nrequests = set->nenv = set->nports = set->nulimits = 0;
	/* between the arrays and behind them; the arena stays untouched */
	set->is_env_clear = set->may_unix = set->is_rm = set->is_quiet = set->is_explain =
	        set->is_log_json = 0;
	set->network = TF_NETWORK_NONE;
	set->memory_bytes = set->wall_ms = set->cpu_ms = set->given = 0;
	set->pids = set->require = set->preserve_fds = set->arena_used = 0;
	set->mode = TF_MODE_AUTO;
	set->tier = TF_TIER_AUTO;
	set->workdir = set->name = set->report = set->log = set->profile = set->home = set->cwd =
	        NULL;
	set->status_fd = -1;
	set->argv = NULL;
	set->origin = TF_FROM_OPTION;
}

const struct tf_key *tf_key_find(const char *name)
{
	for (unsigned int i = 0; i < tf_nkeys; i++)
		if (strcmp(tf_keys[i].name, name) == 0)
			return &tf_keys[i];
	return NULL;
}

static int put_key_in_front(const struct tf_key *key, enum tf_origin origin, int rc,
                            struct tf_err *err)
{
	if (rc >= 0)
		return rc;
	if (origin == TF_FROM_OPTION)
		return tf_err_context(err, rc, "--%s", key->name);
	return tf_err_context(err, rc, "[%s] %s", origin == TF_FROM_CONF ? "turf" : key->section,
	                      key->name);
}

int tf_settings_apply(struct tf_settings *set, const struct tf_key *key, const char *text,
                      enum tf_origin origin, struct tf_err *err)
{
	static const unsigned int where[] = {OPTION, PROFILE, CONF};
	uint64_t bit = 1ull << (key - tf_keys);
	int rc = 0;

	if (!(key->where & where[origin]))
		rc = tf_err_set(err, TF_E_USAGE, 0, "not allowed here");
	else if (origin == TF_FROM_OPTION && !key->is_multiple && (set->given & bit))
		rc = tf_err_set(err, TF_E_USAGE, 0, "given twice");
	set->origin = origin;
	if (rc == 0)
		rc = key->apply(set, key, text, err);
	if (rc == 0 && origin == TF_FROM_OPTION)
		set->given |= bit;
	return put_key_in_front(key, origin, rc, err);
}

/* The request that decides what is seen at a guest path; NULL when none does. */
static const struct tf_request *deciding_request(const struct tf_settings *set, const char *guest)
{
	const struct tf_request *best = NULL;
	size_t len = strlen(guest), best_len = 0;

	for (unsigned int i = 0; i < set->nrequests; i++) {
		size_t n = strlen(set->requests[i].guest);

		if (n >= best_len && tf_path_below(guest, len, set->requests[i].guest, n)) {
			best = &set->requests[i];
			best_len = n;
		}
	}
	return best;
}

int tf_settings_check(const struct tf_settings *set, struct tf_err *err)
{
	const struct tf_request *request =
	        set->workdir ? deciding_request(set, set->workdir) : NULL;

	if (request && request->want == TF_WANT_HIDE)
		return tf_err_set(err, TF_E_PATH, 0, "--workdir: %s is hidden by --hide %s",
		                  set->workdir, request->guest);
	if (set->tier != TF_TIER_AUTO &&
	    (set->mode == TF_MODE_ROOTLESS || set->mode == TF_MODE_SYSADMIN))
		return tf_err_set(err, TF_E_USAGE, 0,
		                  "--tier: tiers belong to --mode fallback, but the mode is %s",
		                  set->mode == TF_MODE_ROOTLESS ? "rootless" : "sysadmin");
	return 0;
}
