/*
 * Scheduling and limits. The wall lets a process change only itself, and knows "itself" by the number 0; programs that
 * pin or nice themselves by their own id go on working because that is turned into 0 here.
 */
#include "call.h"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>

TF_EXPORT int __sched_setscheduler(pid_t pid, int policy, const struct sched_param *param);
TF_EXPORT int tf_hook_prlimit(pid_t pid, int resource, const struct rlimit *set, struct rlimit *get)
        TF_NAMED(prlimit);
TF_EXPORT int tf_hook_setpriority(int which, id_t who, int priority) TF_NAMED(setpriority);

/* These calls mean one thread: the main thread's id is the process's, another thread's is not. */
static pid_t own_thread_as_0(pid_t pid)
{
	return pid && tf_rt_view() && tf_sys(SYS_gettid) == pid ? 0 : pid;
}

TF_EXPORT int sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *set)
{
	return (int)tf_rt_ret(tf_sys(SYS_sched_setaffinity, own_thread_as_0(pid), size, set));
}

TF_EXPORT int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param)
{
	return (int)tf_rt_ret(tf_sys(SYS_sched_setscheduler, own_thread_as_0(pid), policy, param));
}
TF_TWIN(__sched_setscheduler, sched_setscheduler);

TF_EXPORT int sched_setparam(pid_t pid, const struct sched_param *param)
{
	return (int)tf_rt_ret(tf_sys(SYS_sched_setparam, own_thread_as_0(pid), param));
}

int tf_hook_setpriority(int which, id_t who, int priority)
{
	if (which == PRIO_PROCESS)
		who = (id_t)own_thread_as_0((pid_t)who);
	return (int)tf_rt_ret(tf_sys(SYS_setpriority, which, who, priority));
}

/* Limits belong to the process, whichever thread asks. */
int tf_hook_prlimit(pid_t pid, int resource, const struct rlimit *set, struct rlimit *get)
{
	if (pid && tf_rt_view() && tf_sys(SYS_getpid) == pid)
		pid = 0;
	return (int)tf_rt_ret(tf_sys(SYS_prlimit64, pid, resource, set, get));
}
TF_TWIN(prlimit64, prlimit);

/* ---- threads: libc goes by the thread's number, and keeps notes of what it set; so it is asked first ---- */

static int is_own(pthread_t thread)
{
	return tf_rt_view() && TF_REAL(pthread_self)() == thread;
}

TF_EXPORT int pthread_setaffinity_np(pthread_t thread, size_t size, const cpu_set_t *set)
{
	int error = TF_REAL(pthread_setaffinity_np)(thread, size, set);

	if (error != EPERM || !is_own(thread))
		return error;
	return (int)-tf_sys(SYS_sched_setaffinity, 0, size, set);
}

TF_EXPORT int pthread_setschedparam(pthread_t thread, int policy, const struct sched_param *param)
{
	int error = TF_REAL(pthread_setschedparam)(thread, policy, param);

	if (error != EPERM || !is_own(thread))
		return error;
	return (int)-tf_sys(SYS_sched_setscheduler, 0, policy, param);
}

TF_EXPORT int pthread_setschedprio(pthread_t thread, int priority)
{
	const struct sched_param param = {.sched_priority = priority};
	int error = TF_REAL(pthread_setschedprio)(thread, priority);

	if (error != EPERM || !is_own(thread))
		return error;
	return (int)-tf_sys(SYS_sched_setparam, 0, &param);
}
