/*
 * Fallback mode, from settings to outcome: work dir, plan, wall, child, monitor; and everything taken away again, whatever
 * happened. Each step names itself in its error.
 */
#include "fallback.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../base/log.h"
#include "../kernel/probe.h"
#include "../kernel/tier.h"
#include "box.h"
#include "child.h"
#include "program.h"
#include "skeleton.h"
#include "wall.h"
#include "workdir.h"

#define GRACE_MS 2000 /* between SIGTERM and SIGKILL */

/* One run at a time in a process: large, and most of it never touched. */
struct run {
	const struct tf_settings *set;
	enum tf_tier tier;
	struct tf_workdir work;
	struct tf_box box;
	struct tf_places places;
	struct tf_plan plan;
	struct tf_wall wall;
	struct tf_exec exec;
	char *env[TF_MAX_ENV + 1];
	char cwd[TF_PATH_MAX];   /* the caller's */
	char start[TF_PATH_MAX]; /* host path of the directory to start in */
	struct tf_pty pty;
	struct tf_child child;
};
static struct run the_run;

extern char **environ;

static const char *guest_home(const struct tf_settings *set)
{
	const char *home = set->home;

	for (char **e = environ; !home && *e; e++)
		if (strncmp(*e, "HOME=", 5) == 0)
			home = *e + 5;
	return home && home[0] == '/' && home[1] ? home : "/work";
}

static int make_places(struct run *r, struct tf_err *err)
{
	int rc = tf_workdir_open(&r->work, err);

	if (rc == 0)
		rc = tf_workdir_library(&r->work, err);
	if (rc == 0)
		rc = tf_box_open(&r->box, &r->work, r->set->name, err);
	r->places = (struct tf_places){.work = r->work.path,
	                               .box = r->box.path,
	                               .library = r->work.library,
	                               .view = r->box.view,
	                               .shared = r->box.shared,
	                               .home = guest_home(r->set),
	                               .cwd = getcwd(r->cwd, sizeof(r->cwd))};
	return rc;
}

static uint32_t view_flags(enum tf_tier tier)
{
	struct tf_probe_result openat2;

	tf_probe_run(TF_PROBE_OPENAT2, &openat2);
	return (openat2.is_there ? TF_VIEW_OPENAT2 : 0) |
	       (tier == TF_TIER_COOPERATIVE ? TF_VIEW_COOPERATIVE : 0);
}

static int make_plan(struct run *r, struct tf_err *err)
{
	int rc = tf_plan_make(&r->plan, r->set, &r->places, view_flags(r->tier), err);

	if (rc == 0)
		rc = tf_box_fill(&r->box, &r->plan, err);
	if (rc == 0 && r->plan.skeleton)
		rc = tf_skeleton_make(r->work.fd, r->work.path, &r->plan, err);
	if (rc == 0)
		rc = tf_plan_rules(&r->plan, &r->places, err);
	return rc;
}

static int make_program(struct run *r, struct tf_err *err)
{
	const struct tf_settings *set = r->set;
	int rc = tf_plan_environ(&r->plan, set, r->places.home, environ, r->env, TF_MAX_ENV, err);

	if (rc < 0)
		return rc;
	tf_rt_adopt(&r->plan.view);
	rc = tf_program_cwd(&r->plan, r->start, sizeof(r->start), err);
	return rc < 0 ? rc : tf_program_find(&r->plan, set->argv, r->env, &r->exec, err);
}

/*
 * A terminal of the sandbox's own when turf is used interactively. When only one side is a terminal (a pipeline) the
 * descriptors go as they are: the program has a session of its own, so the terminal is not its to control.
 */
static int make_pty(struct run *r, struct tf_err *err)
{
	r->pty = (struct tf_pty){.master = -1, .slave = -1};
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return 0;
	int rc = tf_pty_open(&r->pty);
	if (rc == 0)
		rc = tf_pty_copy(&r->pty, STDIN_FILENO);
	return rc < 0 ? tf_err_set(err, TF_E_SYSTEM, -rc, "cannot make a terminal for the sandbox")
	              : 0;
}

static int start(struct run *r, pid_t *ret_pid, struct tf_err *err)
{
	struct tf_child *c = &r->child;

	*c = (struct tf_child){.host = r->exec.host,
	                       .argv = r->exec.argv,
	                       .envp = r->exec.envp,
	                       .cwd = r->start,
	                       .landlock = r->wall.landlock.fd >= 0 ? &r->wall.landlock : NULL,
	                       .seccomp = r->wall.has_seccomp ? &r->wall.seccomp : NULL,
	                       .ulimits = r->wall.ulimits,
	                       .nulimits = r->wall.nulimits,
	                       .tag = r->wall.tag,
	                       .preserve_fds = r->set->preserve_fds,
	                       .pty = r->pty.master >= 0 ? &r->pty : NULL};
	/* Orphans come to us, so that nobody can leave the sandbox's tree (double fork). */
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		return tf_err_set(err, TF_E_SYSTEM, errno, "cannot become a subreaper");
	tf_wall_scope_self(&r->wall);
	int rc = tf_child_start(c, ret_pid);
	if (rc == 0)
		return 0;
	int is_exec = strcmp(c->failed, "execve") == 0;
	return tf_err_set(err, is_exec ? TF_E_NOEXEC : TF_E_SYSTEM, -rc, "%s: %s",
	                  is_exec ? r->set->argv[0] : "cannot start the program", c->failed);
}

