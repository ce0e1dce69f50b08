/*
 * POSIX shared memory, semaphores and message queues. Shared memory and semaphores are files in
 * /dev/shm that libc opens by itself: here they are files in the guest's /dev/shm. Message queues are no
 * files and have no place in a view (their names belong to the whole host): refused.
 *
 * A semaphore file holds one sem_t, as libc's own does, so the two kinds can be mixed.
 */
#include <mqueue.h>
#include <semaphore.h>
#include <stdarg.h>
#include "compose.h"

#pragma weak sem_init

#define DIR_SHM "/dev/shm/"
#define SHM_PATH_MAX (sizeof(DIR_SHM) + 4 + NAME_MAX)

/*
 * DIR_SHM, prefix ("" or "sem.") and name into buf. Any number of leading slashes, then one
 * component (shm_overview(7), sem_overview(7)).
 */
static int shm_path(char *buf, const char *prefix, const char *name)
{
	size_t prefix_len = strlen(prefix), len;

	while (*name == '/')
		name++;
	len = strlen(name);
	if (!len || strchr(name, '/') || !strcmp(name, ".") || !strcmp(name, ".."))
		return -EINVAL;
	if (len + prefix_len > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(buf, DIR_SHM, sizeof(DIR_SHM));
	memcpy(buf + sizeof(DIR_SHM) - 1, prefix, prefix_len);
	memcpy(buf + sizeof(DIR_SHM) - 1 + prefix_len, name, len + 1);
	return 0;
}

static long remove_file(const char *path)
{
	return tf_call_remove(SYS_unlinkat, AT_FDCWD, path, 0);
}

/* ---- shared memory ---- */

TF_EXPORT int shm_open(const char *name, int flags, mode_t mode)
{
	char path[SHM_PATH_MAX];
	int r;

	if (!tf_rt_view())
		return TF_REAL(shm_open)(name, flags, mode);
	r = shm_path(path, "", name);
	if (r == 0)
		r = tf_rt_openat(AT_FDCWD, path, flags | O_NOFOLLOW | O_CLOEXEC, mode);
	return (int)tf_rt_ret(r == -EISDIR ? -EINVAL : r);
}

TF_EXPORT int shm_unlink(const char *name)
{
	char path[SHM_PATH_MAX];
	long r;

	if (!tf_rt_view())
		return TF_REAL(shm_unlink)(name);
	r = shm_path(path, "", name);
	if (r == 0)
		r = remove_file(path);
	return (int)tf_rt_ret(r == -EPERM ? -EACCES : r);
}

/* ---- semaphores ---- */

/* Open ones: sem_open of the same file gives the same address (POSIX), counted. */
struct opened {
	struct opened *next;
	dev_t dev;
	ino_t ino;
	sem_t *sem;
	unsigned int users;
};
static struct opened *opened;
static int opened_lock;

/* The mapping of the open file fd: an old one, or a new one. */
static int map_sem(int fd, sem_t **ret)
{
	struct stat st;
	struct opened *o;
	long r = tf_sys(SYS_fstat, fd, &st);

	if (r < 0)
		return (int)r;
	if (st.st_size < (off_t)sizeof(sem_t))
		return -EINVAL;
	r = 0;
	tf_lock(&opened_lock);
	for (o = opened; o && (o->dev != st.st_dev || o->ino != st.st_ino); o = o->next)
		;
	if (!o) {
		o = calloc(1, sizeof(*o));
		r = o ? tf_sys(SYS_mmap, 0, sizeof(sem_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		               0)
		      : -ENOMEM;
		if (r < 0) {
			free(o);
			o = NULL;
		} else {
			*o = (struct opened){opened, st.st_dev, st.st_ino, (sem_t *)r, 0};
			opened = o;
		}
	}
	if (o) {
		o->users++;
		*ret = o->sem;
	}
	tf_unlock(&opened_lock);
	return o ? 0 : (int)r;
}

static int write_sem(int fd, unsigned int value)
{
	sem_t sem;
	long r;

	memset(&sem, 0, sizeof(sem));
	if (sem_init(&sem, 1, value) < 0)
		return -tf_rt_errno();
	r = tf_sys(SYS_write, fd, &sem, sizeof(sem));
	if (r < 0)
		return (int)r;
	return r == sizeof(sem) ? 0 : -ENOSPC;
}

/*
 * Makes the file under another name, complete, and links it to path: nobody ever sees half a semaphore.
 * Descriptor; -EEXIST when path is there by now.
 */
static int create_sem(const char *path, mode_t mode, unsigned int value)
{
	char temp[] = DIR_SHM "sem.XXXXXX";
	const struct tf_call_name from = {AT_FDCWD, temp, TF_HOW_NOFOLLOW};
	const struct tf_call_name to = {AT_FDCWD, path,
	                                TF_HOW_NOFOLLOW | TF_HOW_MODIFY | TF_HOW_CREATE};
	int fd = tf_tmp_make(temp, 0, O_CLOEXEC, TF_TMP_FILE, mode & 0777), r;

	if (fd < 0)
		return fd;
	r = write_sem(fd, value);
	if (r == 0)
		r = (int)tf_call_two(SYS_linkat, &from, &to, 0);
	remove_file(temp);
	if (r == 0)
		return fd;
	tf_sys(SYS_close, fd);
	return r;
}

static int open_sem(const char *path, int flags, mode_t mode, unsigned int value)
{
	if (flags & O_CREAT && value > SEM_VALUE_MAX)
		return -EINVAL;
	for (;;) {
		int fd = -ENOENT;

		if ((flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL))
			fd = tf_rt_openat(AT_FDCWD, path, O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0);
		if (fd != -ENOENT || !(flags & O_CREAT))
			return fd;
		fd = create_sem(path, mode, value);
		if (fd != -EEXIST || flags & O_EXCL)
			return fd;
	}
}

TF_EXPORT sem_t *sem_open(const char *name, int flags, ...)
{
	char path[SHM_PATH_MAX];
	unsigned int value = 0;
	mode_t mode = 0;
	sem_t *sem = SEM_FAILED;
	int r;

	if (flags & O_CREAT) {
		va_list ap;

		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		value = va_arg(ap, unsigned int);
		va_end(ap);
	}
	if (!tf_rt_view())
		return TF_REAL(sem_open)(name, flags, mode, value);
	r = shm_path(path, "sem.", name);
	if (r == 0)
		r = open_sem(path, flags, mode, value);
	if (r >= 0) {
		int fd = r;

		r = map_sem(fd, &sem);
		tf_sys(SYS_close, fd);
	}
	if (r == 0)
		return sem;
	tf_rt_set_errno(-r);
	return SEM_FAILED;
}

TF_EXPORT int sem_close(sem_t *sem)
{
	struct opened **at, *o;

	tf_lock(&opened_lock);
	for (at = &opened; *at && (*at)->sem != sem; at = &(*at)->next)
		;
	o = *at;
	if (o && --o->users == 0) {
		*at = o->next;
		tf_sys(SYS_munmap, o->sem, sizeof(sem_t));
		free(o);
	}
	tf_unlock(&opened_lock);
	return o ? 0 : TF_REAL(sem_close)(sem);
}

TF_EXPORT int sem_unlink(const char *name)
{
	char path[SHM_PATH_MAX];
	long r;

	if (!tf_rt_view())
		return TF_REAL(sem_unlink)(name);
	r = shm_path(path, "sem.", name);
	if (r == 0)
		r = remove_file(path);
	return (int)tf_rt_ret(r == -EPERM ? -EACCES : r);
}

/* ---- message queues ---- */

mqd_t __mq_open_2(const char *name, int flags);

TF_EXPORT mqd_t mq_open(const char *name, int flags, ...)
{
	mode_t mode = 0;
	struct mq_attr *attr = NULL;

	if (flags & O_CREAT) {
		va_list ap;

		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		attr = va_arg(ap, struct mq_attr *);
		va_end(ap);
	}
	if (!tf_rt_view())
		return TF_REAL(mq_open)(name, flags, mode, attr);
	return (mqd_t)tf_rt_ret(-ENOSYS);
}

TF_EXPORT mqd_t __mq_open_2(const char *name, int flags)
{
	if (!tf_rt_view())
		return TF_REAL(__mq_open_2)(name, flags);
	return (mqd_t)tf_rt_ret(-ENOSYS);
}

TF_EXPORT int mq_unlink(const char *name)
{
	if (!tf_rt_view())
		return TF_REAL(mq_unlink)(name);
	return (int)tf_rt_ret(-ENOSYS);
}
