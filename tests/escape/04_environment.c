/*
 * Attack 4: the environment is emptied before the next program starts, by every way libc has, and past libc.
 * An escape: the secret's bytes in that program.
 */
#include <sched.h>
#include <spawn.h>

#include "escape.h"

static char *empty[] = {NULL};

static int exec_empty(void)
{
	execve(esc_self, esc_reader_argv(), empty);
	return -errno;
}

static int exec_null(void)
{
	char **volatile nothing = NULL;

	execve(esc_self, esc_reader_argv(), nothing);
	return -errno;
}

static int exec_clearenv(void)
{
	clearenv();
	execv(esc_self, esc_reader_argv());
	return -errno;
}

static int exec_unsetenv(void)
{
	unsetenv("LD_PRELOAD");
	unsetenv("TURF_VIEW");
	execvp(esc_self, esc_reader_argv());
	return -errno;
}

static int exec_other_value(void)
{
	char *envp[] = {(char *)"LD_PRELOAD=", (char *)"LD_PRELOAD=/x.so",
	                (char *)"TURF_VIEW=/dev/null", NULL};

	execve(esc_self, esc_reader_argv(), envp);
	return -errno;
}

static int exec_execle(void)
{
	execle(esc_self, esc_self, "=read", esc_args[0], esc_args[1], esc_args[2], (char *)NULL,
	       empty);
	return -errno;
}

static int exec_environ(void)
{
	environ = empty;
	execv(esc_self, esc_reader_argv());
	return -errno;
}

static int exec_env_i(void)
{
	char *argv[44] = {(char *)"env", (char *)"-i"};
	char *const *reader = esc_reader_argv();

	for (int i = 0; i < 40 && reader[i]; i++)
		argv[i + 2] = reader[i];
	execv("/usr/bin/env", argv);
	return -errno;
}

static int exec_raw(void)
{
	return (int)esc_sys(SYS_execve, "/proc/self/exe", esc_reader_argv(), empty);
}

static int exec_raw_null(void)
{
	return (int)esc_sys(SYS_execve, "/proc/self/exe", esc_reader_argv(), NULL);
}

static int way_spawn(void)
{
	pid_t pid;
	int rc = posix_spawn(&pid, esc_self, NULL, NULL, esc_reader_argv(), empty);

	return rc ? esc_verdict("posix_spawn", -rc) : esc_wait(pid);
}

static int way_vfork(void)
{
	pid_t pid = vfork();

	if (pid == 0) {
		execve(esc_self, esc_reader_argv(), empty);
		_exit(CONTAINED);
	}
	return pid < 0 ? CANNOT : esc_wait(pid);
}

#define WAY(name)                                                                                  \
	static int way_##name(void)                                                                \
	{                                                                                          \
		return esc_in_child(exec_##name);                                                  \
	}
WAY(empty)
WAY(null)
WAY(clearenv)
WAY(unsetenv)
WAY(other_value)
WAY(execle)
WAY(environ)
WAY(env_i)
WAY(raw)
WAY(raw_null)

static const struct esc_way ways[] = {
        {"empty", way_empty},
        {"null", way_null},
        {"clearenv", way_clearenv},
        {"unsetenv", way_unsetenv},
        {"other_value", way_other_value},
        {"execle", way_execle},
        {"environ", way_environ},
        {"env_i", way_env_i},
        {"spawn", way_spawn},
        {"vfork", way_vfork},
        {"raw", way_raw},
        {"raw_null", way_raw_null},
};
ESC_MAIN(ways)
