/*
 * Snapshots of the whole of /proc. What cannot be opened because descriptors are short ends the walk with an error,
 * so that nobody is overlooked in silence; what is merely gone is passed over.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include "scan.h"

#define SCAN_FIRST 256u

struct walk {
	struct tf_scan *scan;
	int root;
	uint64_t tag;
	pid_t self;
	tf_scan_tagged_fn *each;
	void *context;
};

static int is_short(int rc)
{
	return rc == -EMFILE || rc == -ENFILE || rc == -ENOMEM;
}

static int add(struct tf_scan *scan, struct tf_scan_entry entry)
{
	if (scan->count == scan->size) {
		uint32_t size = scan->size ? scan->size * 2 : SCAN_FIRST;
		void *grown = realloc(scan->all, size * sizeof(*scan->all));

		if (!grown)
			return -ENOMEM;
		scan->all = grown;
		scan->size = size;
	}
	scan->all[scan->count++] = entry;
	return 0;
}

static int take_one(void *context, pid_t pid)
{
	struct walk *walk = context;
	struct tf_proc_stat stat;
	int dir = tf_proc_open(walk->root, pid), rc;

	if (dir < 0)
		return is_short(dir) ? dir : 0;
	rc = tf_proc_stat(dir, "stat", &stat);
	close(dir);
	if (rc < 0)
		return is_short(rc) ? rc : 0;
	return add(walk->scan, (struct tf_scan_entry){.pid = pid, .ppid = stat.ppid});
}

static int by_parent(const void *a, const void *b)
{
	pid_t x = ((const struct tf_scan_entry *)a)->ppid;
	pid_t y = ((const struct tf_scan_entry *)b)->ppid;

	return (x > y) - (x < y);
}

int tf_scan_take(struct tf_scan *scan, int root)
{
	struct walk walk = {.scan = scan, .root = root};
	int rc;

	*scan = (struct tf_scan){0};
	rc = tf_proc_numbers(root, take_one, &walk);
	if (rc) {
		tf_scan_free(scan);
		return rc;
	}
	if (scan->count)
		qsort(scan->all, scan->count, sizeof(*scan->all), by_parent);
	return 0;
}

void tf_scan_free(struct tf_scan *scan)
{
	free(scan->all);
	*scan = (struct tf_scan){0};
}

int tf_scan_children(const struct tf_scan *scan, pid_t parent, tf_proc_each_fn *each, void *context)
{
	uint32_t low = 0, high = scan->count;
	int rc = 0;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (scan->all[middle].ppid < parent)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < scan->count && scan->all[low].ppid == parent && !rc; low++)
		rc = each(context, scan->all[low].pid);
	return rc;
}

static int tag_one(void *context, pid_t pid)
{
	struct walk *walk = context;
	struct tf_proc_stat stat;
	uint64_t tag;
	int dir, rc;

	if (pid == walk->self)
		return 0;
	dir = tf_proc_open(walk->root, pid);
	if (dir < 0)
		return is_short(dir) ? dir : 0;
	rc = tf_proc_tag(dir, &tag);
	if (!rc && tag == walk->tag)
		rc = tf_proc_stat(dir, "stat", &stat);
	if (!rc && tag == walk->tag && (stat.state != 'Z' || stat.threads > 1))
		rc = walk->each(walk->context, pid, dir);
	else if (!is_short(rc))
		rc = 0;
	close(dir);
	return rc;
}

int tf_scan_tagged(int root, uint64_t tag, tf_scan_tagged_fn *each, void *context)
{
	struct walk walk = {
	        .root = root, .tag = tag, .self = getpid(), .each = each, .context = context};

	return tf_proc_numbers(root, tag_one, &walk);
}
