/*
 * Attack 15: descriptors that the caller left open: 8 is the directory outside, 9 the secret.
 * An escape: the secret's bytes through any descriptor above 2, or a name below it.
 */
#include "escape.h"

static int way_read(void)
{
	for (int fd = 3; fd < 1024; fd++)
		if (esc_fd_has_secret(fd))
			return esc_verdict("pread", fd);
	return CONTAINED;
}

static int way_openat(void)
{
	for (int fd = 3; fd < 1024; fd++) {
		long file = esc_sys(SYS_openat, fd, "secret", O_RDONLY);
		if (file >= 0 && esc_fd_has_secret((int)file))
			return esc_verdict("openat", fd);
	}
	return CONTAINED;
}

static int way_fchdir(void)
{
	for (int fd = 3; fd < 1024; fd++)
		if (esc_sys(SYS_fchdir, fd) == 0 && esc_open_raw("secret") == ESCAPED)
			return ESCAPED;
	return CONTAINED;
}

/* Writes to the directory outside by name. */
static int way_create(void)
{
	for (int fd = 3; fd < 1024; fd++) {
		long made = esc_sys(SYS_openat, fd, "made", O_CREAT | O_WRONLY, 0600);
		if (made >= 0)
			return esc_verdict("openat", fd);
	}
	return CONTAINED;
}

static const struct esc_way ways[] = {
        {"read", way_read}, {"openat", way_openat}, {"fchdir", way_fchdir}, {"create", way_create}};
ESC_MAIN(ways)
