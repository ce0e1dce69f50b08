/*
 * Starts the program behind the wall. See child.h. The child is made with CLONE_VM | CLONE_VFORK: no page tables are copied,
 * and errors come back through the shared memory. Only async-signal-safe calls between clone and exec.
 */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../monitor/init.h"
#include "../base/fd.h"
#include "../kernel/caps.h"
#include "../kernel/rlimit.h"

/* The vfork child's stack; the parent sleeps meanwhile, so one is enough. */
static char stack[64 << 10] __attribute__((aligned(16)));

static int step(struct tf_child *c, const char *name, int rc)
{
	if (rc < 0) {
		c->failed = name;
		c->error = -rc;
	}
	return rc;
}

static int sys(int rc)
{
	return rc < 0 ? -errno : rc;
}

/* Everything that binds the process and all it will start. Order matters: see each line. */
static int enter_wall(struct tf_child *c)
{
	int rc = step(c, "chdir", sys(chdir(c->cwd)));

	if (rc >= 0)
		rc = step(c, "setrlimit", tf_rlimit_apply(c->ulimits, c->nulimits));
	if (rc >= 0)
		rc = step(c, "setting the tag", tf_rlimit_tag(c->tag));
	/* Capabilities go first: with them Landlock and seccomp would not need no_new_privs, the program neither. */
	if (rc >= 0)
		rc = step(c, "dropping capabilities", tf_caps_drop());
	if (rc >= 0)
		rc = step(c, "no_new_privs", sys(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)));
	if (rc >= 0 && c->landlock)
		rc = step(c, "landlock_restrict_self", tf_landlock_enter(c->landlock));
	/* After Landlock, whose ruleset is one of them; before the filter, so that nothing of turf's is open behind it. */
	if (rc >= 0)
		rc = step(c, "closing descriptors", tf_fd_close_from(3 + c->preserve_fds));
	if (rc >= 0 && c->seccomp)
		rc = step(c, "seccomp", tf_seccomp_enter(c->seccomp));
	return rc;
}

/* Should turf be killed, the program dies with it. The parent may be gone before the call: then so are we. */
static int die_with_parent(struct tf_child *c, pid_t parent)
{
	int rc = step(c, "prctl", sys(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)));

	if (rc >= 0 && getppid() != parent)
		raise(SIGKILL);
	return rc;
}

static void do_exec(struct tf_child *c, const sigset_t *mask)
{
	sigprocmask(SIG_SETMASK, mask, NULL);
	execve(c->host, c->argv, c->envp);
	step(c, "execve", -errno);
}

struct start {
	struct tf_child *c;
	sigset_t mask; /* the caller's */
	pid_t parent;
	int tty; /* with a pty: the session leader's descriptor on it */
};

/* Without a pty: the child is the program. */
static int plain_child(void *arg)
{
	struct start *s = arg;

	if (die_with_parent(s->c, s->parent) >= 0 && step(s->c, "setsid", sys(setsid())) >= 0 &&
	    enter_wall(s->c) >= 0)
		do_exec(s->c, &s->mask);
	_exit(125);
}

static int clone_vfork(int (*fn)(void *), void *arg)
{
	return sys(clone(fn, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD, arg));
}

/* ---- with a pty: session leader, then the program in a process group of its own ---- */

static int leader_child(void *arg)
{
	struct start *s = arg;

	/* The leader is the parent now, and its memory is shared: it waits in the clone. */
	if (die_with_parent(s->c, s->parent) >= 0 &&
	    step(s->c, "setpgid", sys(setpgid(0, 0))) >= 0) {
		/* Its group is the terminal's from the first instruction on (SIGTTOU is blocked here). */
		tcsetpgrp(s->tty, getpgrp());
		do_exec(s->c, &s->mask);
	}
	_exit(125);
}

static int take_terminal(struct tf_child *c)
{
	int rc = step(c, "taking the terminal", tf_pty_take(c->pty->slave));

	for (int fd = 0; fd <= 2 && rc >= 0; fd++)
		if (isatty(fd))
			rc = step(c, "dup2", sys(dup2(c->pty->slave, fd)));
	return rc;
}

/* Tells the launcher how the start went: nothing but the end of the pipe means well. */
struct verdict {
	int error;
	char failed[60];
};

static void tell(int pipe_fd, const struct tf_child *c)
{
	struct verdict v = {.error = c->error};

	if (!c->error)
		return;
	for (size_t i = 0; i < sizeof(v.failed) - 1 && c->failed[i]; i++)
		v.failed[i] = c->failed[i];
	tf_fd_write(pipe_fd, &v, sizeof(v));
}

static _Noreturn void run_leader(struct start *s, int pipe_fd)
{
	struct tf_child *c = s->c;
	int tty, pid = -1;

	/* The pipe and a descriptor for the terminal survive the closing of all above preserve_fds: kept as 0-2's copies. */
	if (die_with_parent(c, s->parent) >= 0 && take_terminal(c) >= 0) {
		int keep = (int)(3 + c->preserve_fds);

		/* Two numbers right above the preserved ones, closed on exec. */
		tty = step(c, "fcntl", sys(fcntl(c->pty->slave, F_DUPFD_CLOEXEC, keep + 2)));
		int out =
		        tty < 0 ? -1
		                : step(c, "fcntl", sys(fcntl(pipe_fd, F_DUPFD_CLOEXEC, keep + 2)));
		if (out >= 0 && dup3(tty, keep, O_CLOEXEC) == keep &&
		    dup3(out, keep + 1, O_CLOEXEC) == keep + 1) {
			tty = keep;
			pipe_fd = keep + 1;
			c->preserve_fds += 2;
			s->parent = getpid();
			s->tty = tty;
			tf_init_prepare();
			if (enter_wall(c) >= 0)
				pid = step(c, "clone", clone_vfork(leader_child, s));
		}
	}
	if (pid > 0 && c->error) {
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
		pid = -1;
	}
	tell(pipe_fd, c);
	close(pipe_fd);
	if (pid < 0)
		_exit(125);
	_exit(tf_init_run(pid, tty));
}

/* What went wrong is in s->c. */
static void start_with_leader(struct start *s, pid_t *ret_pid)
{
	struct verdict v;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0) {
		step(s->c, "pipe", -errno);
		return;
	}
	pid_t pid = fork();
	if (pid == 0) {
		close(ends[0]);
		run_leader(s, ends[1]);
	}
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		step(s->c, "fork", -errno);
		return;
	}
	ssize_t n = tf_fd_read(ends[0], &v, sizeof(v));
	close(ends[0]);
	*ret_pid = pid;
	if (n == 0)
		return;
	static char failed[sizeof(v.failed)];
	memcpy(failed, v.failed, sizeof(failed));
	step(s->c, n == sizeof(v) ? failed : "starting", n == sizeof(v) ? -v.error : -EIO);
}

int tf_child_start(struct tf_child *c, pid_t *ret_pid)
{
	struct start s = {.c = c, .parent = getpid()};
	sigset_t all;

	c->failed = NULL;
	c->error = 0;
	/* No handler may run in the child, which shares our memory; exec resets them, and keeps what the caller ignores. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &s.mask);
	*ret_pid = -1;
	if (c->pty)
		start_with_leader(&s, ret_pid);
	else
		*ret_pid = step(c, "clone", clone_vfork(plain_child, &s));
	sigprocmask(SIG_SETMASK, &s.mask, NULL);
	if (!c->error)
		return 0;
	if (*ret_pid > 0)
		while (waitpid(*ret_pid, NULL, 0) < 0 && errno == EINTR)
			;
	return -c->error;
}
