/*
 * Finds a profile's text, has turf-compile make its compiled form unless the cache has it, and applies it. Reading what people
 * wrote is turf-compile's work: another process, with nothing to lose.
 */
#include "profile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../preload/core/view.h"
#include "../base/fd.h"
#include "../base/file.h"

#define MAX_TEXT (64u << 10)
#define MAX_BASES 8

/* The directories that are searched, in order, without "profiles". */
struct search {
	char dir[3][TF_PATH_MAX];
	unsigned int n;
};

static void add_dir(struct search *s, const char *base, const char *rest)
{
	if (!base || base[0] != '/')
		return;
	int n = snprintf(s->dir[s->n], TF_PATH_MAX, "%s%s", base, rest);
	if (n > 0 && n < TF_PATH_MAX)
		s->n++;
}

static void find_dirs(struct search *s, const char *work)
{
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	s->n = 0;
	add_dir(s, work, "/conf");
	if (xdg && *xdg)
		add_dir(s, xdg, "/turf");
	else
		add_dir(s, home, "/.config/turf");
	add_dir(s, TURF_PREFIX, "/etc/turf");
}

/* The first dir/NAME that exists, into path. 0, -ENOENT, or another -errno: a file that is there but cannot be read counts. */
static int find_file(const struct search *s, const char *middle, const char *name, char *path,
                     size_t size)
{
	for (unsigned int i = 0; i < s->n; i++) {
		int n = snprintf(path, size, "%s/%s%s.conf", s->dir[i], middle, name);

		if (n < 0 || (size_t)n >= size)
			return -ENAMETOOLONG;
		if (access(path, R_OK) == 0)
			return 0;
		if (errno != ENOENT && errno != ENOTDIR)
			return -errno;
	}
	return -ENOENT;
}

/* ---- the cache's key: the content of all that goes into the result ---- */

static uint64_t fold(uint64_t h, const char *data, size_t n)
{
	while (n--)
		h = (h ^ (unsigned char)*data++) * 0x100000001b3u;
	return h;
}

/* The value of a "base = NAME" line, into name; 0 when there is none. A rough look: only the cache depends on it. */
static int find_base(const char *text, char *name, size_t size)
{
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += strspn(line, " \t\r\n");
		if (strncmp(line, "base", 4) != 0)
			continue;
		const char *p = line + 4 + strspn(line + 4, " \t");
		if (*p != '=' && *p != ':')
			continue;
		p += 1 + strspn(p + 1, " \t");
		size_t n = strcspn(p, " \t\r\n;#");
		if (n == 0 || n >= size)
			return 0;
		memcpy(name, p, n);
		name[n] = '\0';
		return 1;
	}
	return 0;
}

/* A profile may be based on the next one of its own name: the search goes on behind the file that is in path now. */
static int find_base_file(const struct search *s, const char *name, char *path, size_t size)
{
	struct search rest = {.n = 0};
	size_t n = strlen(name), len = strlen(path);
	int is_own =
	        len > n + 6 && path[len - n - 6] == '/' && memcmp(path + len - n - 5, name, n) == 0;

	for (unsigned int i = 0; i < s->n; i++) {
		size_t dlen = strlen(s->dir[i]);

		if (is_own && strncmp(path, s->dir[i], dlen) == 0 && path[dlen] == '/') {
			rest.n = 0; /* this one and all before it are passed */
			is_own = 0;
			continue;
		}
		memcpy(rest.dir[rest.n++], s->dir[i], dlen + 1);
	}
	return find_file(&rest, "profiles/", name, path, size);
}

static int hash_inputs(const struct search *s, const char *file, uint64_t *ret, struct tf_err *err)
{
	static char text[MAX_TEXT];
	char path[TF_PATH_MAX], base[80];
	uint64_t h = fold(0xcbf29ce484222325u, TURF_VERSION, sizeof(TURF_VERSION));

	snprintf(path, sizeof(path), "%s", file);
	for (int depth = 0; depth < MAX_BASES; depth++) {
		ssize_t n = tf_fd_read_file(AT_FDCWD, path, text, sizeof(text));

		if (n < 0)
			return tf_err_set(err, TF_E_PROFILE, (int)-n, "cannot read %s", path);
		h = fold(fold(h, path, strlen(path) + 1), text, (size_t)n);
		if (!find_base(text, base, sizeof(base)) ||
		    find_base_file(s, base, path, sizeof(path)) < 0)
			break;
	}
	*ret = h;
	return 0;
}

/* ---- turf-compile ---- */

/* Beside turf itself (a build tree), else where it was installed. */
static int find_compiler(char *path, size_t size)
{
	static const char *const places[] = {"/turf-compile", "/../libexec/turf/turf-compile"};
	char self[TF_PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n > 0) {
		self[n] = '\0';
		*strrchr(self, '/') = '\0';
		for (unsigned int i = 0; i < 2; i++) {
			int len = snprintf(path, size, "%s%s", self, places[i]);

			if (len > 0 && (size_t)len < size && access(path, X_OK) == 0)
				return 0;
		}
	}
	snprintf(path, size, "%s", TURF_PREFIX "/libexec/turf/turf-compile");
	return access(path, X_OK) == 0 ? 0 : -ENOENT;
}

