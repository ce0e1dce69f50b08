/*
 * What turf says: errors and notes on stderr or in a log file. What is written is never trusted: control
 * characters are escaped, so that a hostile name cannot send escape sequences to a terminal or forge lines.
 * Data belongs on stdout and does not pass here. State: one per process, set up once by the command.
 */
#ifndef TURF_BASE_LOG_H
#define TURF_BASE_LOG_H

#include "err.h"

enum tf_log_level { TF_LOG_ERROR, TF_LOG_WARN, TF_LOG_INFO, TF_LOG_DEBUG };

/*
 * file: appended to (made 0600, never through a symlink), NULL = stderr. is_json: lines of
 * {"level":..,"msg":..,"time":..}. is_quiet: warnings and notes are dropped, errors stay.
 * Debug lines come when TURF_DEBUG is set to anything. 0 or -errno with err.
 */
int tf_log_setup(const char *file, int is_json, int is_quiet, struct tf_err *err);

/*
 * One line; a line longer than 2 KiB ends with "...". Without a file, text: "turf: text"; with TURF_DEBUG
 * "turf[pid] E|W|I|D YYYY-MM-DD hh:mm:ss:mmm : text". errno is kept.
 */
void tf_log(enum tf_log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * "turf: E_NAME: text" (always, on stderr too when there is a log file). Nothing when the text is empty: then a helper
 * such as turf-compile has said it. Returns the exit code of err.
 */
int tf_log_fail(const struct tf_err *err);

/*
 * Escapes n bytes into buf (NUL-terminated, cut with "..." when too long): control characters and bytes that are
 * no UTF-8 become \\xNN; with is_json also quotes, as JSON does (then U+FFFD for broken bytes). Pure. Returns the length.
 */
size_t tf_log_escape(const char *text, size_t n, int is_json, char *buf, size_t size);

#endif
