/*
 * The session leader inside the sandbox's pty. It exists so that job control works: a program whose parent is in the
 * same session, and is not of its process group, can be stopped by Ctrl-Z, and the stop can be told to the supervisor.
 *
 * Runs inside the wall, as an untrusted process like the rest: nothing outside believes it more than the program.
 */
#ifndef TURF_MONITOR_INIT_H
#define TURF_MONITOR_INIT_H

#include <sys/types.h>

/*
 * Blocks the signals that init must not die of. To be called before the program is forked (the supervisor may pass
 * one on at any time); the forked program gives itself its mask back.
 */
void tf_init_prepare(void);

/*
 * Waits for the program, a direct child that leads a process group of its own (put there here as well, whoever comes
 * first), until it ends; reaps everybody else meanwhile. tty: the controlling terminal (the pty's slave), -1 = none.
 * Returns the program's exit code; when a signal ended the program it dies of the same signal, without a core dump.
 */
int tf_init_run(pid_t program, int tty);

#endif
