/*
 * The signals of the supervisor, taken over as a descriptor, and what it sends to init. A signal that the caller
 * ignores (nohup, a background job of a script) stays ignored and is not passed on.
 */
#ifndef TURF_MONITOR_SIGNALS_H
#define TURF_MONITOR_SIGNALS_H

#include <signal.h>
#include <sys/types.h>

/* Real-time signals of turf's own, the same number under every libc. */
#define TF_SIGNAL_PASS 40 /* to init, with a signal number as value: pass it on to the program */
#define TF_SIGNAL_WAKE 41 /* from a CPU timer: an idle member has begun to work */

struct tf_signals {
	int fd; /* signalfd, not blocking */
	sigset_t before, taken;
	struct sigaction child_before;
};

/* Blocks them and opens the descriptor. 0 or -errno, then nothing is changed. */
int tf_signals_take(struct tf_signals *signals);

/* The next one that has arrived, or 0. */
int tf_signals_next(struct tf_signals *signals);

/* Forgets what has arrived, gives the caller's mask back. */
void tf_signals_give_back(struct tf_signals *signals);

/* Stops the caller like any job; returns when it is continued, or at once where nobody could continue it. */
void tf_signals_stop_self(void);

/*
 * Passes a signal on to the program: to init, which knows the program's group; without init to the program's own
 * process group, or to it alone when it has none of its own. SIGUSR1 and SIGUSR2 always go to the program alone: a
 * child that does not know them would die of them.
 */
void tf_signals_pass(pid_t child, int is_init, int sig);

#endif
