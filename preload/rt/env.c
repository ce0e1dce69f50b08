/*
 * The environment of a program about to be started: the caller's, with LD_PRELOAD and TURF_VIEW as this process knows
 * them from its view, whatever the program did to its own environment (env -i, unsetenv, an empty envp).
 */
#include "rt.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "sys.h"

static const char preload_name[] = "LD_PRELOAD=";
static const char view_name[] = "TURF_VIEW=";

static int has_name(const char *entry, const char *name)
{
	return strncmp(entry, name, strlen(name)) == 0;
}

static int put(char *buf, size_t size, size_t *len, const char *text, size_t n)
{
	if (*len + n + 1 > size)
		return -E2BIG;
	memcpy(buf + *len, text, n);
	*len += n;
	buf[*len] = '\0';
	return 0;
}

/* "LD_PRELOAD=<ours>[:<what the program had besides>]" */
static int put_preload(struct tf_exec *ex, const char *library, const char *had)
{
	size_t len = 0, size = sizeof(ex->preload);
	int rc = put(ex->preload, size, &len, preload_name, sizeof(preload_name) - 1);

	if (rc == 0)
		rc = put(ex->preload, size, &len, library, strlen(library));
	while (rc == 0 && had && *had) {
		const char *end = had;

		while (*end && *end != ':' && *end != ' ')
			end++;
		size_t n = (size_t)(end - had);
		int is_ours = n == strlen(library) && memcmp(had, library, n) == 0;
		if (n && !is_ours) {
			rc = put(ex->preload, size, &len, ":", 1);
			if (rc == 0)
				rc = put(ex->preload, size, &len, had, n);
		}
		had = *end ? end + 1 : end;
	}
	return rc;
}

char **tf_rt_exec_room(char **fixed, size_t n, size_t *ret_mapped)
{
	*ret_mapped = 0;
	if (n <= TF_EXEC_MAX_POINTERS)
		return fixed;
	long p = tf_sys(SYS_mmap, 0, n * sizeof(char *), PROT_READ | PROT_WRITE,
	                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p < 0 && p > -4096)
		return NULL;
	*ret_mapped = n * sizeof(char *);
	return (char **)p;
}

/* "TURF_VIEW=<path>" right behind the LD_PRELOAD string, in the same buffer. */
static int put_view(struct tf_exec *ex, const char *self, char **ret)
{
	size_t start = strlen(ex->preload) + 1, len = start;
	int rc = put(ex->preload, sizeof(ex->preload), &len, view_name, sizeof(view_name) - 1);

	if (rc == 0)
		rc = put(ex->preload, sizeof(ex->preload), &len, self, strlen(self));
	*ret = ex->preload + start;
	return rc;
}

int tf_rt_env_plan(struct tf_exec *ret, char *const envp[])
{
	const struct tf_view *view = tf_rt_view();
	const char *had = NULL;
	size_t n = 0, out = 0;
	char *view_entry;

	for (; envp && envp[n]; n++)
		if (has_name(envp[n], preload_name))
			had = envp[n] + sizeof(preload_name) - 1;
	ret->envp = tf_rt_exec_room(ret->envs, n + 3, &ret->envs_mapped);
	if (!ret->envp)
		return -ENOMEM;
	int rc = put_preload(ret, tf_view_str(view, view->head->library), had);
	if (rc == 0)
		rc = put_view(ret, tf_view_str(view, view->head->self), &view_entry);
	if (rc < 0)
		return rc;
	ret->envp[out++] = ret->preload;
	ret->envp[out++] = view_entry;
	for (size_t i = 0; i < n; i++)
		if (!has_name(envp[i], preload_name) && !has_name(envp[i], view_name))
			ret->envp[out++] = envp[i];
	ret->envp[out] = NULL;
	return 0;
}
