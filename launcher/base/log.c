/*
 * What turf says. See log.h. One write(2) a line, so that lines of several processes do not mix; a log that
 * cannot be written is no reason to stop a run.
 */
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fd.h"

#define MAX_TEXT 2048
#define MAX_LINE (MAX_TEXT + 256)

static struct {
	int fd;
	int is_json, is_quiet, is_debug, is_set_up;
} state = {.fd = STDERR_FILENO};

static const char *const level_names[] = {"error", "warning", "info", "debug"};
static const char level_letters[] = "EWID";

int tf_log_setup(const char *file, int is_json, int is_quiet, struct tf_err *err)
{
	int fd = STDERR_FILENO;

	if (file) {
		/* O_NOFOLLOW: the directory may be one that others write to; O_NONBLOCK: a FIFO without reader is an error */
		fd = tf_fd_open(AT_FDCWD, file,
		                O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0600);
		if (fd < 0)
			return tf_err_set(err, TF_E_PATH, -fd, "the log file %s cannot be opened",
			                  file);
	}
	if (state.fd != STDERR_FILENO)
		close(state.fd);
	state.fd = fd;
	state.is_json = is_json;
	state.is_quiet = is_quiet;
	state.is_debug = getenv("TURF_DEBUG") != NULL;
	state.is_set_up = 1;
	return 0;
}

/* The length of the well-formed, printable UTF-8 sequence at p (n bytes left), 0 when there is none. */
static size_t printable(const unsigned char *p, size_t n)
{
	static const unsigned int least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned int c = p[0];
	size_t len;

	if (c < 0x80)
		return c >= 0x20 && c != 0x7f;
	len = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
	if (c < 0xc2 || c > 0xf4 || len > n)
		return 0;
	c &= 0x7fu >> len;
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3fu);
	}
	/* overlong, surrogates, C1 controls (terminals obey them), and the marks that reorder or break a line */
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) || c < 0xa0)
		return 0;
	if ((c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x2028 ||
	    c == 0x2029)
		return 0;
	return len;
}

/* One byte that is not printable, as JSON or text shows it. */
static void escape_byte(unsigned char c, int is_json, char out[8])
{
	if (!is_json)
		snprintf(out, 8, "\\x%02x", c);
	else if (c < 0x80)
		snprintf(out, 8, "\\u%04x", c);
	else
		memcpy(out, "\\ufffd", 7);
}

size_t tf_log_escape(const char *text, size_t n, int is_json, char *buf, size_t size)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t len = 0, room = size > 4 ? size - 4 : 0;

	for (size_t i = 0, k; i < n; i += k) {
		char out[8];

		k = printable(p + i, n - i);
		if (k == 0) {
			escape_byte(p[i], is_json, out);
			k = 1;
		} else if (is_json && (p[i] == '"' || p[i] == '\\')) {
			out[0] = '\\';
			out[1] = (char)p[i];
			out[2] = '\0';
		} else {
			memcpy(out, p + i, k);
			out[k] = '\0';
		}
		if (len + strlen(out) > room) {
			memcpy(buf + len, "...", 3);
			len += 3;
			break;
		}
		memcpy(buf + len, out, strlen(out));
		len += strlen(out);
	}
	buf[len] = '\0';
	return len;
}

static int put_json(char *line, enum tf_log_level level, const char *text)
{
	struct timespec now;
	struct tm tm;
	char when[32];

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
	return snprintf(line, MAX_LINE,
	                "{\"level\":\"%s\",\"msg\":\"%s\",\"time\":\"%s.%03ldZ\"}\n",
	                level_names[level], text, when, now.tv_nsec / 1000000);
}

/* The form that the users of turf's debug lines parse. Local time, as they expect. */
static int put_debug(char *line, enum tf_log_level level, const char *text)
{
	struct timespec now;
	struct tm tm;
	char when[32];

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
	return snprintf(line, MAX_LINE, "turf[%d] %c %s:%03ld : %s\n", (int)getpid(),
	                level_letters[level], when, now.tv_nsec / 1000000, text);
}

static void put_line(int fd, int is_json, enum tf_log_level level, const char *raw)
{
	char text[MAX_TEXT], line[MAX_LINE];
	int n;

	tf_log_escape(raw, strlen(raw), is_json, text, sizeof(text));
	if (is_json)
		n = put_json(line, level, text);
	else if (state.is_debug)
		n = put_debug(line, level, text);
	else
		n = snprintf(line, sizeof(line), "turf: %s\n", text);
	if (n > 0)
		(void)tf_fd_write(fd, line,
		                  (size_t)n < sizeof(line) ? (size_t)n : sizeof(line) - 1);
}

void tf_log(enum tf_log_level level, const char *format, ...)
{
	int saved = errno;
	char raw[MAX_TEXT];
	va_list args;

	if (!state.is_set_up)
		state.is_debug = getenv("TURF_DEBUG") != NULL;
	if (level == TF_LOG_DEBUG ? !state.is_debug : state.is_quiet && level > TF_LOG_ERROR)
		return;
	va_start(args, format);
	if (vsnprintf(raw, sizeof(raw), format, args) >= (int)sizeof(raw))
		memcpy(raw + sizeof(raw) - 4, "...", 4);
	va_end(args);
	put_line(state.fd, state.is_json, level, raw);
	errno = saved;
}

int tf_log_fail(const struct tf_err *err)
{
	char text[TF_ERR_TEXT], line[TF_ERR_TEXT + 64];
	int n;

	if (err->text[0] == '\0')
		return tf_err_exit(err->code); /* a helper has said it */
	/* On stderr always in the one form that scripts match. */
	tf_log_escape(err->text, strlen(err->text), 0, text, sizeof(text));
	n = snprintf(line, sizeof(line), "turf: %s: %s\n", tf_err_name(err->code), text);
	if (n > 0)
		(void)tf_fd_write(STDERR_FILENO, line, (size_t)n);
	if (state.fd != STDERR_FILENO) {
		snprintf(line, sizeof(line), "%s: %s", tf_err_name(err->code), err->text);
		put_line(state.fd, state.is_json, TF_LOG_ERROR, line);
	}
	return tf_err_exit(err->code);
}
