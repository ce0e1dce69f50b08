/*
 * Commands for the shell: system, popen, pclose. libc starts /bin/sh by internal calls, with environ as it
 * stands. Where the guest's shell is the host's and environ still carries the view on, that is right,
 * and libc's own function does it with all its care for cancellation. After clearenv() or over another /bin/sh the
 * work is done here, by posix_spawn.
 */
#include "compose.h"

#pragma weak sigaction
#pragma weak sigprocmask
#pragma weak waitpid
#pragma weak posix_spawnattr_init
#pragma weak posix_spawnattr_destroy
#pragma weak posix_spawnattr_setflags
#pragma weak posix_spawnattr_setsigmask
#pragma weak posix_spawnattr_setsigdefault
#pragma weak posix_spawn_file_actions_init
#pragma weak posix_spawn_file_actions_destroy
#pragma weak posix_spawn_file_actions_adddup2
#pragma weak posix_spawn_file_actions_addclose

/* ---- is libc's own way right? ---- */

static int has_string(char *const *list, const char *s)
{
	for (; *list; list++)
		if (!strcmp(*list, s))
			return 1;
	return 0;
}

/* Whether a plan for environ would change nothing. */
static int environ_is_ready(void)
{
	struct tf_exec ex;
	int ready;

	/* The plan fills in only the environment's part, tf_rt_exec_done() looks at both. */
	ex.args_mapped = 0;
	if (!&environ || !environ || tf_rt_env_plan(&ex, environ) < 0)
		return 0;
	ready = 1;
	for (char **e = ex.envp; *e && ready; e++)
		ready = has_string(environ, *e);
	for (char **e = environ; *e && ready; e++)
		ready = has_string(ex.envp, *e);
	tf_rt_exec_done(&ex);
	return ready;
}

int tf_compose_shell_is_ready(void)
{
	return environ_is_ready() && tf_compose_is_host("/bin/sh");
}

static int spawn_shell(pid_t *ret_pid, const char *command,
                       const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attr)
{
	char *argv[] = {(char *)(uintptr_t) "sh", (char *)(uintptr_t) "-c",
	                (char *)(uintptr_t)command, NULL};

	return posix_spawn(ret_pid, "/bin/sh", actions, attr, argv, environ);
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (tf_rt_errno() != EINTR)
			return -1;
	return status;
}

/* ---- system ---- */

/* The caller's SIGINT and SIGQUIT while commands run, for the first of several threads. */
static struct {
	int lock;
	int users;
	struct sigaction intr, quit;
} ignored;

static void ignore_keys(struct sigaction *ret_intr, struct sigaction *ret_quit)
{
	struct sigaction ign;

	memset(&ign, 0, sizeof(ign));
	ign.sa_handler = SIG_IGN;
	tf_lock(&ignored.lock);
	if (ignored.users++ == 0) {
		sigaction(SIGINT, &ign, &ignored.intr);
		sigaction(SIGQUIT, &ign, &ignored.quit);
	}
	*ret_intr = ignored.intr;
	*ret_quit = ignored.quit;
	tf_unlock(&ignored.lock);
}

static void restore_keys(void)
{
	tf_lock(&ignored.lock);
	if (--ignored.users == 0) {
		sigaction(SIGINT, &ignored.intr, NULL);
		sigaction(SIGQUIT, &ignored.quit, NULL);
	}
	tf_unlock(&ignored.lock);
}

static void set_bit(sigset_t *set, int sig)
{
	((unsigned long *)(void *)set)[0] |= 1ul << (sig - 1);
}

static int run_system(const char *command)
{
	struct sigaction intr, quit;
	sigset_t chld, before, defaults;
	posix_spawnattr_t attr;
	int status = 127 << 8; /* as if the shell had exited so (system(3)) */
	pid_t pid;

	memset(&chld, 0, sizeof(chld));
	memset(&defaults, 0, sizeof(defaults));
	set_bit(&chld, SIGCHLD);
	ignore_keys(&intr, &quit);
	sigprocmask(SIG_BLOCK, &chld, &before);
	if (intr.sa_handler != SIG_IGN)
		set_bit(&defaults, SIGINT);
	if (quit.sa_handler != SIG_IGN)
		set_bit(&defaults, SIGQUIT);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &before);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	if (spawn_shell(&pid, command, NULL, &attr) == 0)
		status = wait_for(pid);
	posix_spawnattr_destroy(&attr);
	restore_keys();
	sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
}

