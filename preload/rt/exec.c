/*
 * exec on guest paths. What the kernel would do by host paths is done here by guest paths: `#!` lines are read and
 * their interpreters put in front (the kernel would hand the interpreter the script's host path), the ELF
 * interpreter is looked up in the view, and the environment carries libturf.so along.
 *
 * vfork-safe: all memory is the caller's struct tf_exec; scratch slots are given back before the exec.
 */
#include "rt.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../core/elf.h"
#include "../core/path.h"
#include "../core/shebang.h"
#include "sys.h"

#define MAX_SCRIPTS 5 /* the kernel's own depth of binary formats: then ELOOP */
#define HEAD_BYTES 1024

/* One exec on its way: ex is filled up level by level. */
struct job {
	struct tf_exec *ex;
	size_t line; /* used of ex->line */
	const char *front[2 * MAX_SCRIPTS +
	                  3]; /* arguments put in front of argv[1..], last pushed = first */
	unsigned int nfront;
	int dirfd; /* of a bare descriptor (AT_EMPTY_PATH), else AT_FDCWD */
	const char *
	        name; /* what the new program is called by: the script's name for its interpreter */
};

static const char *keep(struct job *job, const char *text)
{
	size_t n = strlen(text) + 1;

	if (n > sizeof(job->ex->line) - job->line)
		return NULL;
	memcpy(job->ex->line + job->line, text, n);
	job->line += n;
	return job->ex->line + job->line - n;
}

static int push(struct job *job, const char *text)
{
	if (!text)
		return -E2BIG;
	if (job->nfront == sizeof(job->front) / sizeof(job->front[0]))
		return -ELOOP;
	job->front[job->nfront++] = text;
	return 0;
}

/* Resolves path and leaves host and guest names in ex. */
static int locate(struct job *job, int dirfd, const char *path, unsigned int how)
{
	struct tf_place place;
	int rc = tf_rt_resolve(&place, dirfd, path, TF_HOW_WALK | TF_HOW_EXEC | how);

	if (rc < 0)
		return rc;
	if (place.slot) {
		memcpy(job->ex->host, place.path, strlen(place.path) + 1);
		memcpy(job->ex->guest, place.slot->walk.guest, strlen(place.slot->walk.guest) + 1);
	}
	rc = place.slot ? 0 : -ENOENT;
	tf_rt_release(&place);
	return rc;
}

static long read_head(const struct job *job, char *head, size_t size)
{
	long fd = job->dirfd;

	if (fd >= 0)
		return tf_sys(SYS_pread64, fd, head, size, 0);
	fd = tf_sys(SYS_openat, AT_FDCWD, job->ex->host,
	            O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0);
	if (fd < 0)
		return fd;
	long n = tf_sys(SYS_pread64, fd, head, size, 0);
	tf_sys(SYS_close, fd);
	return n;
}

/* The kernel would check the script's own permission; since it will only see the interpreter, do it here. */
static int check_permission(const struct job *job)
{
	if (job->dirfd >= 0)
		return 0;
	return (int)tf_sys(SYS_faccessat2, AT_FDCWD, job->ex->host, X_OK, AT_EACCESS);
}

