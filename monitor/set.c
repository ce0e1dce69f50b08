/*
 * The set of a sandbox's processes: a breadth-first look over the children files, merged with the look before so
 * that descriptors and histories carry over. It must not take a reused number for the process it knew: that is
 * checked by the start time, and a stranger by its parent.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "scan.h"
#include "set.h"

#define SET_FIRST 16u

int tf_set_init(struct tf_set *set, const char *proc, pid_t top)
{
	*set = (struct tf_set){.root = tf_proc_root(proc), .top = top};
	return set->root < 0 ? set->root : 0;
}

static void close_kept(struct tf_set *set, struct tf_member *m)
{
	if (m->dir < 0)
		return;
	close(m->dir);
	close(m->stat);
	if (m->children >= 0)
		close(m->children);
	m->dir = m->stat = m->children = -1;
	set->kept--;
}

void tf_set_drop_descriptors(struct tf_set *set)
{
	for (uint32_t i = 0; i < set->count; i++)
		close_kept(set, &set->member[i]);
	for (uint32_t i = 0; i < set->count_before; i++)
		close_kept(set, &set->before[i]);
}

void tf_set_done(struct tf_set *set)
{
	tf_set_drop_descriptors(set);
	if (set->root >= 0)
		close(set->root);
	free(set->member);
	free(set->before);
	*set = (struct tf_set){.root = -1};
}

static int by_pid(const void *a, const void *b)
{
	pid_t x = ((const struct tf_member *)a)->pid, y = ((const struct tf_member *)b)->pid;

	return (x > y) - (x < y);
}

static struct tf_member *find(struct tf_member *member, uint32_t count, pid_t pid)
{
	struct tf_member key = {.pid = pid};

	return count ? bsearch(&key, member, count, sizeof(*member), by_pid) : NULL;
}

struct tf_member *tf_set_find(struct tf_set *set, pid_t pid)
{
	return find(set->member, set->count, pid);
}

const struct tf_member *tf_set_find_before(const struct tf_set *set, pid_t pid)
{
	return find(set->before, set->count_before, pid);
}

/* One more candidate at the end of the queue. */
static int add(void *context, pid_t pid)
{
	struct tf_set *set = context;
	pid_t found_by = set->place < set->count ? set->member[set->place].pid : set->top;

	if (set->count == TF_SET_MAX)
		return -E2BIG;
	if (set->count == set->size) {
		size_t size = set->size ? set->size * 2 : SET_FIRST;
		void *grown = realloc(set->member, size * sizeof(*set->member));

		if (!grown)
			return -ENOMEM;
		set->member = grown;
		set->size = size;
	}
	set->member[set->count++] = (struct tf_member){
	        .pid = pid, .found_by = found_by, .dir = -1, .stat = -1, .children = -1};
	return 0;
}

/* For want of descriptors: gives up all that are kept but those of the member in work. */
static void give_up_kept(struct tf_set *set)
{
	set->is_degraded = 1;
	for (uint32_t i = 0; i < set->count_before; i++)
		close_kept(set, &set->before[i]);
	for (uint32_t i = 0; i < set->count; i++)
		if (i != set->place)
			close_kept(set, &set->member[i]);
}

static int is_short(int rc)
{
	return rc == -EMFILE || rc == -ENFILE;
}

/* tf_proc_open() and tf_proc_stat(), with an effort: for want of a descriptor nobody is overlooked. */
static int open_hard(struct tf_set *set, pid_t pid)
{
	int dir = tf_proc_open(set->root, pid);

	if (!is_short(dir))
		return dir;
	give_up_kept(set);
	return tf_proc_open(set->root, pid);
}

static int stat_hard(struct tf_set *set, int dir, struct tf_proc_stat *ret)
{
	int rc = tf_proc_stat(dir, "stat", ret);

	if (!is_short(rc))
		return rc;
	give_up_kept(set);
	return tf_proc_stat(dir, "stat", ret);
}

static void fill(struct tf_member *m, int dir, const struct tf_proc_stat *stat)
{
	uint64_t tick_us = 1000000 / (uint64_t)sysconf(_SC_CLK_TCK);
	int thread;

	m->ppid = stat->ppid;
	m->state = stat->state;
	m->threads = stat->threads;
	m->start = stat->start;
	m->own_us = stat->own * tick_us;
	m->gone_us = stat->gone * tick_us;
	m->rss = stat->rss;
	if (stat->rss || stat->state != 'Z' || stat->threads <= 1)
		return;
	/* A first thread that calls pthread_exit() must not hide what the others use. */
	thread = tf_proc_open_thread(dir, stat->pid);
	if (thread < 0)
		return;
	tf_proc_rss(thread, &m->rss);
	close(thread);
}

