/*
 * Attack 2: an ordinary program, built in every way there is: dynamic and static, glibc and musl; and one of
 * another architecture. It uses its libc like any other program.
 * An escape: the secret's bytes, or a change outside.
 */
#include <dirent.h>
#include <spawn.h>

#include "escape.h"

static int way_read(void)
{
	return esc_open_libc(esc_secret());
}

static int way_fopen(void)
{
	FILE *f = fopen(esc_secret(), "r");

	if (!f)
		return esc_libc("fopen", -1);
	int verdict = esc_fd_has_secret(fileno(f)) ? ESCAPED : CONTAINED;
	fclose(f);
	return verdict;
}

static int way_opendir(void)
{
	DIR *dir = opendir(esc_at("outside"));

	if (!dir)
		return esc_libc("opendir", -1);
	closedir(dir);
	return ESCAPED;
}

static int way_stat(void)
{
	struct stat st;

	return esc_libc("stat", stat(esc_secret(), &st));
}

static int way_write(void)
{
	FILE *f = fopen(esc_at("outside/file"), "a");

	if (!f)
		return esc_libc("fopen", -1);
	fclose(f);
	return ESCAPED;
}

static int way_unlink(void)
{
	return esc_libc("unlink", unlink(esc_at("outside/file")));
}

static int way_chmod(void)
{
	return esc_libc("chmod", chmod(esc_at("outside/file"), 0777));
}

static int way_realpath(void)
{
	char *path = realpath(esc_secret(), NULL);

	if (!path)
		return esc_libc("realpath", -1);
	free(path);
	return ESCAPED;
}

/* The shell that libc starts is a new program: does it see the secret? */
static int way_system(void)
{
	char command[1200];

	snprintf(command, sizeof(command), "read -r line <'%s' && [ \"$line\" = '%s' ]",
	         esc_secret(), SECRET);
	int status = system(command);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? ESCAPED : CONTAINED;
}

static int way_popen(void)
{
	char command[1200], line[256] = "";

	snprintf(command, sizeof(command), "cat '%s'", esc_secret());
	FILE *f = popen(command, "r");
	if (!f)
		return esc_libc("popen", -1);
	char *got = fgets(line, sizeof(line), f);
	pclose(f);
	return got && strstr(line, SECRET) ? ESCAPED : CONTAINED;
}

static int way_spawn(void)
{
	char *argv[] = {(char *)"program", NULL};
	pid_t pid;
	int rc = posix_spawn(&pid, esc_at("outside/program"), NULL, NULL, argv, argv + 1);

	if (rc)
		return esc_verdict("posix_spawn", -rc);
	return esc_wait(pid);
}

static int exec_i386(void)
{
	char *argv[] = {(char *)"i386_reader", (char *)esc_secret(), NULL};
	char path[1024];

	snprintf(path, sizeof(path), "%s/i386_reader", esc_arg("bin"));
	execv(path, argv);
	return -errno;
}

/* A program of the 32-bit architecture: other system call numbers, another library that nobody has. */
static int way_i386(void)
{
	return esc_in_child(exec_i386);
}

static const struct esc_way ways[] = {
        {"read", way_read},   {"fopen", way_fopen},       {"opendir", way_opendir},
        {"stat", way_stat},   {"write", way_write},       {"unlink", way_unlink},
        {"chmod", way_chmod}, {"realpath", way_realpath}, {"system", way_system},
        {"popen", way_popen}, {"spawn", way_spawn},       {"i386", way_i386},
};
ESC_MAIN(ways)
