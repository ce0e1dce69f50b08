/*
 * syslog. libc connects to /dev/log by an internal call, which goes past the view to the host's logger. Where
 * the guest's /dev/log is not that socket, nobody listens inside: the line is dropped, as syslog(3) does without a
 * logger, and LOG_PERROR still shows it.
 */
#include <stdarg.h>
#include <syslog.h>
#include "compose.h"

#pragma weak vdprintf

void __syslog_chk(int priority, int flag, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
void __vsyslog_chk(int priority, int flag, const char *format, va_list ap)
        __attribute__((format(printf, 3, 0)));

/* What openlog() was given; LOG_NDELAY must not connect. */
static int options;

static int reaches_logger(void)
{
	return !tf_rt_view() || tf_compose_is_host("/dev/log");
}

static __attribute__((format(printf, 1, 0))) void drop(const char *format, va_list ap)
{
	if (options & LOG_PERROR && vdprintf) {
		vdprintf(2, format, ap);
		tf_sys(SYS_write, 2, "\n", 1);
	}
}

TF_EXPORT void openlog(const char *ident, int option, int facility)
{
	options = option;
	TF_REAL(openlog)(ident, reaches_logger() ? option : option & ~LOG_NDELAY, facility);
}

TF_EXPORT void vsyslog(int priority, const char *format, va_list ap)
{
	if (reaches_logger())
		TF_REAL(vsyslog)(priority, format, ap);
	else
		drop(format, ap);
}

TF_EXPORT void syslog(int priority, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsyslog(priority, format, ap);
	va_end(ap);
}

TF_EXPORT void __vsyslog_chk(int priority, int flag, const char *format, va_list ap)
{
	if (reaches_logger())
		TF_REAL(__vsyslog_chk)(priority, flag, format, ap);
	else
		drop(format, ap);
}

TF_EXPORT void __syslog_chk(int priority, int flag, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	__vsyslog_chk(priority, flag, format, ap);
	va_end(ap);
}
