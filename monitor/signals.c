/*
 * signalfd, and the way signals go inside. It must not touch a process group that is not the sandbox's own.
 */
#include <errno.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>
#include "signals.h"

/* is_ignorable: leave it alone where the caller has it ignored. */
static const struct {
	int sig;
	int is_ignorable;
} wanted[] = {
        {SIGCHLD, 0}, {SIGINT, 1},  {SIGQUIT, 1}, {SIGHUP, 1},   {SIGTERM, 1},        {SIGUSR1, 1},
        {SIGUSR2, 1}, {SIGTSTP, 1}, {SIGCONT, 0}, {SIGWINCH, 0}, {TF_SIGNAL_WAKE, 0},
};

/* Blocked only: the terminal may not stop the supervisor while it restores the terminal's modes. */
static const int blocked[] = {SIGTTOU, SIGTTIN};

static int is_ignored(int sig)
{
	struct sigaction action;

	return sigaction(sig, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

int tf_signals_take(struct tf_signals *signals)
{
	struct sigaction child = {.sa_handler = SIG_DFL};
	struct tf_signals s = {.fd = -1};
	sigset_t mask;

	sigemptyset(&s.taken);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (!wanted[i].is_ignorable || !is_ignored(wanted[i].sig))
			sigaddset(&s.taken, wanted[i].sig);
	mask = s.taken;
	for (size_t i = 0; i < sizeof(blocked) / sizeof(blocked[0]); i++)
		sigaddset(&mask, blocked[i]);
	s.fd = signalfd(-1, &s.taken, SFD_CLOEXEC | SFD_NONBLOCK);
	if (s.fd < 0)
		return -errno;
	sigprocmask(SIG_BLOCK, &mask, &s.before);
	/* With SIGCHLD ignored, or SA_NOCLDWAIT, the kernel would throw the program's status away. */
	sigaction(SIGCHLD, &child, &s.child_before);
	*signals = s;
	return 0;
}

int tf_signals_next(struct tf_signals *signals)
{
	struct signalfd_siginfo info;
	ssize_t n;

	do {
		n = read(signals->fd, &info, sizeof(info));
	} while (n < 0 && errno == EINTR);
	return n == sizeof(info) ? (int)info.ssi_signo : 0;
}

void tf_signals_give_back(struct tf_signals *signals)
{
	/* A second SIGTERM that came too late must not kill the caller before it has told what happened. */
	while (tf_signals_next(signals))
		;
	close(signals->fd);
	signals->fd = -1;
	sigaction(SIGCHLD, &signals->child_before, NULL);
	sigprocmask(SIG_SETMASK, &signals->before, NULL);
}

void tf_signals_stop_self(void)
{
	sigset_t stop, before;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	/* SIGTSTP and not SIGSTOP: where no shell waits (an orphaned group) the kernel does not stop us. */
	kill(getpid(), SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &stop, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

void tf_signals_pass(pid_t child, int is_init, int sig)
{
	if (is_init) {
		sigqueue(child, TF_SIGNAL_PASS, (union sigval){.sival_int = sig});
		return;
	}
	/* The child is not reaped while this runs, so neither its number nor its group's can be someone else's. */
	if (sig != SIGUSR1 && sig != SIGUSR2 && getpgid(child) == child)
		kill(-child, sig);
	else
		kill(child, sig);
}
