/*
 * Attack 16 (CVE-2019-5736): the launcher's own file is overwritten, through /proc/PID/exe of the process that
 * started us or by its path, so that the next start of it is ours. A descriptor kept by O_PATH waits until the
 * file is no longer busy.
 * An escape: a descriptor that reaches the file for writing, or ETXTBSY (only the running program stood in
 * the way), or its name taken away.
 */
#include "escape.h"

static char path[1024];

static int overwrite(const char *file)
{
	long fd = esc_sys(SYS_open, file, O_WRONLY);

	if (fd == -ETXTBSY) {
		fprintf(stderr, "%s: only busy\n", file);
		return ESCAPED;
	}
	return esc_verdict(file, fd);
}

static int way_monitor_exe(void)
{
	snprintf(path, sizeof(path), "/proc/%ld/exe", esc_number("monitor"));
	return overwrite(path);
}

static int way_monitor_exe_path(void)
{
	snprintf(path, sizeof(path), "/proc/%ld/exe", esc_number("monitor"));
	return esc_verdict(path, esc_sys(SYS_open, path, O_PATH));
}

static int way_unlink(void)
{
	return esc_verdict("unlink", esc_sys(SYS_unlink, esc_at("outside/turf")));
}

static int way_replace(void)
{
	long fd = esc_sys(SYS_creat, "own", 0700);

	if (fd < 0)
		return CANNOT;
	return esc_verdict("rename", esc_sys(SYS_rename, "own", esc_at("outside/turf")));
}

static const struct esc_way ways[] = {{"monitor_exe", way_monitor_exe},
                                      {"monitor_exe_path", way_monitor_exe_path},
                                      {"unlink", way_unlink},
                                      {"replace", way_replace}};
ESC_MAIN(ways)