static int is_same_file(const char *a, const char *b)
{
	struct stat x, y;

	return tf_sys(SYS_newfstatat, AT_FDCWD, a, &x, 0) == 0 &&
	       tf_sys(SYS_newfstatat, AT_FDCWD, b, &y, 0) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

/*
 * Whether interp is certainly the host's own: its directory is the host's under the same name (/lib64 as the link that it is
 * there), and nothing lies over any part of a host's directory. Saves a walk and two stats at nearly every exec.
 */
static int is_hosts_own(const char *interp)
{
	const struct tf_view *view = tf_rt_view();
	size_t len = strlen(interp);

	if (view->head->flags & TF_VIEW_NESTED || !tf_path_is_clean(interp, len))
		return 0;
	const struct tf_mapping *map = tf_view_find(view, interp, len);
	return map->access & TF_EXEC && (map->kind == TF_KIND_IDENTITY || map->flags & TF_MAP_LINK);
}

/*
 * A program whose ELF interpreter is another file in the guest than on the host is started through the guest's.
 * argv[0] is then said with --argv0 (glibc 2.33, musl 1.2.3).
 */
static int use_interpreter(struct job *job, const char *interp, const char *argv0)
{
	char program[TF_PATH_MAX];
	size_t n = strlen(job->ex->host) + 1;
	int rc;

	if (n > sizeof(program))
		return -ENAMETOOLONG;
	if (is_hosts_own(interp))
		return 0;
	memcpy(program, job->ex->host, n);
	rc = locate(job, AT_FDCWD, interp, TF_HOW_FOLLOW);
	if (rc < 0)
		return rc;
	if (is_same_file(job->ex->host, interp)) {
		memcpy(job->ex->host, program, n);
		return 0;
	}
	rc = push(job, keep(job, program));
	if (rc == 0)
		rc = push(job, argv0);
	if (rc == 0)
		rc = push(job, "--argv0");
	return rc;
}

static int plan_elf(struct job *job, const char *head, size_t size, const char *argv0)
{
	struct tf_elf elf;
	int rc = tf_elf_read(head, size, &elf);

	/* What the head does not tell, the kernel will. */
	if (rc == -ENOEXEC || rc == -E2BIG)
		return 0;
	if (!elf.is_native)
		return -ENOEXEC; /* other ABIs are killed by the filter */
	if (elf.interp_size == 0) {
		/* A static program has no hooks: where hooks are all there is, it does not start. */
		return tf_rt_view()->head->flags & TF_VIEW_COOPERATIVE ? -EACCES : 0;
	}
	if (elf.interp_offset >= size || elf.interp_size > size - elf.interp_offset ||
	    job->dirfd >= 0 || head[elf.interp_offset + elf.interp_size - 1] != '\0')
		return 0;
	return use_interpreter(job, head + elf.interp_offset, argv0);
}

/* job->ex->host is a `#!` script: its interpreter takes its place. Returns 1 when that has to be looked at again. */
static int plan_script(struct job *job, const struct tf_shebang *line)
{
	int rc = check_permission(job);

	if (rc == 0)
		rc = push(job, job->name);
	if (rc == 0 && line->arg[0])
		rc = push(job, keep(job, line->arg));
	if (rc < 0)
		return rc;
	job->name = keep(job, line->interp);
	if (!job->name)
		return -E2BIG;
	rc = locate(job, AT_FDCWD, job->name, TF_HOW_FOLLOW);
	job->dirfd = AT_FDCWD;
	return rc < 0 ? rc : 1;
}

/* Looks at the file once. 1: it was a script, look at its interpreter. */
static int plan_once(struct job *job, const char *argv0)
{
	char head[HEAD_BYTES];
	struct tf_shebang line;
	long n = read_head(job, head, sizeof(head));

	if (n < 0) /* executable but not readable, a directory, ...: the kernel decides */
		return n == -EACCES || n == -EISDIR || n == -EBADF || n == -ENXIO ? 0 : (int)n;
	int rc = tf_shebang_parse(head, (size_t)n, &line);
	if (rc == 0)
		return plan_script(job, &line);
	if (rc == -ENOEXEC)
		return rc;
	return plan_elf(job, head, (size_t)n, argv0);
}

/* argv of the new program: what was put in front (last pushed first), then the caller's own from 1 on. */
static int plan_args(struct job *job, char *const argv[])
{
	struct tf_exec *ex = job->ex;
	size_t n = 0, out = 0;

	while (argv && argv[n])
		n++;
	if (job->nfront == 0) {
		ex->argv = (char **)(uintptr_t)argv;
		return 0;
	}
	ex->argv = tf_rt_exec_room(ex->args, n + job->nfront + 2, &ex->args_mapped);
	if (!ex->argv)
		return -ENOMEM;
	ex->argv[out++] = (char *)(uintptr_t)job->name;
	while (job->nfront)
		ex->argv[out++] = (char *)(uintptr_t)job->front[--job->nfront];
	for (size_t i = 1; i < n; i++)
		ex->argv[out++] = argv[i];
	ex->argv[out] = NULL;
	return 0;
}

static int plan_levels(struct job *job, const char *argv0)
{
	for (int i = 0; i <= MAX_SCRIPTS; i++) {
		int rc = plan_once(job, argv0 && i == 0 ? argv0 : job->name);

		if (rc <= 0)
			return rc;
	}
	return -ELOOP;
}

/* A descriptor's name for the interpreter of a script that was started by it: "/dev/fd/N" (fexecve(3)). */
static const char *fd_name(struct job *job, int fd)
{
	char text[32] = "/dev/fd/", digits[12];
	size_t n = 0, len = 8;

	do
		digits[n++] = (char)('0' + fd % 10);
	while (fd /= 10);
	while (n)
		text[len++] = digits[--n];
	text[len] = '\0';
	return keep(job, text);
}

int tf_rt_exec_plan(struct tf_exec *ret, int dirfd, const char *path, char *const argv[],
                    char *const envp[], unsigned int how)
{
	struct job job = {.ex = ret, .dirfd = AT_FDCWD, .name = path};
	int rc = 0;

	ret->host[0] = '\0';
	ret->guest[0] = '\0';
	ret->argv = NULL;
	ret->envp = NULL;
	ret->args_mapped = 0;
	ret->envs_mapped = 0;
	if (!path)
		return -EFAULT;
	if (*path) {
		rc = locate(&job, dirfd, path, how & TF_HOW_NOFOLLOW);
	} else {
		job.dirfd = dirfd;
		job.name = dirfd >= 0 ? fd_name(&job, dirfd) : NULL;
		rc = job.name ? 0 : -ENOENT;
	}
	if (rc == 0)
		rc = plan_levels(&job, argv ? argv[0] : NULL);
	if (rc == 0)
		rc = plan_args(&job, argv);
	if (rc == 0)
		rc = tf_rt_env_plan(ret, envp);
	if (rc < 0)
		tf_rt_exec_done(ret);
	return rc;
}

void tf_rt_exec_done(struct tf_exec *ex)
{
	if (ex->args_mapped)
		tf_sys(SYS_munmap, ex->argv, ex->args_mapped);
	if (ex->envs_mapped)
		tf_sys(SYS_munmap, ex->envp, ex->envs_mapped);
	ex->args_mapped = 0;
	ex->envs_mapped = 0;
}

int tf_rt_execve(int dirfd, const char *path, char *const argv[], char *const envp[], int flags)
{
	struct tf_exec ex;
	int rc;

	if (!tf_rt_view())
		return (int)tf_sys(SYS_execveat, dirfd, path, argv, envp, flags);
	if (path && !*path && !(flags & AT_EMPTY_PATH))
		return -ENOENT;
	rc = tf_rt_exec_plan(&ex, dirfd, path, argv, envp,
	                     flags & AT_SYMLINK_NOFOLLOW ? TF_HOW_NOFOLLOW : TF_HOW_FOLLOW);
	if (rc < 0)
		return rc;
	if (ex.host[0])
		rc = (int)tf_sys(SYS_execve, ex.host, ex.argv, ex.envp);
	else
		rc = (int)tf_sys(SYS_execveat, dirfd, "", ex.argv, ex.envp, AT_EMPTY_PATH);
	tf_rt_exec_done(&ex);
	return rc;
}