/* The files of the look before, when they still read: they cannot belong to a later process. */
static int take_over(struct tf_set *set, struct tf_member *m)
{
	struct tf_member *old = find(set->before, set->count_before, m->pid);
	struct tf_proc_stat stat;

	if (!old || old->dir < 0)
		return 0;
	if (tf_proc_stat(old->stat, "", &stat) < 0) {
		close_kept(set, old);
		return 0;
	}
	fill(m, old->dir, &stat);
	m->was_stopped = old->was_stopped;
	m->dir = old->dir;
	m->stat = old->stat;
	m->children = old->children;
	old->dir = old->stat = old->children = -1;
	return 1;
}

int tf_set_is_dead(const struct tf_member *m)
{
	/* A first thread that has ended is 'Z' too, with the others running on. */
	return (m->state == 'Z' || m->state == 'X') && m->threads <= 1;
}

static void keep(struct tf_set *set, struct tf_member *m, int dir)
{
	if (set->kept >= TF_SET_KEEP || set->is_degraded || tf_set_is_dead(m))
		return;
	m->stat = openat(dir, "stat", O_RDONLY | O_CLOEXEC);
	if (m->stat < 0)
		return;
	m->dir = dir;
	set->kept++;
}

/*
 * Whether a process that cannot be opened exists. hidepid=1 says EPERM, hidepid=2 says ENOENT of everything foreign,
 * of process 1 too.
 */
static int exists_hidden(const struct tf_set *set, pid_t pid, int error)
{
	int one;

	if (error == -EPERM || error == -EACCES)
		return 1;
	if (error == -ENOENT) {
		one = tf_proc_open(set->root, 1);
		if (one >= 0) {
			close(one);
			return 0;
		}
	}
	return kill(pid, 0) == 0 || errno == EPERM;
}

/* A candidate that cannot be read: a member all the same when it exists. */
static int hide(struct tf_set *set, struct tf_member *m, int error)
{
	m->is_hidden = (uint8_t)exists_hidden(set, m->pid, error);
	m->ppid = m->found_by;
	m->is_new = !tf_set_find_before(set, m->pid);
	return m->is_hidden;
}

/*
 * Opens and reads a candidate. 1 = a member, 0 = gone or a stranger that got the number meanwhile. *ret_dir is its
 * directory, for reading its children; keep() takes it over.
 */
static int open_member(struct tf_set *set, struct tf_member *m, int *ret_dir)
{
	const struct tf_member *old = tf_set_find_before(set, m->pid);
	struct tf_proc_stat stat;
	int dir = open_hard(set, m->pid);
	int rc;

	*ret_dir = -1;
	if (dir < 0)
		return hide(set, m, dir);
	rc = stat_hard(set, dir, &stat);
	if (is_short(rc)) {
		close(dir);
		return hide(set, m, rc);
	}
	/* A child is its lister's, or has lost that parent and is the subreaper's: anything else is a stranger. */
	if (rc < 0 || (stat.ppid != m->found_by && stat.ppid != set->top)) {
		close(dir);
		return 0;
	}
	fill(m, dir, &stat);
	m->is_new = !old || old->start != m->start;
	if (!m->is_new)
		m->was_stopped = old->was_stopped;
	*ret_dir = dir;
	return 1;
}

static int list_children(struct tf_set *set, struct tf_member *m, int dir)
{
	int fd = m->children, rc;

	if (tf_set_is_dead(m))
		return 0;
	if (m->threads > 1)
		return tf_proc_children(dir, add, set);
	if (fd < 0)
		fd = tf_proc_children_open(dir, m->pid);
	if (fd < 0)
		return fd;
	rc = tf_proc_children_of(fd, add, set);
	/* add() may have moved the array. */
	m = &set->member[set->place];
	if (m->dir >= 0)
		m->children = fd;
	else
		close(fd);
	return rc;
}

