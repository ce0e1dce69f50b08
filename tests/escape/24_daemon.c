/*
 * Attack 24: a process that wants to live on when its sandbox has ended: double fork and a session of its own,
 * deaf to signals, under another name, a reaper of its own, a swarm of them.
 * An escape: the scene finds it after turf has ended (the attempt itself always says "contained").
 */
#include <time.h>
#include "escape.h"

/* Long enough to be found, short enough to leave nothing behind where nobody ends it. */
#define LIFE_SECONDS 30

static void live_on(void)
{
	for (int fd = 0; fd < 3; fd++)
		close(fd);
	alarm(LIFE_SECONDS);
	for (;;)
		pause();
}

/* Runs body as a daemon; returns when it is on its own. */
static int daemonize(void (*body)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		setsid();
		if (fork() == 0) {
			setsid();
			body();
		}
		_exit(0);
	}
	return pid < 0 ? CANNOT : (esc_wait(pid), CONTAINED);
}

static int way_double_fork(void)
{
	return daemonize(live_on);
}

static void deaf(void)
{
	for (int sig = 1; sig < NSIG; sig++)
		if (sig != SIGALRM)
			signal(sig, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, 0);
	live_on();
}

static int way_deaf(void)
{
	return daemonize(deaf);
}

static void renamed(void)
{
	prctl(PR_SET_NAME, ") R 1 1");
	prctl(PR_SET_DUMPABLE, 0);
	live_on();
}

static int way_renamed(void)
{
	return daemonize(renamed);
}

static void reaper(void)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (int i = 0; i < 4; i++)
		if (fork() == 0) {
			setsid();
			if (fork() == 0)
				live_on();
			_exit(0);
		}
	live_on();
}

static int way_reaper(void)
{
	return daemonize(reaper);
}

static void stopped(void)
{
	raise(SIGSTOP);
	live_on();
}

static int way_stopped(void)
{
	return daemonize(stopped);
}

static int way_swarm(void)
{
	for (int i = 0; i < 64; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			setsid();
			if (fork())
				_exit(0);
			live_on();
		}
		if (pid < 0)
			break;
	}
	while (wait(NULL) > 0)
		;
	return CONTAINED;
}

/*
 * A runner that never stops forking: each child outlives its parent for a moment, too short a one for a look at
 * /proc. It leaves a dot on stderr at every turn: the runner of this suite sees whether that goes on.
 */
static void relay(void)
{
	time_t end = time(NULL) + 4;

	for (int i = 0; i < 100000 && time(NULL) < end; i++) {
		pid_t pid = fork();

		if (pid > 0)
			_exit(0);
		if (pid < 0)
			usleep(1000);
		setsid();
		esc_sys(SYS_write, 2, ".", 1);
	}
}

static int way_relay(void)
{
	return daemonize(relay);
}

static const struct esc_way ways[] = {
        {"double_fork", way_double_fork},
        {"deaf", way_deaf},
        {"renamed", way_renamed},
        {"reaper", way_reaper},
        {"stopped", way_stopped},
        {"swarm", way_swarm},
        {"relay", way_relay},
};
ESC_MAIN(ways)
