/*
 * What a run shall be: everything that the command line and profiles can say, parsed and checked, but not
 * yet looked up on this host. One table (settings.c) knows every key: command line options, profile keys,
 * --help, completion and the manual are made from it.
 */
#ifndef TURF_PLAN_SETTINGS_H
#define TURF_PLAN_SETTINGS_H

#include <stdint.h>
#include "../base/err.h"

#define TF_MAX_REQUESTS 256 /* mappings asked for */
#define TF_MAX_ENV 1024
#define TF_MAX_PORTS 256
#define TF_MAX_ULIMITS 16
/* Composed texts (absolute paths, env files) of one settings; only touched pages cost memory. */
#define TF_SETTINGS_ARENA (256u << 10)
/* HOME inside, when the caller has none that could be one ("/", not absolute, not set). */
#define TF_GUEST_HOME "/work"
/* Below this, --memory was meant in another unit. */
#define TF_MIN_MEMORY (1u << 20)

enum tf_want { TF_WANT_RO, TF_WANT_RW, TF_WANT_COPY, TF_WANT_HIDE, TF_WANT_TMPFS };

/* One mapping that somebody asked for; later ones win over earlier ones at the same guest path. */
struct tf_request {
	enum tf_want want;
	const char *host;  /* absolute, lexically clean; NULL for hide and tmpfs */
	const char *guest; /* absolute, lexically clean */
	int is_optional;   /* a profile's "?/path": skipped when the host has none */
	int is_noexec;
	int from_profile; /* for messages and --explain; a later request replaces it */
};

enum tf_env_kind { TF_ENV_PASS, TF_ENV_SET };
struct tf_env_rule {
	enum tf_env_kind kind;
	const char *text; /* PASS: "NAME" or "LC_*"; SET: "NAME=VALUE" */
	int from_profile;
};

/* Where the setting that is being applied comes from. */
enum tf_origin { TF_FROM_OPTION, TF_FROM_PROFILE, TF_FROM_CONF };

enum tf_network { TF_NETWORK_NONE, TF_NETWORK_HOST, TF_NETWORK_LIST };
struct tf_port {
	uint16_t port;
	uint8_t may_bind, may_connect;
};

enum tf_mode { TF_MODE_AUTO, TF_MODE_FALLBACK, TF_MODE_ROOTLESS, TF_MODE_SYSADMIN };
enum tf_tier { TF_TIER_AUTO, TF_TIER_KERNEL, TF_TIER_BROKER, TF_TIER_COOPERATIVE };

/* --require: bits; each name is also a line of `turf info`. See kernel/probe.h for the names. */
struct tf_ulimit {
	int resource; /* RLIMIT_* */
	uint64_t soft, hard;
};

struct tf_settings {
	struct tf_request requests[TF_MAX_REQUESTS];
	unsigned int nrequests;
	struct tf_env_rule env[TF_MAX_ENV];
	unsigned int nenv;
	int is_env_clear; /* rules of the profile were dropped: only -e counts */

	enum tf_network network;
	struct tf_port ports[TF_MAX_PORTS];
	unsigned int nports;
	int may_unix; /* AF_UNIX sockets by name */

	uint64_t memory_bytes; /* 0 = none */
	uint64_t wall_ms;      /* 0 = none */
	uint64_t cpu_ms;       /* 0 = none */
	uint32_t pids;         /* 0 = none */
	struct tf_ulimit ulimits[TF_MAX_ULIMITS];
	unsigned int nulimits;

	enum tf_mode mode;
	enum tf_tier tier;
	uint32_t require; /* bits of tf_probe_parse() (kernel/probe.h) */

	const char *workdir; /* guest path, NULL = decided by the plan */
	const char *name;    /* NULL = one is made up, --rm implied */
	int is_rm;
	int is_quiet;
	int is_explain;
	unsigned int preserve_fds; /* descriptors 3 .. 3+N-1 are kept */
	const char *report;        /* file, NULL = none */
	int status_fd;             /* -1 = none */
	const char *log;           /* file, NULL = stderr */
	int is_log_json;
	char *const *argv; /* the program and its arguments */

	const char *
	        profile; /* --profile or turf.conf: a name, or a path with a slash; NULL = "default" */
	const char *home; /* what "~" is; NULL = $HOME (looked up when first needed) */
	const char
	        *cwd; /* what relative host paths start from; NULL = getcwd() when first needed */
	enum tf_origin
	        origin; /* of what is being applied: set it before, or use tf_settings_apply() */
	uint64_t given; /* single-valued keys that the command line gave already, by key index */
	uint32_t arena_used;
	char arena[TF_SETTINGS_ARENA]; /* last: what is not needed is never touched */
};

/* Where a key may stand (bits). */
#define TF_KEY_OPTION 1u  /* on the command line */
#define TF_KEY_PROFILE 2u /* in its section of a profile */
#define TF_KEY_CONF 4u    /* in [turf] of turf.conf */

/* The table's keys; numbers are part of the compiled profile's format: only append. */
struct tf_key {
	const char *name;    /* long option without "--", and the profile's key; unique */
	char letter;         /* short option or 0 */
	uint8_t where;       /* TF_KEY_* */
	uint8_t is_multiple; /* may be given more than once */
	const char *section; /* profile section, and the heading in --help */
	const char *value;   /* "PATH[:GUEST]" for help; NULL = a flag (yes or no in profiles) */
	const char *help;    /* one line */
	/*
	 * Parses and stores; text outlives the settings and is never NULL ("yes" for a flag). On error the
	 * text of err is the bare reason: tf_settings_apply() puts the option or key in front.
	 */
	int (*apply)(struct tf_settings *set, const struct tf_key *key, const char *text,
	             struct tf_err *err);
	int arg; /* apply's own */
};
extern const struct tf_key tf_keys[];
extern const unsigned int tf_nkeys;

/* Defaults. Does not touch the large arrays, whose counts are 0: cheap, and the storage may be anything. */
void tf_settings_init(struct tf_settings *set);

/* By long name; NULL when unknown. */
const struct tf_key *tf_key_find(const char *name);

/*
 * Applies one key from origin. 0 or -errno with err = "--memory: reason" or "[limits] memory: reason".
 * Refuses keys that may not stand there, and on the command line a single-valued key given twice.
 */
int tf_settings_apply(struct tf_settings *set, const struct tf_key *key, const char *text,
                      enum tf_origin origin, struct tf_err *err);

/* Checks what only shows when all is known (contradictions). */
int tf_settings_check(const struct tf_settings *set, struct tf_err *err);

#endif
