/*
 * Attack 3: the preloaded library is not there, cannot be read, is of the wrong class, or there is no
 * descriptor left to load it; and (41) the library and the view's blob are overwritten for the next program.
 * An escape: the secret's bytes in a program that runs without the library, or a write to either file.
 */
#include <sys/resource.h>

#include "escape.h"

static const char *preload;

static int exec_with_preload(void)
{
	char *envp[] = {(char *)preload, NULL};

	return (int)esc_sys(SYS_execve, "/proc/self/exe", esc_reader_argv(), envp);
}

static int way_missing(void)
{
	preload = "LD_PRELOAD=/nonexistent/library.so";
	return esc_in_child(exec_with_preload);
}

static int way_wrong_class(void)
{
	static char text[1024];

	snprintf(text, sizeof(text), "LD_PRELOAD=%s/i386_reader", esc_arg("bin"));
	preload = text;
	return esc_in_child(exec_with_preload);
}

static int way_unreadable(void)
{
	int fd = open("closed.so", O_CREAT | O_WRONLY | O_CLOEXEC, 0);

	if (fd < 0)
		return CANNOT;
	close(fd);
	preload = "LD_PRELOAD=./closed.so";
	return esc_in_child(exec_with_preload);
}

static int way_none(void)
{
	preload = "NOTHING=1";
	return esc_in_child(exec_with_preload);
}

/* No descriptor for the loader; the program that starts all the same takes its limit back. */
static int exec_without_descriptors(void)
{
	struct rlimit limit = {3, 1024};

	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		return -errno;
	for (int fd = 3; fd < 1024; fd++)
		close(fd);
	return (int)esc_sys(SYS_execve, "/proc/self/exe", esc_reader_argv(), environ);
}

static int way_no_descriptors(void)
{
	return esc_in_child(exec_without_descriptors);
}

static int open_named_in_environment(const char *key)
{
	char path[1024];
	const char *value = getenv(key);

	if (!value || !*value) {
		fprintf(stderr, "%s is not set\n", key);
		return CONTAINED;
	}
	snprintf(path, sizeof(path), "%.*s", (int)strcspn(value, ": "), value);
	long fd = esc_sys(SYS_open, path, O_WRONLY);
	if (fd >= 0)
		return esc_verdict(path, fd);
	long r = esc_sys(SYS_unlink, path);
	if (r >= 0)
		return esc_verdict("unlink", r);
	return esc_verdict(path, fd);
}

static int way_overwrite_library(void)
{
	return open_named_in_environment("LD_PRELOAD");
}

static int way_overwrite_view(void)
{
	return open_named_in_environment("TURF_VIEW");
}

static const struct esc_way ways[] = {
        {"missing", way_missing},
        {"wrong_class", way_wrong_class},
        {"unreadable", way_unreadable},
        {"none", way_none},
        {"no_descriptors", way_no_descriptors},
        {"overwrite_library", way_overwrite_library},
        {"overwrite_view", way_overwrite_view},
};
ESC_MAIN(ways)
