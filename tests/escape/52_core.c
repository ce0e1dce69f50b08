/*
 * Attack 52: a crash writes for us: the kernel puts a core file into the current directory, which a raw chdir
 * has moved outside.
 * An escape: the scene finds the file (the attempt itself says "contained").
 */
#include <sys/resource.h>

#include "escape.h"

static int has_plain_core_pattern(void)
{
	char pattern[128] = "";
	long fd = esc_sys(SYS_open, "/proc/sys/kernel/core_pattern", O_RDONLY);

	if (fd >= 0)
		esc_sys(SYS_read, fd, pattern, sizeof(pattern) - 1);
	return fd < 0 || !strchr("/|@", pattern[0]);
}

static int crash_outside(void)
{
	struct rlimit limit = {1 << 20, 1 << 20};

	if (setrlimit(RLIMIT_CORE, &limit) < 0)
		return esc_libc("setrlimit", -1);
	long r = esc_sys(SYS_chdir, esc_at("outside"));
	if (r < 0)
		return esc_verdict("chdir", r);
	prctl(PR_SET_DUMPABLE, 1);
	abort();
}

static int way_chdir(void)
{
	if (!has_plain_core_pattern())
		return CANNOT;
	return esc_in_child(crash_outside);
}

static const struct esc_way ways[] = {{"chdir", way_chdir}};
ESC_MAIN(ways)
