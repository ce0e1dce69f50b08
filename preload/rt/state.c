/*
 * What this process knows: its view, and the sandbox's shared page. Set up by whoever calls first: constructors
 * of other libraries run before ours and call hooked functions. Two threads that do it at once do it twice, with
 * the same result.
 */
#include "rt.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "sys.h"

extern int *__errno_location(void) __attribute__((weak));
extern char **environ __attribute__((weak));

enum { STATE_NEW, STATE_READY, STATE_OUTSIDE };

static int state;
static struct tf_view view;

/* The counter of the shared page, mapped by who first asks for it; a private one where there is none. */
static uint64_t own_counter;
static uint64_t *counter;

long tf_rt_ret(long r)
{
	if (__builtin_expect(r >= 0 || r < -4095, 1))
		return r;
	tf_rt_set_errno((int)-r);
	return -1;
}

int tf_rt_errno(void)
{
	return __errno_location ? *__errno_location() : 0;
}

void tf_rt_set_errno(int e)
{
	if (__errno_location)
		*__errno_location() = e;
}

/* ---- finding the view ---- */

static const char *value_of(const char *entry, const char *name)
{
	size_t n = strlen(name);

	return strncmp(entry, name, n) == 0 && entry[n] == '=' ? entry + n + 1 : NULL;
}

/* Before libc has set `environ`: the environment as the kernel has it. buf keeps the value. */
static const char *from_proc(const char *name, char *buf, size_t size)
{
	long fd = tf_sys(SYS_openat, AT_FDCWD, "/proc/self/environ", O_RDONLY | O_CLOEXEC, 0);
	size_t len = 0;
	char c;

	/* Byte by byte would be slow; but this is met only by constructors that run before libc's. */
	if (fd < 0)
		return NULL;
	const char *found = NULL;
	while (!found && tf_sys(SYS_read, fd, &c, 1) == 1) {
		if (len < size)
			buf[len++] = c;
		if (c != '\0')
			continue;
		if (len < size || buf[len - 1] == '\0')
			found = value_of(buf, name);
		len = 0;
	}
	tf_sys(SYS_close, fd);
	return found;
}

static const char *find_env(const char *name, char *buf, size_t size)
{
	if (!&environ || !environ)
		return from_proc(name, buf, size);
	for (char **e = environ; *e; e++) {
		const char *value = value_of(*e, name);

		if (value)
			return value;
	}
	return NULL;
}

/* ---- mapping ---- */

static long map_file(const char *path, int flags, int prot, int share, size_t *size)
{
	long fd = tf_sys(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC | O_NOFOLLOW, 0);

	if (fd < 0)
		return fd;
	long n = *size ? (long)*size : tf_sys(SYS_lseek, fd, 0, 2 /* SEEK_END */);
	long p = n > 0 ? tf_sys(SYS_mmap, 0, n, prot, share, fd, 0) : -EINVAL;

	tf_sys(SYS_close, fd);
	if (p > 0 || p < -4095)
		*size = (size_t)n;
	return p;
}

/* Never returns: without its view a process must not run (fail closed). */
static void die(const char *path)
{
	static const char head[] = "turf: E_VIEW: the sandbox's view cannot be read: ";

	tf_sys(SYS_write, 2, head, sizeof(head) - 1);
	tf_sys(SYS_write, 2, path, strlen(path));
	tf_sys(SYS_write, 2, "\n", 1);
	for (;;)
		tf_sys(SYS_exit_group, 125);
}

static uint64_t *map_shared(void)
{
	const struct tf_view *now = tf_rt_view();
	const char *path = now ? tf_view_str(now, now->head->shared) : "";
	uint64_t *found = &own_counter;
	size_t size = 4096;

	if (*path) {
		long p = map_file(path, O_RDWR, PROT_READ | PROT_WRITE, MAP_SHARED, &size);

		if (p > 0 || p < -4095)
			found = (uint64_t *)p;
	}
	__atomic_store_n(&counter, found, __ATOMIC_RELEASE);
	return found;
}

static uint64_t *shared_counter(void)
{
	uint64_t *now = __atomic_load_n(&counter, __ATOMIC_RELAXED);

	return __builtin_expect(now != NULL, 1) ? now : map_shared();
}

static const struct tf_view *set_up(void)
{
	char buf[512];
	const char *path = find_env("TURF_VIEW", buf, sizeof(buf));
	size_t size = 0;

	if (!path) {
		__atomic_store_n(&state, STATE_OUTSIDE, __ATOMIC_RELEASE);
		return NULL;
	}
	long p = map_file(path, O_RDONLY, PROT_READ, MAP_PRIVATE, &size);
	if ((p < 0 && p > -4096) || tf_view_open((const void *)p, size, &view) < 0)
		die(path);
	__atomic_store_n(&state, STATE_READY, __ATOMIC_RELEASE);
	return &view;
}

const struct tf_view *tf_rt_view(void)
{
	int now = __atomic_load_n(&state, __ATOMIC_ACQUIRE);

	if (__builtin_expect(now == STATE_READY, 1))
		return &view;
	return now == STATE_OUTSIDE ? NULL : set_up();
}

void tf_rt_adopt(const struct tf_view *own)
{
	view = *own;
	__atomic_store_n(&state, STATE_READY, __ATOMIC_RELEASE);
}

uint64_t tf_rt_generation(void)
{
	return __atomic_load_n(shared_counter(), __ATOMIC_RELAXED);
}

void tf_rt_links_changed(void)
{
	__atomic_fetch_add(shared_counter(), 1, __ATOMIC_RELAXED);
}
