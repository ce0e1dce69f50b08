/*
 * The wall. See wall.h.
 */
#include "wall.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../kernel/rlimit.h"

/* The view's access bits as Landlock's. */
static unsigned int landlock_access(unsigned int access)
{
	unsigned int ret = 0;

	ret |= access & TF_READ ? TF_LL_READ : 0;
	ret |= access & TF_WRITE ? TF_LL_WRITE : 0;
	ret |= access & TF_EXEC ? TF_LL_EXEC : 0;
	ret |= access & TF_RULE_LIST ? TF_LL_LIST : 0;
	ret |= access & TF_RULE_IOCTL ? TF_LL_IOCTL : 0;
	return ret;
}

static int add_rules(struct tf_wall *wall, const struct tf_plan *plan, struct tf_err *err)
{
	for (unsigned int i = 0; i < plan->nrules; i++) {
		const struct tf_rule *r = &plan->rule[i];
		unsigned int access = landlock_access(r->access);
		int rc = r->fd >= 0
		                 ? tf_landlock_allow_fd(&wall->landlock, r->fd, r->is_dir, access)
		                 : tf_landlock_allow_path(&wall->landlock, r->host, access, err);

		if (rc < 0 && r->fd >= 0)
			return tf_err_set(err, TF_E_PATH, -rc, "cannot grant access to %s",
			                  r->host);
		/* A file beside a hidden one that went away since it was listed. */
		if (rc < 0 && rc != -ENOENT)
			return rc;
	}
	return 0;
}

static int add_ports(struct tf_wall *wall, const struct tf_settings *set, struct tf_err *err)
{
	for (unsigned int i = 0; i < set->nports; i++) {
		const struct tf_port *p = &set->ports[i];
		int rc = tf_landlock_allow_port(&wall->landlock, p->port, p->may_bind,
		                                p->may_connect, err);

		if (rc < 0)
			return tf_err_context(err, rc, "--network");
	}
	return 0;
}

static int make_landlock(struct tf_wall *wall, const struct tf_plan *plan,
                         const struct tf_settings *set, struct tf_err *err)
{
	unsigned int what = TF_LL_SCOPES | (set->network == TF_NETWORK_HOST ? 0 : TF_LL_NET);
	int rc = tf_landlock_open(&wall->landlock, what, err);

	if (rc == 0)
		rc = add_rules(wall, plan, err);
	if (rc == 0 && set->network == TF_NETWORK_LIST)
		rc = add_ports(wall, set, err);
	return rc;
}

static int is_asked_for(const struct tf_settings *set, int resource)
{
	for (unsigned int i = 0; i < set->nulimits; i++)
		if (set->ulimits[i].resource == resource)
			return 1;
	return 0;
}

/* One of turf's own; --ulimit takes its place, since a hard limit once lowered cannot be raised. */
static void add_limit(struct tf_wall *wall, const struct tf_settings *set, int resource,
                      uint64_t value)
{
	struct rlimit now;

	if (is_asked_for(set, resource))
		return;
	/* Never above what the caller may have. */
	if (syscall(SYS_prlimit64, 0, resource, NULL, &now) == 0 && now.rlim_max < value)
		value = now.rlim_max;
	wall->ulimits[wall->nulimits++] =
	        (struct tf_ulimit){.resource = resource, .soft = value, .hard = value};
}

static void make_limits(struct tf_wall *wall, const struct tf_settings *set)
{
	wall->nulimits = 0;
	/* One byte: no core file is that small, and the kernel takes 1 as the sign not to start a pipe handler either (core(5)). */
	add_limit(wall, set, RLIMIT_CORE, 1);
	/*
	 * A backstop for one process that outruns the monitor, wide enough that the monitor's verdict (137 and a report) comes
	 * first. Address space is no measure: RLIMIT_AS breaks what only reserves.
	 */
	if (set->memory_bytes)
		add_limit(wall, set, RLIMIT_DATA, 2 * set->memory_bytes + (UINT64_C(256) << 20));
	for (unsigned int i = 0; i < set->nulimits; i++)
		wall->ulimits[wall->nulimits++] = set->ulimits[i];
}

/*
 * The tag: a number of microseconds, huge, and different for each run. It has to fit below the caller's own limit: turf
 * inside turf gets a smaller one than the outer.
 */
static int make_tag(struct tf_wall *wall)
{
	const uint64_t top = UINT64_C(1) << 62, span = UINT64_C(1) << 52;
	struct timespec now;
	uint64_t have;
	int rc = tf_rlimit_read_tag(&have);

	if (rc < 0)
		return rc;
	clock_gettime(CLOCK_MONOTONIC, &now);
	uint64_t salt = ((uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec) ^
	                (uint64_t)getpid() << 36;
	wall->tag = top + salt % span;
	if (have < wall->tag)
		wall->tag = have > 1 ? have - 1 - salt % (have / 2) : have;
	return 0;
}

/* A list without any port to bind: then listen(2) is refused too, which would pick a port by itself. */
static int is_connect_only(const struct tf_settings *set)
{
	for (unsigned int i = 0; i < set->nports; i++)
		if (set->ports[i].may_bind)
			return 0;
	return set->network == TF_NETWORK_LIST;
}

int tf_wall_make(struct tf_wall *wall, const struct tf_plan *plan, const struct tf_settings *set,
                 enum tf_tier tier, struct tf_err *err)
{
	struct tf_seccomp_opts opts = {.network = (int)set->network,
	                               .may_unix = set->may_unix,
	                               .is_connect_only = is_connect_only(set)};
	int rc = make_tag(wall);

	wall->landlock.fd = -1;
	wall->has_seccomp = 0;
	wall->is_scoped = 0;
	if (rc < 0)
		return tf_err_set(err, TF_E_SYSTEM, -rc, "cannot read RLIMIT_RTTIME");
	make_limits(wall, set);
	if (tier == TF_TIER_COOPERATIVE)
		return 0;
	rc = make_landlock(wall, plan, set, err);
	if (rc < 0)
		return rc;
	rc = tf_seccomp_build(&opts, &wall->seccomp);
	if (rc < 0)
		return tf_err_set(err, TF_E_SYSTEM, -rc, "cannot build the seccomp filter");
	wall->has_seccomp = 1;
	return 0;
}

void tf_wall_scope_self(struct tf_wall *wall)
{
	struct tf_landlock outer;

	/* The monitor needs no privilege that exec could give it, so nothing is lost by no_new_privs. */
	if (wall->landlock.fd < 0 || tf_landlock_open(&outer, TF_LL_ONLY_SIGNALS, NULL) < 0)
		return;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && tf_landlock_enter(&outer) == 0)
		wall->is_scoped = 1;
	tf_landlock_close(&outer);
}

void tf_wall_done(struct tf_wall *wall)
{
	if (wall->landlock.fd >= 0)
		tf_landlock_close(&wall->landlock);
}
