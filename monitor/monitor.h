/*
 * The supervisor of one sandbox: single-threaded, outside the wall, a child subreaper. It waits, watches, enforces
 * limits, passes signals and the terminal on, kills every descendant, and says what happened.
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
	TF_REASON_KILLED,    /* "killed": a signal to turf itself (SIGTERM, SIGHUP, Ctrl-C forwarded and fatal) */
};
const char *tf_reason_name(enum tf_reason reason);

struct tf_usage {
	uint64_t cpu_user_us, cpu_system_us; /* all that was reaped or seen */
	uint64_t wall_us;
	uint64_t peak_rss_bytes; /* largest sum over the living processes that was seen */
	uint64_t peak_pss_bytes; /* 0 = never read */
	uint32_t peak_processes;
	int is_cpu_sampled; /* some of it was seen by sampling only */
};

struct tf_outcome {
	enum tf_reason reason;
	int exit_code; /* of the program, -1 when a signal ended it */
	int signal;    /* that ended it, 0 = none */
	struct tf_usage usage;
};

struct tf_monitor_opts {
	pid_t child;         /* the program (or init), a direct child; stopped or running */
	uint64_t tag;        /* hard RLIMIT_RTTIME value of every process of the sandbox; 0 = not tagged */
	int is_scoped;       /* the caller sits in a Landlock domain whose signals reach the sandbox only: kill(-1) is safe */
	const char *proc;    /* "/proc"; tests give a recorded tree */
	struct tf_limits limits;
	uint64_t grace_ms;   /* between SIGTERM and SIGKILL at a limit or a request to stop */
	int tty;             /* the caller's terminal, -1 = none */
	int pty;             /* the sandbox's pty master, -1 = none */
	int is_init;         /* child is turf's session leader, whose stop means the program's stop (Ctrl-Z) */
	int status_fd;       /* not used yet: -1 */
};

/*
 * Supervises until the program and all its descendants are gone. Blocks. Signals of the calling process are
 * taken over (signalfd) and given back. The caller has made itself a subreaper before it started the child.
 * Returns 0 with *ret filled in, or -errno when supervision itself failed: everything inside has then been killed.
 */
int tf_monitor_run(const struct tf_monitor_opts *opts, struct tf_outcome *ret);

/* SIGKILL to every descendant and every process with that tag, until none is left. 0 or -errno. */
int tf_monitor_kill_all(const struct tf_monitor_opts *opts);

#endif
