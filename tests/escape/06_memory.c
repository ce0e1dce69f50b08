/*
 * Attack 6: the next program has no path: it lies in memory (memfd), or is known by a descriptor only.
 * An escape: the secret's bytes in that program.
 */
#include <sys/mman.h>

#include "escape.h"

static char *empty[] = {NULL};
static int program = -1;

/* This very program, or the static build beside it, in a memfd. */
static int make_program(const char *from)
{
	program = (int)esc_sys(SYS_memfd_create, "program", 0);
	if (program < 0)
		return program;
	return esc_copy(from, program);
}

static int exec_fexecve(void)
{
	fexecve(program, esc_reader_argv(), empty);
	return -errno;
}

static int exec_execveat(void)
{
	return (int)esc_sys(SYS_execveat, program, "", esc_reader_argv(), empty, AT_EMPTY_PATH);
}

static int exec_proc_path(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", program);
	execve(path, esc_reader_argv(), empty);
	return -errno;
}

static int run_copy(int (*exec_it)(void))
{
	int rc = make_program("/proc/self/exe");

	return rc < 0 ? esc_verdict("memfd", rc) : esc_in_child(exec_it);
}

static int way_fexecve(void)
{
	return run_copy(exec_fexecve);
}

static int way_execveat(void)
{
	return run_copy(exec_execveat);
}

static int way_proc_path(void)
{
	return run_copy(exec_proc_path);
}

static int way_static(void)
{
	char path[1024];

	snprintf(path, sizeof(path), "%s/02_program.static", esc_arg("bin"));
	int rc = make_program(path);
	return rc < 0 ? esc_verdict("memfd", rc) : esc_in_child(exec_execveat);
}

/* A descriptor of a file on disk. */
static int way_descriptor(void)
{
	program = open("/proc/self/exe", O_RDONLY);
	return program < 0 ? CANNOT : esc_in_child(exec_fexecve);
}

static const struct esc_way ways[] = {
        {"fexecve", way_fexecve}, {"execveat", way_execveat},     {"proc_path", way_proc_path},
        {"static", way_static},   {"descriptor", way_descriptor},
};
ESC_MAIN(ways)
