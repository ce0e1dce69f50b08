/*
 * The supervisor of one sandbox: single-threaded, outside the wall, a child subreaper. It waits, watches, enforces
 * limits, passes signals and the terminal on, kills every descendant, and says what happened.
 *
 * When the program ends, everything it left behind is killed at once, as in a PID namespace. At the wall-clock and
 * CPU limits everything gets SIGTERM and after the grace SIGKILL, at the memory and process limits SIGKILL at once.
 * SIGINT, SIGQUIT, SIGHUP, SIGTERM, SIGUSR1 and SIGUSR2 are passed on; SIGTERM and SIGHUP start the grace, and a
 * second SIGTERM or SIGINT within it ends it. SIGTSTP stops the sandbox and then the supervisor itself.
 *
 * kill -9 of the supervisor: the program dies by its PR_SET_PDEATHSIG (the launcher sets it), what it has daemonised
 * may survive and is found by its tag: tf_monitor_kill_all() of any later turf.
 *
 * Needs no privilege. Errors are -errno; it neither logs nor exits.
 */
#ifndef TURF_MONITOR_H
#define TURF_MONITOR_H

#include <stdint.h>
#include <sys/types.h>

struct tf_limits {
	uint64_t memory_bytes; /* of all processes together (PSS); 0 = none */
	uint64_t cpu_ms;       /* user + system, all processes, living and gone; 0 = none */
	uint64_t wall_ms;      /* 0 = none */
	uint32_t pids;         /* processes alive at once; 0 = none */
};

/* Why it ended. The words are those of the report (BenchExec's where it has one). */
enum tf_reason {
	TF_REASON_EXITED,    /* "exited" */
	TF_REASON_SIGNALLED, /* "signalled": by itself or from inside */
	TF_REASON_WALLTIME,  /* "walltime": --timeout */
	TF_REASON_CPUTIME,   /* "cputime": --cpu-time */
	TF_REASON_MEMORY,    /* "memory" */
	TF_REASON_PIDS,      /* "pids" */
	TF_REASON_KILLED, /* "killed": a signal to turf itself (SIGTERM, SIGHUP, Ctrl-C forwarded and fatal) */
};
const char *tf_reason_name(enum tf_reason reason);

struct tf_usage {
	uint64_t cpu_user_us, cpu_system_us; /* all that was reaped or seen */
	uint64_t wall_us;
	uint64_t peak_rss_bytes; /* largest sum over the living that was seen, or next line */
	uint64_t peak_process_rss_bytes; /* of the largest single process: exact, from its end */
	uint64_t peak_pss_bytes;         /* 0 = never read */
	uint32_t peak_processes;         /* that was seen; 1 without looks */
	uint32_t looks;                  /* at /proc; 0: peaks are those of one process */
	int is_cpu_sampled; /* some of it was seen by sampling only: a parent ignores its children */
};

struct tf_outcome {
	enum tf_reason reason;
	int exit_code; /* of the program, -1 when a signal ended it */
	int signal;    /* that ended it, 0 = none */
	struct tf_usage usage;
};

struct tf_monitor_opts {
	pid_t child;  /* the program (or init), a direct child; stopped or running */
	uint64_t tag; /* hard RLIMIT_RTTIME of every process inside; 0, UINT64_MAX = not tagged */
	int is_scoped; /* the caller sits in a Landlock domain whose signals reach the sandbox only: kill(-1) is safe */
	const char *proc; /* "/proc"; tests give a recorded tree */
	struct tf_limits limits;
	uint64_t grace_ms; /* between SIGTERM and SIGKILL at a limit or a request to stop */
	int tty;           /* the caller's terminal, -1 = none */
	int pty; /* the sandbox's pty master, -1 = none; needs tty. The caller has closed the slave */
	int is_output_only; /* what is typed is not for the sandbox (stdin is something else): no raw mode */
	int is_init; /* child is turf's session leader (init.h), whose stop means the program's stop (Ctrl-Z) */
	uint64_t
	        started_us; /* CLOCK_MONOTONIC when the child was started: wall time counts from there; 0 = now */
	int is_measured; /* look now and then for the report's peaks even when no limit needs it */
	int status_fd;   /* not used yet: -1 */
};

/*
 * Supervises until the program and all its descendants are gone. Blocks. Signals of the calling process are
 * taken over (signalfd) and given back. The caller has made itself a subreaper before it started the child, has
 * SIGCHLD at its default (else the child's status is lost: -ECHILD), and had better keep SIGINT, SIGTERM and SIGHUP
 * blocked from before the start until this call: they would kill it, and leave the child to PR_SET_PDEATHSIG.
 * All children of the calling process are taken for the sandbox's.
 * Returns 0 with *ret filled in, or -errno when supervision itself failed: everything inside has then been killed
 * (-EBUSY: but for what cannot die).
 */
int tf_monitor_run(const struct tf_monitor_opts *opts, struct tf_outcome *ret);

/* SIGKILL to every descendant and every process with that tag, until none is left. 0 or -errno. */
int tf_monitor_kill_all(const struct tf_monitor_opts *opts);

#endif
