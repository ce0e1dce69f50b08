/*
 * Inside the table of settings: the parsers of keys (key_*.c, one file a section) and what they share.
 * Nothing outside launcher/plan includes this.
 */
#ifndef TURF_PLAN_KEYS_H
#define TURF_PLAN_KEYS_H

#include <stddef.h>

#include "settings.h"

/* Parsers: see struct tf_key. arg is said where it matters. */
int tf_key_ro(struct tf_settings *set, const struct tf_key *key, const char *text,
              struct tf_err *err);
int tf_key_volume(struct tf_settings *set, const struct tf_key *key, const char *text,
                  struct tf_err *err);
int tf_key_hide(struct tf_settings *set, const struct tf_key *key, const char *text,
                struct tf_err *err);
int tf_key_tmpfs(struct tf_settings *set, const struct tf_key *key, const char *text,
                 struct tf_err *err);
int tf_key_workdir(struct tf_settings *set, const struct tf_key *key, const char *text,
                   struct tf_err *err);

int tf_key_env(struct tf_settings *set, const struct tf_key *key, const char *text,
               struct tf_err *err);
int tf_key_env_file(struct tf_settings *set, const struct tf_key *key, const char *text,
                    struct tf_err *err);
int tf_key_env_clear(struct tf_settings *set, const struct tf_key *key, const char *text,
                     struct tf_err *err);

int tf_key_memory(struct tf_settings *set, const struct tf_key *key, const char *text,
                  struct tf_err *err);
int tf_key_time(struct tf_settings *set, const struct tf_key *key, const char *text,
                struct tf_err *err);
int tf_key_number(struct tf_settings *set, const struct tf_key *key, const char *text,
                  struct tf_err *err);
int tf_key_ulimit(struct tf_settings *set, const struct tf_key *key, const char *text,
                  struct tf_err *err);

int tf_key_network(struct tf_settings *set, const struct tf_key *key, const char *text,
                   struct tf_err *err);

int tf_key_flag(struct tf_settings *set, const struct tf_key *key, const char *text,
                struct tf_err *err);
int tf_key_word(struct tf_settings *set, const struct tf_key *key, const char *text,
                struct tf_err *err);
int tf_key_file(struct tf_settings *set, const struct tf_key *key, const char *text,
                struct tf_err *err);
int tf_key_name(struct tf_settings *set, const struct tf_key *key, const char *text,
                struct tf_err *err);
int tf_key_profile(struct tf_settings *set, const struct tf_key *key, const char *text,
                   struct tf_err *err);
int tf_key_base(struct tf_settings *set, const struct tf_key *key, const char *text,
                struct tf_err *err);
int tf_key_require(struct tf_settings *set, const struct tf_key *key, const char *text,
                   struct tf_err *err);

/* arg of tf_key_env */
enum { TF_KEY_ENV_ANY, TF_KEY_ENV_PASS, TF_KEY_ENV_SET };
/* arg of tf_key_word */
enum { TF_KEY_WORD_MODE, TF_KEY_WORD_TIER, TF_KEY_WORD_LOG_FORMAT };
/* arg of tf_key_number */
enum { TF_KEY_NUMBER_PIDS, TF_KEY_NUMBER_PRESERVE_FDS, TF_KEY_NUMBER_STATUS_FD };

/* n bytes of text, with a NUL, in the settings' arena. 0 or -ENOSPC. */
int tf_settings_keep(struct tf_settings *set, const char *text, size_t n, const char **ret,
                     struct tf_err *err);

/*
 * A host path: absolute, "~", "~/x", or (command line only) relative to the caller's directory. Cleaned lexically,
 * kept in the arena. 0 or -errno.
 */
int tf_settings_host_path(struct tf_settings *set, const char *text, const char **ret,
                          struct tf_err *err);

/* A path inside the sandbox: absolute, "~" or "~/x". Cleaned, kept. 0 or -errno. */
int tf_settings_guest_path(struct tf_settings *set, const char *text, const char **ret,
                           struct tf_err *err);

#endif