/* Looks at the candidate at set->place and queues its children. 1 = it is a member, 0 = not, or -errno. */
static int visit(struct tf_set *set)
{
	struct tf_member *m = &set->member[set->place];
	int rc = 0, dir = -1;

	if (take_over(set, m))
		dir = m->dir;
	else if (!open_member(set, m, &dir))
		return 0;
	if (set->on_found)
		set->on_found(set->context, m, dir);
	if (dir < 0)
		return 1; /* hidden */
	if (m->dir < 0)
		keep(set, m, dir);
	if (!set->is_walk)
		rc = list_children(set, m, dir);
	if (is_short(rc)) {
		give_up_kept(set);
		rc = list_children(set, &set->member[set->place], dir);
	}
	m = &set->member[set->place];
	if (m->dir < 0)
		close(dir);
	else if (tf_set_is_dead(m))
		close_kept(set, m);
	return rc == -E2BIG || rc == -ENOMEM ? rc : 1;
}

/* The children of the top: the beginning of the queue. */
static int list_top(struct tf_set *set)
{
	int dir = open_hard(set, set->top), rc;

	if (dir < 0)
		return dir;
	set->place = UINT32_MAX;
	rc = tf_proc_children(dir, add, set);
	close(dir);
	return rc;
}

/* Drops candidates that were none, sorts, drops doubles (a child that moved between two lists). */
static void settle(struct tf_set *set, uint32_t visited)
{
	uint32_t out = 0;

	for (uint32_t i = visited; i < set->count; i++)
		close_kept(set, &set->member[i]);
	if (visited)
		qsort(set->member, visited, sizeof(*set->member), by_pid);
	for (uint32_t i = 0; i < visited; i++) {
		if (out && set->member[out - 1].pid == set->member[i].pid)
			close_kept(set, &set->member[i]);
		else
			set->member[out++] = set->member[i];
	}
	set->count = out;
	for (uint32_t i = 0; i < set->count_before; i++)
		close_kept(set, &set->before[i]);
}

/* Moves a member to the front part; the place it leaves owns nothing any more. */
static void move(struct tf_set *set, uint32_t to, uint32_t from)
{
	if (to == from)
		return;
	set->member[to] = set->member[from];
	set->member[from].dir = set->member[from].stat = set->member[from].children = -1;
}

static void swap_looks(struct tf_set *set)
{
	struct tf_member *member = set->before;
	size_t size = set->size_before;

	set->before = set->member;
	set->count_before = set->count;
	set->size_before = set->size;
	set->member = member;
	set->size = size;
	set->count = 0;
	set->is_degraded = 0;
}

/* The beginning of the queue, from the children files or, where there are none, from a scan. */
static int begin_look(struct tf_set *set, struct tf_scan *scan)
{
	int rc;

	if (!set->is_walk) {
		rc = list_top(set);
		if (rc != -ENOENT)
			return rc;
		set->is_walk = 1;
	}
	rc = tf_scan_take(scan, set->root);
	if (is_short(rc)) {
		give_up_kept(set);
		rc = tf_scan_take(scan, set->root);
	}
	set->place = UINT32_MAX;
	return rc ? rc : tf_scan_children(scan, set->top, add, set);
}

int tf_set_look(struct tf_set *set)
{
	struct tf_scan scan = {0};
	uint32_t out = 0;
	int rc;

	swap_looks(set);
	rc = begin_look(set, &scan);
	/* Members move to the front as they prove to be one; the queue grows at the end meanwhile. */
	for (uint32_t i = 0; i < set->count && !rc; i++) {
		set->place = i;
		rc = visit(set);
		if (!rc)
			continue;
		if (rc == 1)
			rc = set->is_walk ? tf_scan_children(&scan, set->member[i].pid, add, set)
			                  : 0;
		move(set, out++, i);
	}
	tf_scan_free(&scan);
	settle(set, out);
	return rc;
}

int tf_set_dir(struct tf_set *set, const struct tf_member *member, int *ret_close)
{
	struct tf_proc_stat stat;
	int dir = member->dir, rc;

	if (dir >= 0) {
		*ret_close = 0;
		return dir;
	}
	dir = open_hard(set, member->pid);
	if (dir < 0)
		return dir;
	rc = stat_hard(set, dir, &stat);
	if (rc < 0 || (!member->is_hidden && stat.start != member->start)) {
		close(dir);
		return rc < 0 ? rc : -ESRCH;
	}
	*ret_close = 1;
	return dir;
}
