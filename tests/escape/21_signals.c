/*
 * Attack 21: signals to processes outside: by every call that sends one, to all at once, to the launcher that
 * supervises us. Only signals that do no harm are sent.
 * An escape: a call that works; for kill(-1) the scene looks whether the victim got it.
 */
#include <sys/socket.h>

#include "escape.h"

#define HARMLESS SIGURG

static int way_kill(void)
{
	return esc_verdict("kill", esc_sys(SYS_kill, esc_number("victim"), HARMLESS));
}

static int way_tgkill(void)
{
	long pid = esc_number("victim");

	return esc_verdict("tgkill", esc_sys(SYS_tgkill, pid, pid, HARMLESS));
}

static int way_tkill(void)
{
	return esc_verdict("tkill", esc_sys(SYS_tkill, esc_number("victim"), HARMLESS));
}

static int way_sigqueue(void)
{
	siginfo_t info = {.si_signo = HARMLESS, .si_code = SI_QUEUE};

	return esc_verdict("rt_sigqueueinfo",
	                   esc_sys(SYS_rt_sigqueueinfo, esc_number("victim"), HARMLESS, &info));
}

static int way_pidfd(void)
{
	long fd = esc_sys(SYS_pidfd_open, esc_number("victim"), 0);

	if (fd < 0)
		return esc_verdict("pidfd_open", fd);
	return esc_verdict("pidfd_send_signal",
	                   esc_sys(SYS_pidfd_send_signal, fd, HARMLESS, NULL, 0));
}

static int way_group(void)
{
	return esc_verdict("kill", esc_sys(SYS_kill, -esc_number("victim"), HARMLESS));
}

/* Everybody that may be reached: the scene sees whether the victim was. */
static int way_all(void)
{
	esc_verdict("kill(-1)", esc_sys(SYS_kill, -1, HARMLESS));
	return CONTAINED;
}

/* The kernel sends SIGIO on our behalf, to the owner that we name. */
static int way_owner(void)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return CANNOT;
	long r = esc_sys(SYS_fcntl, pair[0], F_SETOWN, esc_number("victim"));
	if (r < 0)
		return esc_verdict("F_SETOWN", r);
	esc_sys(SYS_fcntl, pair[0], F_SETSIG, HARMLESS);
	esc_sys(SYS_fcntl, pair[0], F_SETFL, O_ASYNC);
	esc_sys(SYS_write, pair[1], "x", 1);
	return CONTAINED; /* the scene sees whether the victim got it */
}

static int way_monitor(void)
{
	return esc_verdict("kill", esc_sys(SYS_kill, esc_number("monitor"), 0));
}

static int way_monitor_pidfd(void)
{
	long fd = esc_sys(SYS_pidfd_open, esc_number("monitor"), 0);

	if (fd < 0)
		return esc_verdict("pidfd_open", fd);
	return esc_verdict("pidfd_send_signal", esc_sys(SYS_pidfd_send_signal, fd, 0, NULL, 0));
}

static const struct esc_way ways[] = {
        {"kill", way_kill},       {"tgkill", way_tgkill},
        {"tkill", way_tkill},     {"sigqueue", way_sigqueue},
        {"pidfd", way_pidfd},     {"group", way_group},
        {"all", way_all},         {"owner", way_owner},
        {"monitor", way_monitor}, {"monitor_pidfd", way_monitor_pidfd},
};
ESC_MAIN(ways)