TF_EXPORT int system(const char *command)
{
	if (!tf_rt_view() || tf_compose_shell_is_ready())
		return TF_REAL(system)(command);
	return command ? run_system(command) : run_system("exit 0") == 0;
}

/* ---- popen ---- */

/* Streams that were opened here, for pclose. */
struct stream {
	struct stream *next;
	FILE *file;
	int fd;
	pid_t pid;
};
static struct stream *streams;
static int streams_lock;

/* Bits of a popen mode; -EINVAL as both libcs. */
#define POPEN_READ 1
#define POPEN_WRITE 2
#define POPEN_CLOEXEC 4

static int popen_mode(const char *mode)
{
	int bits = 0;

	for (; *mode; mode++) {
		if (*mode == 'r')
			bits |= POPEN_READ;
		else if (*mode == 'w')
			bits |= POPEN_WRITE;
		else if (*mode == 'e')
			bits |= POPEN_CLOEXEC;
		else
			return -EINVAL;
	}
	return (bits & POPEN_READ) == (bits & POPEN_WRITE) >> 1 ? -EINVAL : bits;
}

/* The child's end becomes its 0 or 1; streams of earlier popens are closed in it (popen(3)). */
static int spawn_piped(struct stream *s, const char *command, int child_fd, int target)
{
	posix_spawn_file_actions_t actions;
	int e;

	e = posix_spawn_file_actions_init(&actions);
	if (e)
		return e;
	e = posix_spawn_file_actions_adddup2(&actions, child_fd, target);
	tf_lock(&streams_lock);
	for (struct stream *old = streams; old && !e; old = old->next)
		if (old->fd != target)
			e = posix_spawn_file_actions_addclose(&actions, old->fd);
	tf_unlock(&streams_lock);
	if (!e)
		e = spawn_shell(&s->pid, command, &actions, NULL);
	posix_spawn_file_actions_destroy(&actions);
	return e;
}

static int start_stream(struct stream *s, const char *command, int bits)
{
	int ends[2], mine = bits & POPEN_WRITE ? 1 : 0, e;
	long r = tf_sys(SYS_pipe2, ends, O_CLOEXEC);

	if (r < 0)
		return (int)-r;
	s->fd = ends[mine];
	s->file = fdopen(s->fd, mine ? "w" : "r");
	if (!s->file) {
		e = tf_rt_errno();
		tf_sys(SYS_close, s->fd);
		tf_sys(SYS_close, ends[!mine]);
		return e;
	}
	e = spawn_piped(s, command, ends[!mine], !mine);
	tf_sys(SYS_close, ends[!mine]);
	if (e)
		fclose(s->file);
	else if (!(bits & POPEN_CLOEXEC))
		tf_sys(SYS_fcntl, s->fd, F_SETFD, 0);
	return e;
}

static FILE *run_popen(const char *command, const char *mode)
{
	int bits = popen_mode(mode), e;
	struct stream *s;

	if (bits < 0)
		return tf_null(bits);
	s = malloc(sizeof(*s));
	if (!s)
		return NULL;
	e = start_stream(s, command, bits);
	if (e) {
		free(s);
		return tf_null(-e);
	}
	tf_lock(&streams_lock);
	s->next = streams;
	streams = s;
	tf_unlock(&streams_lock);
	return s->file;
}

TF_EXPORT FILE *popen(const char *command, const char *mode)
{
	if (!tf_rt_view() || tf_compose_shell_is_ready())
		return TF_REAL(popen)(command, mode);
	return run_popen(command, mode);
}

TF_TWIN(_IO_popen, popen);

static struct stream *take_stream(const FILE *file)
{
	struct stream **at, *s;

	tf_lock(&streams_lock);
	for (at = &streams; *at && (*at)->file != file; at = &(*at)->next)
		;
	s = *at;
	if (s)
		*at = s->next;
	tf_unlock(&streams_lock);
	return s;
}

TF_EXPORT int pclose(FILE *file)
{
	struct stream *s = take_stream(file);
	pid_t pid;

	if (!s)
		return TF_REAL(pclose)(file);
	pid = s->pid;
	fclose(file);
	free(s);
	return wait_for(pid);
}
