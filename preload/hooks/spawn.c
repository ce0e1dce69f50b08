/*
 * posix_spawn's file actions: paths are translated when they are recorded, since the child that uses them
 * runs libc's own calls. And the reverse question, which directory the child will be in.
 *
 * The recorded actions are read in libc's own layout, which is part of neither ABI: glibc's has been the same
 * since 2.29 (chdir came), musl's since 1.1.24. It is read only where a chdir matters for a relative path.
 */
#include "compose.h"

#define MAX_ACTIONS 4096

struct glibc_action {
	int tag; /* 0 close, 1 dup2, 2 open, 3 chdir, 4 fchdir */
	union {
		int fd;
		char *path;
	} u;
	char rest[16];
};

struct musl_action {
	struct musl_action *next, *prev; /* the list's head is the last one recorded */
	int cmd, fd, srcfd, oflag;       /* cmd: 1 close, 2 dup2, 3 open, 4 chdir, 5 fchdir */
	mode_t mode;
	char path[];
};

/* posix_spawn_file_actions_t of both. */
struct actions {
	int allocated, used; /* glibc only */
	void *list;
};

/* One change of directory: path, or a descriptor when path is NULL. */
struct change {
	const char *path;
	int fd;
};

static int glibc_changes(const struct actions *a, struct change *ret, int index)
{
	const struct glibc_action *action = a->list;

	for (int i = 0; i < a->used && i < MAX_ACTIONS; i++) {
		if ((action[i].tag != 3 && action[i].tag != 4) || index--)
			continue;
		ret->path = action[i].tag == 3 ? action[i].u.path : NULL;
		ret->fd = action[i].u.fd;
		return 1;
	}
	return 0;
}

static int musl_changes(const struct actions *a, struct change *ret, int index)
{
	const struct musl_action *action = a->list;
	int n = 0;

	while (action && action->next && n++ < MAX_ACTIONS)
		action = action->next;
	for (; action && n-- >= 0; action = action->prev) {
		if ((action->cmd != 4 && action->cmd != 5) || index--)
			continue;
		ret->path = action->cmd == 4 ? action->path : NULL;
		ret->fd = action->fd;
		return 1;
	}
	return 0;
}

/* The index-th change of directory among the actions: 1, or 0 when there are not so many. */
static int changes(const posix_spawn_file_actions_t *actions, struct change *ret, int index)
{
	const struct actions *a = (const struct actions *)(const void *)actions;

	if (!a || !a->list)
		return 0;
	return tf_is_glibc() ? glibc_changes(a, ret, index) : musl_changes(a, ret, index);
}

int tf_spawn_directory(const posix_spawn_file_actions_t *actions, const char *path)
{
	struct change to;
	int dir = AT_FDCWD;

	if (path[0] == '/')
		return AT_FDCWD;
	/* The paths are host paths by now. A descriptor is taken as it is in the parent. */
	for (int i = 0; changes(actions, &to, i); i++) {
		int next = (int)(to.path ? tf_sys(SYS_openat, dir, to.path,
		                                  O_PATH | O_DIRECTORY | O_CLOEXEC, 0)
		                         : tf_sys(SYS_fcntl, to.fd, F_DUPFD_CLOEXEC, 0));

		if (dir >= 0)
			tf_sys(SYS_close, dir);
		if (next < 0)
			return next;
		dir = next;
	}
	return dir;
}

/*
 * What to record for path. A path that the guest cannot see is recorded as "", so that the child
 * fails with ENOENT as it would have; other errors are the recording call's own.
 */
static int translate(struct tf_place *place, const posix_spawn_file_actions_t *actions,
                     const char *path, unsigned int how, const char **ret_path)
{
	struct change to;
	int r;

	place->slot = NULL;
	*ret_path = path;
	/* Relative to where an earlier action leads: not known yet. */
	if (path[0] != '/' && changes(actions, &to, 0))
		return 1;
	r = tf_compose_host(place, path, how);
	if (r == -ENOENT) {
		*ret_path = "";
		return 1;
	}
	if (r < 0)
		return r;
	*ret_path = place->path;
	return 0;
}

TF_EXPORT int posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *actions, int fd,
                                               const char *path, int flags, mode_t mode)
{
	unsigned int how = TF_HOW_FOLLOW;
	struct tf_place place;
	const char *host;
	int r, e;

	if (!tf_rt_view())
		return TF_REAL(posix_spawn_file_actions_addopen)(actions, fd, path, flags, mode);
	if (flags & O_NOFOLLOW || (flags & O_CREAT && flags & O_EXCL))
		how = TF_HOW_NOFOLLOW;
	if ((flags & O_ACCMODE) != O_RDONLY || flags & O_TRUNC)
		how |= TF_HOW_MODIFY;
	r = translate(&place, actions, path, how, &host);
	if (r < 0)
		return -r;
	e = TF_REAL(posix_spawn_file_actions_addopen)(actions, fd, host, flags, mode);
	if (r == 0)
		tf_rt_release(&place);
	return e;
}

typedef int add_chdir(posix_spawn_file_actions_t *actions, const char *path);

static int record_chdir(add_chdir *real, posix_spawn_file_actions_t *actions, const char *path)
{
	struct tf_place place;
	const char *host;
	int r, e;

	if (!tf_rt_view())
		return real(actions, path);
	r = translate(&place, actions, path, TF_HOW_FOLLOW, &host);
	if (r < 0)
		return -r;
	e = real(actions, host);
	if (r == 0)
		tf_rt_release(&place);
	return e;
}

TF_EXPORT int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions,
                                                   const char *path)
{
	return record_chdir(TF_REAL(posix_spawn_file_actions_addchdir_np), actions, path);
}

/* POSIX.1-2024's name for it, glibc 2.41 and musl 1.2.6. */
int posix_spawn_file_actions_addchdir(posix_spawn_file_actions_t *restrict actions,
                                      const char *restrict path);

TF_EXPORT int posix_spawn_file_actions_addchdir(posix_spawn_file_actions_t *restrict actions,
                                                const char *restrict path)
{
	return record_chdir(TF_REAL(posix_spawn_file_actions_addchdir), actions, path);
}
