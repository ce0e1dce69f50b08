/*
 * The table of modes. See mode.h.
 */
#include "mode.h"

#include <errno.h>
#include <stddef.h>

#include "fallback.h"

static const struct tf_mode_ops modes[] = {
        {TF_MODE_SYSADMIN, "sysadmin", NULL, "namespaces and cgroups by CAP_SYS_ADMIN"},
        {TF_MODE_ROOTLESS, "rootless", NULL, "namespaces by an unprivileged user namespace"},
        {TF_MODE_FALLBACK, "fallback", tf_fallback_run, NULL},
};

const struct tf_mode_ops *tf_mode_pick(const struct tf_settings *set, struct tf_err *err)
{
	for (unsigned int i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		const struct tf_mode_ops *m = &modes[i];

		if (set->mode != TF_MODE_AUTO && set->mode != m->mode)
			continue;
		if (m->run)
			return m;
		if (set->mode == TF_MODE_AUTO)
			continue;
		tf_err_set(err, TF_E_NOTYET, 0,
		           "--mode=%s (%s) is not built yet: use --mode=auto or --mode=fallback",
		           m->name, m->not_yet);
		return NULL;
	}
	tf_err_set(err, TF_E_SYSTEM, EINVAL, "no mode");
	return NULL;
}

const char *tf_mode_auto_name(void)
{
	for (unsigned int i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (modes[i].run)
			return modes[i].name;
	return "none";
}
