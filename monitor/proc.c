/*
 * Reader of /proc/PID. Every text is at most a page and read with one read where the kernel makes it in one
 * piece. It must not trust the order of anything before the last ')' of a stat line: a process chooses its own
 * name, brackets, blanks and newlines included.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "proc.h"

#define PROC_TEXT 2048 /* stat, statm, limits, smaps_rollup: 100 to 1400 bytes */
#define PROC_STATUS 4096

static int open_at(int dir, const char *name, int flags)
{
	int fd;

	do {
		fd = openat(dir, name, flags | O_CLOEXEC | O_NOCTTY);
	} while (fd < 0 && errno == EINTR);
	return fd < 0 ? -errno : fd;
}

int tf_proc_root(const char *path)
{
	return open_at(AT_FDCWD, path, O_RDONLY | O_DIRECTORY);
}

/* Decimal into buf from its end; returns where it begins. */
static char *decimal(char *end, uint32_t value)
{
	*--end = '\0';
	do {
		*--end = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	return end;
}

int tf_proc_open(int root, pid_t pid)
{
	char buf[16];

	if (pid <= 0)
		return -ESRCH;
	return open_at(root, decimal(buf + sizeof(buf), (uint32_t)pid), O_RDONLY | O_DIRECTORY);
}

/* Reads from offset 0 until the end or the buffer is full: a recorded tree or an old kernel may give it in pieces. */
static int read_all(int fd, char *buf, size_t size)
{
	size_t len = 0;

	while (len + 1 < size) {
		ssize_t n = pread(fd, buf + len, size - 1 - len, (off_t)len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		len += (size_t)n;
		/* /proc gives these texts whole: no second call just to see the end. */
		if (buf[len - 1] == '\n' && len < 512)
			break;
	}
	buf[len] = '\0';
	return len ? (int)len : -ESRCH;
}

int tf_proc_read(int dir, const char *name, char *buf, size_t size)
{
	int fd, rc;

	if (!*name)
		return read_all(dir, buf, size);
	fd = open_at(dir, name, O_RDONLY);
	if (fd < 0)
		return fd == -ENOENT ? -ESRCH : fd;
	rc = read_all(fd, buf, size);
	close(fd);
	return rc;
}

/* A number at *at, leading blanks skipped; *at moves behind it. A sign or nothing is 0 with *at unmoved. */
static uint64_t number(const char **at)
{
	const char *p = *at;
	uint64_t value = 0;

	while (*p == ' ' || *p == '\t')
		p++;
	if (*p < '0' || *p > '9')
		return 0;
	while (*p >= '0' && *p <= '9') {
		uint64_t digit = (uint64_t)(*p++ - '0');

		value = value > (UINT64_MAX - digit) / 10 ? UINT64_MAX : value * 10 + digit;
	}
	*at = p;
	return value;
}

/* Fields of stat(5) that are wanted, numbered as in proc(5). */
enum {
	STAT_PPID = 4,
	STAT_UTIME = 14,
	STAT_STIME,
	STAT_CUTIME,
	STAT_CSTIME,
	STAT_THREADS = 20,
	STAT_START = 22,
	STAT_RSS = 24,
	STAT_FIELDS
};

int tf_proc_parse_stat(const char *text, struct tf_proc_stat *ret)
{
	uint64_t field[STAT_FIELDS] = {0};
	const char *p = text, *close_bracket = strrchr(text, ')');
	uint64_t pid = number(&p);
	char state;

	if (!pid || pid > INT32_MAX || !close_bracket || close_bracket[1] != ' ' ||
	    !close_bracket[2])
		return -EBADMSG;
	state = close_bracket[2];
	p = close_bracket + 3;
	for (int i = STAT_PPID; i < STAT_FIELDS; i++) {
		while (*p == ' ')
			p++;
		if (*p == '-') /* tpgid, nice, priority: not wanted */
			p++;
		if (*p < '0' || *p > '9')
			return -EBADMSG;
		field[i] = number(&p);
	}
	*ret = (struct tf_proc_stat){
	        .pid = (pid_t)pid,
	        .ppid = (pid_t)field[STAT_PPID],
	        .state = state,
	        .threads = (uint32_t)field[STAT_THREADS],
	        .start = field[STAT_START],
	        .own = field[STAT_UTIME] + field[STAT_STIME],
	        .gone = field[STAT_CUTIME] + field[STAT_CSTIME],
	        .rss = field[STAT_RSS] * (uint64_t)sysconf(_SC_PAGESIZE),
	};
	return 0;
}

int tf_proc_stat(int fd, const char *name, struct tf_proc_stat *ret)
{
	char buf[PROC_TEXT];
	int rc = tf_proc_read(fd, name, buf, sizeof(buf));

	return rc < 0 ? rc : tf_proc_parse_stat(buf, ret);
}

/* The text behind "key" at the beginning of a line, or NULL. The key is exact: "Pss:" is not "SwapPss:". */
static const char *line_value(const char *text, const char *key)
{
	size_t len = strlen(key);

	while (text) {
		if (!strncmp(text, key, len))
			return text + len;
		text = strchr(text, '\n');
		if (text)
			text++;
	}
	return NULL;
}

int tf_proc_pss(int dir, uint64_t *ret_bytes)
{
	char buf[PROC_TEXT];
	const char *at;
	int rc = tf_proc_read(dir, "smaps_rollup", buf, sizeof(buf));

	if (rc < 0)
		return rc;
	at = line_value(buf, "Pss:");
	if (!at)
		return -EBADMSG;
	*ret_bytes = number(&at) * 1024;
	return 0;
}

int tf_proc_rss(int dir, uint64_t *ret_bytes)
{
	char buf[PROC_TEXT];
	const char *at = buf;
	int rc = tf_proc_read(dir, "statm", buf, sizeof(buf));

	if (rc < 0)
		return rc;
	number(&at);
	if (at == buf)
		return -EBADMSG;
	*ret_bytes = number(&at) * (uint64_t)sysconf(_SC_PAGESIZE);
	return 0;
}

int tf_proc_tag(int dir, uint64_t *ret_tag)
{
	char buf[PROC_TEXT];
	const char *at;
	int rc = tf_proc_read(dir, "limits", buf, sizeof(buf));

	if (rc < 0)
		return rc;
	at = line_value(buf, "Max realtime timeout ");
	if (!at)
		return -EBADMSG;
	/* soft, then hard; each a number or "unlimited" */
	at += strspn(at, " ");
	at += strcspn(at, " \n");
	at += strspn(at, " ");
	if (*at == 'u')
		*ret_tag = UINT64_MAX;
	else if (*at >= '0' && *at <= '9')
		*ret_tag = number(&at);
	else
		return -EBADMSG;
	return 0;
}

int tf_proc_ignores(int dir, int sig)
{
	char buf[PROC_STATUS];
	const char *at;
	uint64_t mask = 0;
	int rc = tf_proc_read(dir, "status", buf, sizeof(buf));

	if (rc < 0)
		return rc;
	/* The name is escaped in this file (no raw newline), so a line cannot be forged. */
	at = line_value(buf, "SigIgn:");
	if (!at)
		return -EBADMSG;
	for (at += strspn(at, " \t"); *at && *at != '\n'; at++) {
		int digit = *at <= '9' ? *at - '0' : (*at | 32) - 'a' + 10;

		if (digit < 0 || digit > 15)
			return -EBADMSG;
		mask = mask << 4 | (uint64_t)digit;
	}
	return (int)(mask >> (sig - 1) & 1);
}

int tf_proc_children_of(int children_fd, tf_proc_each_fn *each, void *context)
{
	char buf[4096];
	uint64_t value = 0;
	off_t at = 0;
	ssize_t n;

	/* A list can be longer than any buffer, and a number can be cut at its end. */
	while ((n = pread(children_fd, buf, sizeof(buf), at)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		at += n;
		for (ssize_t i = 0; i < n; i++) {
			int rc;

			if (buf[i] >= '0' && buf[i] <= '9') {
				value = value * 10 + (uint64_t)(buf[i] - '0');
				if (value > INT32_MAX)
					return -EBADMSG;
				continue;
			}
			rc = value ? each(context, (pid_t)value) : 0;
			value = 0;
			if (rc)
				return rc;
		}
		/* Each number is followed by a blank: a short read that ends with one is the end of the list. */
		if ((size_t)n < sizeof(buf) && buf[n - 1] == ' ')
			break;
	}
	return value ? each(context, (pid_t)value) : 0;
}

/* "task/TID" + tail; buf holds them. */
static const char *thread_path(char *buf, size_t size, pid_t tid, const char *tail)
{
	char digits[16], *p = decimal(digits + sizeof(digits), (uint32_t)tid);
	size_t len = strlen(p), tail_len = strlen(tail);

	if (sizeof("task/") + len + tail_len > size)
		return "";
	memcpy(buf, "task/", 5);
	memcpy(buf + 5, p, len);
	memcpy(buf + 5 + len, tail, tail_len + 1);
	return buf;
}

int tf_proc_children_open(int dir, pid_t pid)
{
	char path[48];

	return open_at(dir, thread_path(path, sizeof(path), pid, "/children"), O_RDONLY);
}

struct dirent64_raw {
	uint64_t ino;
	int64_t off;
	unsigned short len;
	unsigned char type;
	char name[];
};

int tf_proc_numbers(int dir, tf_proc_each_fn *each, void *context)
{
	_Alignas(8) char buf[4096];
	long n;

	/* getdents64 itself: opendir() allocates, and takes the descriptor for good. */
	if (lseek(dir, 0, SEEK_SET) < 0)
		return -errno;
	while ((n = syscall(SYS_getdents64, dir, buf, sizeof(buf))) != 0) {
		if (n < 0)
			return errno == ENOENT ? -ESRCH : -errno;
		for (long at = 0; at < n;) {
			struct dirent64_raw *entry = (struct dirent64_raw *)(buf + at);
			const char *p = entry->name;
			uint64_t value = number(&p);
			int rc;

			at += entry->len;
			if (p == entry->name || *p || !value || value > INT32_MAX)
				continue;
			rc = each(context, (pid_t)value);
			if (rc)
				return rc;
		}
	}
	return 0;
}

struct thread_walk {
	int dir;
	pid_t first;
	int found;
	tf_proc_each_fn *each;
	void *context;
};

static int thread_children(void *context, pid_t tid)
{
	struct thread_walk *walk = context;
	int fd = tf_proc_children_open(walk->dir, tid), rc;

	if (fd == -ENOENT)
		return 0; /* the thread ended: its children went to another one */
	if (fd < 0)
		return fd;
	walk->found = 1;
	rc = tf_proc_children_of(fd, walk->each, walk->context);
	close(fd);
	return rc;
}

/* Calls each for the threads of dir. */
static int each_thread(int dir, tf_proc_each_fn *each, struct thread_walk *walk)
{
	int task = open_at(dir, "task", O_RDONLY | O_DIRECTORY), rc;

	if (task < 0)
		return task == -ENOENT ? -ESRCH : task;
	rc = tf_proc_numbers(task, each, walk);
	close(task);
	return rc;
}

int tf_proc_children(int dir, tf_proc_each_fn *each, void *context)
{
	struct thread_walk walk = {.dir = dir, .each = each, .context = context};
	int rc = each_thread(dir, thread_children, &walk);

	if (rc)
		return rc;
	return walk.found ? 0 : -ENOENT;
}

/* The first that has memory; 1 ends the walk. */
static int living_thread(void *context, pid_t tid)
{
	struct thread_walk *walk = context;
	uint64_t bytes;
	char path[48];
	int fd;

	if (tid == walk->first)
		return 0;
	fd = open_at(walk->dir, thread_path(path, sizeof(path), tid, ""), O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return 0;
	if (!tf_proc_rss(fd, &bytes) && bytes) {
		walk->found = fd;
		return 1;
	}
	close(fd);
	return 0;
}

int tf_proc_open_thread(int dir, pid_t pid)
{
	struct thread_walk walk = {.dir = dir, .first = pid, .found = -ESRCH};
	int rc = each_thread(dir, living_thread, &walk);

	return rc < 0 ? rc : walk.found;
}
