/*
 * Attack 53: programs that the kernel starts with another identity: set-user-id, set-group-id, file
 * capabilities. The scene has one of each (only root can make them).
 * An escape: the program runs with more than we have; or a set-id file of ours is left behind for others.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include "escape.h"

static const char *which;

static int exec_it(void)
{
	char *argv[] = {(char *)"id_probe", NULL};

	execv(which, argv);
	return -errno;
}

static int run(const char *name)
{
	static char path[1024];

	snprintf(path, sizeof(path), "%s/%s", esc_arg("bin"), name);
	if (access(path, X_OK) < 0)
		return CANNOT;
	which = path;
	return esc_in_child(exec_it);
}

static int way_setuid(void)
{
	return run("id_probe.setuid");
}

static int way_setgid(void)
{
	return run("id_probe.setgid");
}

static int way_filecap(void)
{
	return run("id_probe.filecap");
}

static int exec_raw(void)
{
	char *argv[] = {(char *)"id_probe", NULL};

	return (int)esc_sys(SYS_execve, which, argv, argv + 1);
}

static int way_raw(void)
{
	static char path[1024];

	snprintf(path, sizeof(path), "%s/id_probe.setuid", esc_arg("bin"));
	if (access(path, X_OK) < 0)
		return CANNOT;
	which = path;
	return esc_in_child(exec_raw);
}

/* Leaves a set-id file of ours behind: whoever runs it outside has our identity. By each call that could. */
static int way_leave(void)
{
	struct stat st;
	int fd = open("left", O_RDWR | O_CREAT | O_CLOEXEC, 0755);

	if (fd < 0 || write(fd, "x", 1) != 1)
		return CANNOT;
	esc_sys(SYS_chmod, "left", 04755);
	esc_sys(SYS_fchmod, fd, 06755);
	esc_sys(SYS_fchmodat, AT_FDCWD, "left", 04755);
	esc_sys(452 /* fchmodat2 */, AT_FDCWD, "left", 04755, 0);
	return fstat(fd, &st) == 0 && !(st.st_mode & (S_ISUID | S_ISGID)) ? CONTAINED : ESCAPED;
}

static const struct esc_way ways[] = {{"leave", way_leave},
                                      {"setuid", way_setuid},
                                      {"setgid", way_setgid},
                                      {"filecap", way_filecap},
                                      {"raw", way_raw}};
ESC_MAIN(ways)
