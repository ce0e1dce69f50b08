/*
 * Attack 22: another process's memory and descriptors by ptrace and its relatives: the victim's, and those of
 * the launcher that supervises us.
 * An escape: a call that works.
 */
#include <sys/ptrace.h>
#include <sys/uio.h>

#include "escape.h"

static int seize(long pid)
{
	long r = esc_sys(SYS_ptrace, PTRACE_SEIZE, pid, 0, 0);

	if (r == 0) {
		esc_sys(SYS_ptrace, PTRACE_INTERRUPT, pid, 0, 0);
		waitpid((pid_t)pid, NULL, __WALL);
		esc_sys(SYS_ptrace, PTRACE_DETACH, pid, 0, 0);
	}
	return esc_verdict("PTRACE_SEIZE", r);
}

static int way_seize(void)
{
	return seize(esc_number("victim"));
}

static int way_attach(void)
{
	long pid = esc_number("victim"), r = esc_sys(SYS_ptrace, PTRACE_ATTACH, pid, 0, 0);

	if (r == 0) {
		waitpid((pid_t)pid, NULL, __WALL);
		esc_sys(SYS_ptrace, PTRACE_DETACH, pid, 0, 0);
	}
	return esc_verdict("PTRACE_ATTACH", r);
}

static int read_memory(long pid, long address)
{
	char buf[64];
	struct iovec to = {buf, sizeof(buf)}, from = {(void *)address, sizeof(buf)};

	return esc_verdict("process_vm_readv",
	                   esc_sys(SYS_process_vm_readv, pid, &to, 1, &from, 1, 0));
}

static int way_vm_read(void)
{
	return read_memory(esc_number("victim"), esc_number("memory"));
}

/* Where a program's text begins that is not position-independent: turf is one, "stand" is built so. */
static int way_monitor_vm_read(void)
{
	return read_memory(esc_number("monitor"), 0x400000);
}

static int way_vm_write(void)
{
	char byte = 't'; /* what is there already */
	struct iovec from = {&byte, 1}, to = {(void *)esc_number("memory"), 1};

	return esc_verdict("process_vm_writev", esc_sys(SYS_process_vm_writev, esc_number("victim"),
	                                                &from, 1, &to, 1, 0));
}

static int way_getfd(void)
{
	long pidfd = esc_sys(SYS_pidfd_open, esc_number("victim"), 0);

	if (pidfd < 0)
		return esc_verdict("pidfd_open", pidfd);
	return esc_opened("pidfd_getfd", esc_sys(SYS_pidfd_getfd, pidfd, 9, 0));
}

static int way_monitor_seize(void)
{
	return seize(esc_number("monitor"));
}

static int way_monitor_mem(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%ld/mem", esc_number("monitor"));
	return esc_verdict(path, esc_sys(SYS_open, path, O_RDWR));
}

static int way_kcmp(void)
{
	return esc_verdict("kcmp", esc_sys(SYS_kcmp, getpid(), esc_number("victim"),
	                                   2 /* KCMP_FILES */, 0, 0));
}

static const struct esc_way ways[] = {
        {"seize", way_seize},
        {"attach", way_attach},
        {"vm_read", way_vm_read},
        {"vm_write", way_vm_write},
        {"getfd", way_getfd},
        {"monitor_seize", way_monitor_seize},
        {"monitor_mem", way_monitor_mem},
        {"monitor_vm_read", way_monitor_vm_read},
        {"kcmp", way_kcmp},
};
ESC_MAIN(ways)
