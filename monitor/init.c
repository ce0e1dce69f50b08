/*
 * Init of a sandbox with a terminal. Everything it is told comes as a blocked signal that sigwaitinfo() takes, so
 * it has no handlers and needs no descriptors but the terminal.
 */
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "init.h"
#include "signals.h"

struct init {
	pid_t program;
	int tty;
	pid_t foreground; /* the group that had the terminal when the program was stopped */
};

/* Kept from killing or stopping init; the supervisor's requests go to the others, or come as TF_SIGNAL_PASS. */
static const int held[] = {SIGCHLD, SIGINT,  SIGQUIT,        SIGHUP,        SIGTERM,
                           SIGUSR1, SIGUSR2, SIGTSTP,        SIGTTIN,       SIGTTOU,
                           SIGPIPE, SIGALRM, TF_SIGNAL_PASS, TF_SIGNAL_WAKE};

static void held_set(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++)
		sigaddset(set, held[i]);
}

void tf_init_prepare(void)
{
	struct sigaction standard = {.sa_handler = SIG_DFL};
	sigset_t set;

	held_set(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigaction(SIGCHLD, &standard, NULL);
}

/* Dies as the program did, so that the supervisor sees the same status. */
static int die_of(int sig)
{
	struct rlimit none = {0};
	struct sigaction standard = {.sa_handler = SIG_DFL};
	sigset_t set;

	/* The program may have dumped core; init's would say nothing, and a pipe handler ignores the limit. */
	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	sigaction(sig, &standard, NULL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	kill(getpid(), sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	return 128 + sig;
}

/*
 * A program that asked for the terminal before it was its own (a shell does so first of all) is stopped for it. Nobody
 * else wants the terminal: it is init's only until the program has it.
 */
static int is_early(const struct init *init, int sig)
{
	pid_t foreground = init->tty >= 0 ? tcgetpgrp(init->tty) : -1;

	if ((sig != SIGTTIN && sig != SIGTTOU) || foreground < 0)
		return 0;
	if (foreground == getpgrp())
		return tcsetpgrp(init->tty, init->program) == 0;
	return foreground == init->program; /* given to it since */
}

/* The program's group was stopped: stop as well, with the terminal; the supervisor does the rest. */
static void stop_too(struct init *init)
{
	init->foreground = init->tty >= 0 ? tcgetpgrp(init->tty) : -1;
	if (init->tty >= 0)
		tcsetpgrp(init->tty, getpgrp());
	kill(getpid(), SIGSTOP);
	/* Continued. */
	if (init->tty >= 0)
		tcsetpgrp(init->tty, init->foreground > 0 && init->foreground != getpgrp()
		                             ? init->foreground
		                             : init->program);
	kill(-init->program, SIGCONT);
}

static void pass_on(const struct init *init, int sig)
{
	if (sig <= 0 || sig > SIGRTMAX)
		return;
	if (sig == SIGUSR1 || sig == SIGUSR2)
		kill(init->program, sig);
	else
		kill(-init->program, sig);
}

/* Everything that has ended or stopped. 1 = the program has ended, with *ret_status. */
static int collect(struct init *init, int *ret_status)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0 ||
	       (pid < 0 && errno == EINTR)) {
		if (pid != init->program)
			continue;
		if (WIFSTOPPED(status)) {
			if (is_early(init, WSTOPSIG(status)))
				kill(-init->program, SIGCONT);
			else
				stop_too(init);
			continue;
		}
		*ret_status = status;
		return 1;
	}
	return 0;
}

int tf_init_run(pid_t program, int tty)
{
	struct init init = {.program = program, .tty = tty, .foreground = -1};
	siginfo_t info;
	sigset_t set;
	int status;

	tf_init_prepare();
	/* The program does the same before its exec; neither may run ahead of it. EACCES: it has exec'd already. */
	setpgid(program, program);
	if (tty >= 0 && tcgetpgrp(tty) == getpgrp())
		tcsetpgrp(tty, program);
	held_set(&set);
	while (!collect(&init, &status)) {
		if (sigwaitinfo(&set, &info) == TF_SIGNAL_PASS)
			pass_on(&init, info.si_value.sival_int);
	}
	if (WIFSIGNALED(status))
		return die_of(WTERMSIG(status));
	return WEXITSTATUS(status);
}