/* Gives whole pages back: what was only needed for the start would be the supervisor's memory for as long as the program runs. */
static void forget(void *p, size_t n)
{
	uintptr_t start = ((uintptr_t)p + 4095) & ~(uintptr_t)4095,
	          end = ((uintptr_t)p + n) & ~(uintptr_t)4095;

	if (start < end)
		madvise((void *)start, end - start, MADV_DONTNEED);
}

static void forget_start(struct run *r)
{
	tf_plan_done(&r->plan);
	r->plan.nentries = 0;
	forget(&r->plan, sizeof(r->plan));
	forget(&r->exec, sizeof(r->exec));
	forget(r->env, sizeof(r->env));
	forget(&r->wall.seccomp, sizeof(r->wall.seccomp));
	tf_rt_forget();
}

static int supervise(struct run *r, pid_t pid, struct tf_outcome *ret, struct tf_err *err)
{
	const struct tf_settings *set = r->set;
	struct tf_monitor_opts opts = {
	        .child = pid,
	        .tag = r->wall.tag,
	        .is_scoped = r->wall.is_scoped,
	        .proc = "/proc",
	        .limits = {.memory_bytes = set->memory_bytes,
	                   .cpu_ms = set->cpu_ms,
	                   .wall_ms = set->wall_ms,
	                   .pids = set->pids},
	        .grace_ms = GRACE_MS,
	        .tty = r->pty.master >= 0 ? STDIN_FILENO : -1,
	        .pty = r->pty.master,
	        .is_init = r->pty.master >= 0,
	        .is_measured = set->report || set->status_fd >= 0,
	        .status_fd = -1,
	};
	if (r->pty.slave >= 0)
		close(r->pty.slave);
	r->pty.slave = -1;
	tf_wall_done(&r->wall);
	forget_start(r);
	int rc = tf_monitor_run(&opts, ret);
	return rc < 0 ? tf_err_set(err, TF_E_SYSTEM, -rc,
	                           "the supervisor failed; everything inside was killed")
	              : 0;
}

static int run_steps(struct run *r, struct tf_outcome *ret, struct tf_err *err)
{
	pid_t pid = -1;
	int rc = make_places(r, err);

	if (rc == 0)
		rc = make_plan(r, err);
	if (rc < 0 || r->set->is_explain) {
		if (rc == 0)
			tf_plan_explain(&r->plan, r->set, STDOUT_FILENO);
		return rc;
	}
	rc = make_program(r, err);
	if (rc == 0)
		rc = tf_wall_make(&r->wall, &r->plan, r->set, r->tier, err);
	if (rc == 0)
		rc = make_pty(r, err);
	if (rc == 0)
		rc = start(r, &pid, err);
	return rc < 0 ? rc : supervise(r, pid, ret, err);
}

int tf_fallback_run(const struct tf_settings *set, struct tf_outcome *ret, struct tf_err *err)
{
	struct run *r = &the_run;
	struct tf_outcome outcome = {.exit_code = 0};
	int rc;

	r->set = set;
	r->work.fd = -1;
	r->box = (struct tf_box){.all = -1, .fd = -1};
	r->wall.landlock.fd = -1;
	r->pty = (struct tf_pty){.master = -1, .slave = -1};
	rc = tf_tier_pick(set->tier, &r->tier, err);
	if (rc < 0)
		return rc;
	if (r->tier != TF_TIER_KERNEL && !set->is_quiet)
		tf_log(TF_LOG_WARN,
		       "tier %s: hooks only, a guard against accidents and no boundary",
		       tf_tier_name(r->tier));
	rc = run_steps(r, &outcome, err);
	tf_pty_close(&r->pty);
	tf_wall_done(&r->wall);
	tf_plan_done(&r->plan);
	/* A named sandbox stays, unless it never started. */
	struct tf_err why = {.code = TF_E_NONE};
	int is_kept = rc == 0 && set->name && !set->is_rm && !set->is_explain;
	if (tf_box_close(&r->box, is_kept, &why) < 0)
		tf_log(TF_LOG_WARN, "left behind: %s", why.text);
	tf_workdir_close(&r->work);
	if (rc == 0)
		*ret = outcome;
	return rc;
}
