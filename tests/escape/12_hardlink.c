/*
 * Attack 12: the secret gets a second name inside the own directory: a hard link, or it is moved there.
 * An escape: a link that can be made (its bytes are then readable by right).
 */
#include "escape.h"

static int try_link(const char *what, int rc)
{
	if (rc < 0)
		return esc_libc(what, rc);
	int verdict = esc_open_libc("mine");
	return verdict == ESCAPED ? ESCAPED : CONTAINED;
}

static int way_link(void)
{
	unlink("mine");
	return try_link("link", link(esc_secret(), "mine"));
}

static int way_linkat_follow(void)
{
	unlink("mine");
	unlink("sym");
	if (symlink(esc_secret(), "sym") < 0)
		return CANNOT;
	return try_link("linkat", linkat(AT_FDCWD, "sym", AT_FDCWD, "mine", AT_SYMLINK_FOLLOW));
}

static int way_raw(void)
{
	unlink("mine");
	long r = esc_sys(SYS_link, esc_secret(), "mine");
	return r < 0 ? esc_verdict("link", r) : esc_open_libc("mine");
}

/* By a descriptor that needs no right at all. */
static int way_proc_fd(void)
{
	char path[64];
	long fd = esc_sys(SYS_open, esc_secret(), O_PATH);

	unlink("mine");
	if (fd < 0)
		return esc_verdict("O_PATH", fd);
	snprintf(path, sizeof(path), "/proc/self/fd/%ld", fd);
	long r = esc_sys(SYS_linkat, AT_FDCWD, path, AT_FDCWD, "mine", AT_SYMLINK_FOLLOW);
	return r < 0 ? esc_verdict("linkat", r) : esc_open_libc("mine");
}

static int way_rename(void)
{
	return try_link("rename", rename(esc_at("outside/secret"), "mine"));
}

static int way_rename_raw(void)
{
	long r = esc_sys(SYS_rename, esc_secret(), "mine");

	return r < 0 ? esc_verdict("rename", r) : esc_open_libc("mine");
}

static int way_exchange(void)
{
	long fd = esc_sys(SYS_creat, "mine", 0600);

	if (fd < 0)
		return CANNOT;
	long r = esc_sys(SYS_renameat2, AT_FDCWD, "mine", AT_FDCWD, esc_secret(),
	                 2 /* RENAME_EXCHANGE */);
	return r < 0 ? esc_verdict("renameat2", r) : esc_open_libc("mine");
}

static const struct esc_way ways[] = {
        {"link", way_link},         {"linkat_follow", way_linkat_follow},
        {"raw", way_raw},           {"proc_fd", way_proc_fd},
        {"rename", way_rename},     {"rename_raw", way_rename_raw},
        {"exchange", way_exchange},
};
ESC_MAIN(ways)
