/*
 * The program, looked up with the same code that serves every later exec inside (preload/rt). See program.h.
 */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../preload/core/path.h"
#include "../../preload/core/shebang.h"
#include "../base/fd.h"

#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"

int tf_program_cwd(const struct tf_plan *plan, char *buf, size_t size, struct tf_err *err)
{
	struct tf_place place;
	struct stat st;
	int rc = tf_rt_resolve(&place, AT_FDCWD, plan->cwd, TF_HOW_FOLLOW | TF_HOW_WALK);

	if (rc < 0)
		return tf_err_set(err, TF_E_PATH, -rc, "--workdir %s", plan->cwd);
	size_t n = strlen(place.path);
	if (n >= size)
		rc = -ENAMETOOLONG;
	else if (stat(place.path, &st) < 0)
		rc = -errno;
	else if (!S_ISDIR(st.st_mode))
		rc = -ENOTDIR;
	if (rc == 0)
		memcpy(buf, place.path, n + 1);
	tf_rt_release(&place);
	return rc < 0 ? tf_err_set(err, TF_E_PATH, -rc, "--workdir %s", plan->cwd) : 0;
}

static const char *find_path(char *const *env)
{
	for (; *env; env++)
		if (strncmp(*env, "PATH=", 5) == 0)
			return *env + 5;
	return DEFAULT_PATH;
}

/* dir/name from the guest's directory, clean. */
static int compose(const struct tf_plan *plan, const char *dir, size_t dlen, const char *name,
                   char *buf)
{
	char text[2 * TF_PATH_MAX];
	size_t n = 0, nlen = strlen(name), clen = strlen(plan->cwd);

	if (clen + dlen + nlen + 3 > sizeof(text))
		return -ENAMETOOLONG;
	if (dlen == 0 ? name[0] != '/' : dir[0] != '/') {
		memcpy(text, plan->cwd, clen);
		n = clen;
		text[n++] = '/';
	}
	memcpy(text + n, dir, dlen);
	n += dlen;
	if (dlen)
		text[n++] = '/';
	memcpy(text + n, name, nlen + 1);
	if (strlen(text) >= TF_PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(buf, text, strlen(text) + 1);
	return 0;
}

/* One candidate. -EACCES also where the kernel would say so: not executable, a directory. */
static int try_one(const char *path, char *const *argv, char *const *env, struct tf_exec *ret)
{
	struct stat st;
	int rc = tf_rt_exec_plan(ret, AT_FDCWD, path, argv, env, TF_HOW_FOLLOW);

	if (rc < 0)
		return rc;
	if (stat(ret->host, &st) < 0)
		rc = -errno;
	else if (!S_ISREG(st.st_mode) || faccessat(AT_FDCWD, ret->host, X_OK, AT_EACCESS) < 0)
		rc = -EACCES;
	if (rc < 0)
		tf_rt_exec_done(ret);
	return rc;
}

static int search(const struct tf_plan *plan, char *const *argv, char *const *env,
                  struct tf_exec *ret)
{
	static char path[TF_PATH_MAX];
	int best = -ENOENT;

	for (const char *dir = find_path(env); dir;) {
		size_t n = strcspn(dir, ":");
		int rc = compose(plan, n ? dir : ".", n ? n : 1, argv[0], path);

		if (rc == 0)
			rc = try_one(path, argv, env, ret);
		if (rc == 0)
			return 0;
		if (rc != -ENOENT && rc != -ENOTDIR && best == -ENOENT)
			best = rc;
		dir = dir[n] ? dir + n + 1 : NULL;
	}
	return best;
}

/* The interpreter that a script names, into buf; "" when it is no script. */
static void find_interpreter(const char *path, char *buf)
{
	char head[TF_SHEBANG_MAX];
	struct tf_shebang line;
	tf_autoclose int fd = tf_rt_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
	ssize_t n = fd < 0 ? 0 : read(fd, head, sizeof(head));

	buf[0] = '\0';
	if (n > 0 && tf_shebang_parse(head, (size_t)n, &line) == 0)
		memcpy(buf, line.interp, strlen(line.interp) + 1);
}

static int explain(const char *name, const char *path, int rc, struct tf_err *err)
{
	char interp[TF_SHEBANG_MAX];

	find_interpreter(path, interp);
	if ((rc == -ENOENT || rc == -ENOTDIR) && interp[0])
		return tf_err_set(
		        err, TF_E_NOTFOUND, -rc,
		        "%s: its interpreter %s is not in the sandbox (--ro PATH maps a host path)",
		        name, interp);
	if (rc == -ENOENT || rc == -ENOTDIR) {
		/* The same words whether it exists outside or not. */
		if (strchr(name, '/'))
			return tf_err_set(err, TF_E_NOTFOUND, -rc,
			                  "%s, or its ELF interpreter, is not in the sandbox (--ro "
			                  "PATH maps a host path)",
			                  name);
		return tf_err_set(err, TF_E_NOTFOUND, 0,
		                  "%s: command not found in the sandbox's PATH", name);
	}
	if (rc == -ENOEXEC)
		return tf_err_set(err, TF_E_NOEXEC, -rc, "%s (no x86-64 program, and no `#!' line)",
		                  name);
	return tf_err_set(err, TF_E_NOEXEC, -rc, "%s", name);
}

int tf_program_find(const struct tf_plan *plan, char *const *argv, char *const *env,
                    struct tf_exec *ret, struct tf_err *err)
{
	static char path[TF_PATH_MAX];
	int rc;

	path[0] = '\0';
	if (!argv[0][0]) {
		rc = -ENOENT;
	} else if (strchr(argv[0], '/')) {
		rc = compose(plan, "", 0, argv[0], path);
		if (rc == 0)
			rc = try_one(path, argv, env, ret);
	} else {
		rc = search(plan, argv, env, ret);
	}
	return rc < 0 ? explain(argv[0], path, rc, err) : 0;
}
