/*
 * Errors of the launcher: names, exit codes, texts. See err.h. No output here: log.c says them.
 */
#include "err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const names[TF_E_COUNT] = {
        [TF_E_NONE] = "E_NONE",         [TF_E_USAGE] = "E_USAGE",   [TF_E_OPTION] = "E_OPTION",
        [TF_E_COMMAND] = "E_COMMAND",   [TF_E_VALUE] = "E_VALUE",   [TF_E_PATH] = "E_PATH",
        [TF_E_PROFILE] = "E_PROFILE",   [TF_E_NAME] = "E_NAME",     [TF_E_EXISTS] = "E_EXISTS",
        [TF_E_WORKDIR] = "E_WORKDIR",   [TF_E_KERNEL] = "E_KERNEL", [TF_E_SYSTEM] = "E_SYSTEM",
        [TF_E_NOTFOUND] = "E_NOTFOUND", [TF_E_NOEXEC] = "E_NOEXEC", [TF_E_NOTYET] = "E_NOTYET",
};

/* A text that was cut says so: a path whose end is missing must not look whole. */
static void mark_cut(char *text, int wanted)
{
	if (wanted >= TF_ERR_TEXT)
		memcpy(text + TF_ERR_TEXT - 4, "...", 4);
}

int tf_err_set(struct tf_err *err, enum tf_err_code code, int sys, const char *format, ...)
{
	va_list args;
	int n;

	if (err) {
		va_start(args, format);
		n = vsnprintf(err->text, sizeof(err->text), format, args);
		va_end(args);
		if (n >= 0 && n < TF_ERR_TEXT && sys)
			n += snprintf(err->text + n, sizeof(err->text) - (size_t)n, ": %s",
			              strerror(sys));
		mark_cut(err->text, n);
		err->code = code;
		err->sys = sys;
	}
	return sys ? -sys : -EINVAL;
}

int tf_err_context(struct tf_err *err, int rc, const char *format, ...)
{
	char text[TF_ERR_TEXT];
	va_list args;
	int n;

	if (!err || rc >= 0 || err->text[0] == '\0')
		return rc;
	va_start(args, format);
	n = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (n >= 0 && n < TF_ERR_TEXT)
		n += snprintf(text + n, sizeof(text) - (size_t)n, ": %s", err->text);
	mark_cut(text, n);
	memcpy(err->text, text, sizeof(text));
	return rc;
}

const char *tf_err_name(enum tf_err_code code)
{
	return (unsigned int)code < TF_E_COUNT ? names[code] : "E_SYSTEM";
}

int tf_err_exit(enum tf_err_code code)
{
	if (code == TF_E_NOTFOUND)
		return 127;
	return code == TF_E_NOEXEC ? 126 : 125;
}
