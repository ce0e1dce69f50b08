/*
 * Errors of the launcher: what went wrong, said once where it is known, with context added once a level.
 * Shown as "turf: E_NAME: sentence" (the sentence names the field, file or option and what to do).
 */
#ifndef TURF_BASE_ERR_H
#define TURF_BASE_ERR_H

#include <stddef.h>

/* Stable names. A name's text and exit code are part of the interface: never reuse one. */
enum tf_err_code {
	TF_E_NONE = 0,
	TF_E_USAGE,    /* the command line makes no sense */
	TF_E_OPTION,   /* unknown option */
	TF_E_COMMAND,  /* unknown command */
	TF_E_VALUE,    /* an option's or a profile key's value is wrong */
	TF_E_PATH,     /* a path does not exist, cannot be used, is mapped twice */
	TF_E_PROFILE,  /* a profile or configuration file is wrong (file:line) */
	TF_E_NAME,     /* a sandbox name is wrong */
	TF_E_EXISTS,   /* the name is taken */
	TF_E_WORKDIR,  /* the work dir is missing, foreign, read-only, full */
	TF_E_KERNEL,   /* a kernel feature that is needed is not there */
	TF_E_SYSTEM,   /* a system call failed that should not have */
	TF_E_NOTFOUND, /* the program does not exist: exit code 127 */
	TF_E_NOEXEC,   /* the program cannot be executed: exit code 126 */
	TF_E_NOTYET,   /* promised, but not built yet */
	TF_E_COUNT
};

#define TF_ERR_TEXT 1024

struct tf_err {
	enum tf_err_code code;
	int sys; /* errno behind it, 0 = none */
	char text[TF_ERR_TEXT];
};

/*
 * Fills *err in (err may be NULL). sys: an errno value whose text is appended (": No such file...") when not 0.
 * Returns -sys, or -EINVAL when sys is 0: `return tf_err_set(err, ...)`.
 */
int tf_err_set(struct tf_err *err, enum tf_err_code code, int sys, const char *format, ...)
        __attribute__((format(printf, 4, 5)));

/*
 * Puts "format: " in front of the text when rc < 0. An empty text (a helper has said it, see tf_log_fail()) stays empty.
 * Returns rc unchanged.
 */
int tf_err_context(struct tf_err *err, int rc, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

/* "E_PATH" */
const char *tf_err_name(enum tf_err_code code);

/* Exit code of a code: 127, 126, otherwise 125. */
int tf_err_exit(enum tf_err_code code);

#endif