static int run_compiler(const struct search *s, const char *kind, const char *file, const char *out,
                        struct tf_err *err)
{
	char compiler[TF_PATH_MAX], dirs[3][TF_PATH_MAX + 16];
	const char *argv[16] = {compiler, kind, "-o", out};
	unsigned int n = 4;
	int status;
	pid_t pid;

	if (find_compiler(compiler, sizeof(compiler)) < 0)
		return tf_err_set(err, TF_E_PROFILE, ENOENT,
		                  "turf-compile, which reads profiles, is neither beside turf nor "
		                  "in %s/libexec/turf",
		                  TURF_PREFIX);
	for (unsigned int i = 0; i < s->n && strcmp(kind, "profile") == 0; i++) {
		snprintf(dirs[i], sizeof(dirs[i]), "%s/profiles", s->dir[i]);
		argv[n++] = "--path";
		argv[n++] = dirs[i];
	}
	argv[n++] = file;
	argv[n] = NULL;
	extern char **environ;
	int rc = posix_spawn(&pid, compiler, NULL, NULL, (char *const *)(uintptr_t)argv, environ);
	if (rc)
		return tf_err_set(err, TF_E_SYSTEM, rc, "cannot start %s", compiler);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return tf_err_set(err, TF_E_SYSTEM, errno, "cannot wait for %s", compiler);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	/* It has said why, with file and line: nothing to add (base/log.h). */
	if (err)
		*err = (struct tf_err){.code = TF_E_PROFILE};
	return -EINVAL;
}

/* ---- the compiled file ---- */

static const void *map_blob(const char *path, size_t *ret_size)
{
	tf_autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_uid != geteuid() ||
	    st.st_size <= 0 || st.st_size > TF_PROFILE_MAX_BYTES)
		return NULL;
	void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return NULL;
	*ret_size = (size_t)st.st_size;
	return p;
}

/* file's compiled form, from the cache or made now. NULL with err. */
static const void *compiled(const struct search *s, const char *work, const char *kind,
                            const char *file, size_t *ret_size, struct tf_err *err)
{
	char dir[TF_PATH_MAX], path[TF_PATH_MAX + 32], temp[TF_PATH_MAX + 64];
	uint64_t hash = 0;

	if (hash_inputs(s, file, &hash, err) < 0)
		return NULL;
	snprintf(dir, sizeof(dir), "%s/cache", work);
	snprintf(path, sizeof(path), "%s/%016llx.plan", dir, (unsigned long long)hash);
	const void *blob = map_blob(path, ret_size);
	if (blob)
		return blob;
	if (tf_file_mkdirs(dir, err) < 0)
		return NULL;
	snprintf(temp, sizeof(temp), "%s.%d", path, (int)getpid());
	int rc = run_compiler(s, kind, file, temp, err);
	if (rc == 0 && rename(temp, path) < 0)
		rc = tf_err_set(err, TF_E_WORKDIR, errno, "cannot write %s", path);
	if (rc < 0) {
		unlink(temp);
		return NULL;
	}
	blob = map_blob(path, ret_size);
	if (!blob)
		tf_err_set(err, TF_E_WORKDIR, 0, "cannot read back %s", path);
	return blob;
}

/* ---- what others call ---- */

static int unknown_profile(const char *name, const struct search *s, struct tf_err *err)
{
	return tf_err_set(err, TF_E_PROFILE, ENOENT,
	                  "no profile %s (shipped: default strict build node python; own ones go "
	                  "to %s/profiles/%s.conf)",
	                  name, s->n ? s->dir[0] : "$TURF_WORKDIR/conf", name);
}

int tf_profile_load(const char *name, const char *work, struct tf_settings *set, struct tf_err *err)
{
	static struct search s;
	char path[TF_PATH_MAX];
	const void *blob;
	size_t size;
	int rc = 0;

	find_dirs(&s, work);
	if (strchr(name, '/'))
		snprintf(path, sizeof(path), "%s", name);
	else
		rc = find_file(&s, "profiles/", name, path, sizeof(path));
	if (rc == -ENOENT) {
		blob = tf_profile_embedded(name, &size);
		return blob ? tf_profile_apply(blob, size, name, set, err)
		            : unknown_profile(name, &s, err);
	}
	if (rc < 0)
		return tf_err_set(err, TF_E_PROFILE, -rc, "cannot read %s", path);
	blob = compiled(&s, work, "profile", path, &size, err);
	return blob ? tf_profile_apply(blob, size, name, set, err) : -EINVAL;
}

int tf_conf_load(const char *work, struct tf_settings *set, struct tf_err *err)
{
	static struct search s;
	char path[TF_PATH_MAX];
	size_t size;

	find_dirs(&s, work);
	int rc = find_file(&s, "", "turf", path, sizeof(path));
	if (rc < 0)
		return rc == -ENOENT ? 0
		                     : tf_err_set(err, TF_E_PROFILE, -rc, "cannot read %s", path);
	const void *blob = compiled(&s, work, "conf", path, &size, err);
	return blob ? tf_profile_apply(blob, size, "turf.conf", set, err) : -EINVAL;
}
