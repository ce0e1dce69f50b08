/*
 * Attack 13: the magic links of /proc: root, cwd, exe, fd of the own and of other processes, and what else
 * /proc tells about them.
 * An escape: the secret's bytes, or another process's memory, environment or command line.
 */
#include <dirent.h>

#include "escape.h"

static char path[2048];

static int below_root(const char *root)
{
	snprintf(path, sizeof(path), "%s%s", root, esc_secret());
	return esc_open_libc(path);
}

static int way_self_root(void)
{
	return below_root("/proc/self/root");
}

static int way_thread_root(void)
{
	return below_root("/proc/thread-self/root");
}

static int way_task_root(void)
{
	char root[64];

	snprintf(root, sizeof(root), "/proc/%d/task/%d/root", getpid(), getpid());
	return below_root(root);
}

static int way_parent_root(void)
{
	char root[64];

	snprintf(root, sizeof(root), "/proc/%ld/root", esc_number("monitor"));
	return below_root(root);
}

static int way_victim_root(void)
{
	char root[64];

	snprintf(root, sizeof(root), "/proc/%ld/root", esc_number("victim"));
	return below_root(root);
}

static int of_victim(const char *rest)
{
	snprintf(path, sizeof(path), "/proc/%ld/%s", esc_number("victim"), rest);
	return esc_open_libc(path);
}

static int way_victim_cwd(void)
{
	return of_victim("cwd/secret");
}

static int way_victim_fd(void)
{
	return of_victim("fd/9"); /* the victim keeps the secret open there */
}

/* The root directory by a descriptor, then down from it by name. */
static int way_own_fd(void)
{
	int fd = open("/", O_PATH | O_CLOEXEC);

	if (fd < 0)
		return CANNOT;
	snprintf(path, sizeof(path), "/proc/self/fd/%d%s", fd, esc_secret());
	return esc_open_libc(path);
}

/* Something must come back, and be more than nothing: kernel threads' files are empty. */
static int reads(const char *what)
{
	char buf[64];

	snprintf(path, sizeof(path), "/proc/%ld/%s", esc_number("victim"), what);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return esc_libc(path, -1);
	ssize_t n = read(fd, buf, sizeof(buf));
	fprintf(stderr, "%s: %zd bytes\n", path, n);
	return n > 0 ? ESCAPED : CONTAINED;
}

static int way_victim_environ(void)
{
	return reads("environ");
}

static int way_victim_maps(void)
{
	return reads("maps");
}

static int way_victim_cmdline(void)
{
	return reads("cmdline");
}

static int way_victim_mem(void)
{
	char buf[64] = "";

	snprintf(path, sizeof(path), "/proc/%ld/mem", esc_number("victim"));
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return esc_libc(path, -1);
	ssize_t n = pread(fd, buf, sizeof(buf) - 1, esc_number("memory"));
	return n > 0 && strstr(buf, SECRET) ? ESCAPED : CONTAINED;
}

/* A mapped file by its address: needs the same right as ptrace. */
static int way_victim_map_files(void)
{
	snprintf(path, sizeof(path), "/proc/%ld/map_files", esc_number("victim"));
	DIR *dir = opendir(path);
	if (!dir)
		return esc_libc(path, -1);
	int n = 0;
	while (readdir(dir))
		n++;
	closedir(dir);
	return n > 2 ? ESCAPED : CONTAINED;
}

static const struct esc_way ways[] = {
        {"self_root", way_self_root},
        {"thread_root", way_thread_root},
        {"task_root", way_task_root},
        {"parent_root", way_parent_root},
        {"victim_root", way_victim_root},
        {"victim_cwd", way_victim_cwd},
        {"victim_fd", way_victim_fd},
        {"own_fd", way_own_fd},
        {"victim_environ", way_victim_environ},
        {"victim_maps", way_victim_maps},
        {"victim_cmdline", way_victim_cmdline},
        {"victim_mem", way_victim_mem},
        {"victim_map_files", way_victim_map_files},
};
ESC_MAIN(ways)
