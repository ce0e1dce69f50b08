/*
 * The view's blob, written. What is built here is opened once more with tf_view_open() before it is
 * used, so the two can never disagree silently.
 */
#include "view_build.h"

#include <errno.h>
#include <string.h>

#include "../../preload/core/path.h"

struct out {
	char *buf;
	size_t size, len;
};

static int put_string(struct out *out, const char *text, struct tf_str *ret)
{
	size_t n = strlen(text);

	if (n + 1 > out->size - out->len)
		return -ENOSPC;
	memcpy(out->buf + out->len, text, n + 1);
	*ret = (struct tf_str){.off = (uint32_t)out->len, .len = (uint32_t)n};
	out->len += n + 1;
	return 0;
}

/* Indices of entry[] by guest path (insertion sort: a view has some twenty mappings). */
static void sort_entries(const struct tf_view_entry *entry, unsigned int n, uint16_t *order)
{
	for (unsigned int i = 0; i < n; i++) {
		unsigned int j = i;

		for (; j && strcmp(entry[order[j - 1]].guest, entry[i].guest) > 0; j--)
			order[j] = order[j - 1];
		order[j] = (uint16_t)i;
	}
}

static int put_mapping(struct out *out, const struct tf_view_entry *entry, struct tf_mapping *map)
{
	int rc = put_string(out, entry->guest, &map->guest);

	if (rc == 0)
		rc = put_string(out, entry->host ? entry->host : "", &map->host);
	if (rc < 0)
		return rc;
	map->kind = entry->kind;
	map->access = entry->access;
	map->flags = entry->flags & (uint8_t)~TF_MAP_NESTED;
	return 0;
}

/* Puts mapping i into its bucket's chain, longest guest path first. */
static void put_chain(struct tf_view_head *head, struct tf_mapping *map, uint32_t i,
                      const char *guest)
{
	uint16_t *bucket = &head->bucket[tf_view_bucket(guest, map[i].guest.len)];
	uint32_t prev = 0, at = *bucket;

	while (at && map[at - 1].guest.len > map[i].guest.len) {
		prev = at;
		at = map[at - 1].next;
	}
	map[i].next = at;
	if (prev)
		map[prev - 1].next = i + 1;
	else
		*bucket = (uint16_t)(i + 1);
}

/* Marks what other mappings lie below; sorted order does not help ("/a-b" sorts between "/a" and "/a/b"). */
static void mark_nested(struct tf_view_head *head, struct tf_mapping *map)
{
	struct tf_view view = {.head = head, .map = map};

	for (uint32_t i = 0; i < head->nmappings; i++) {
		if (!tf_view_has_below(&view, tf_view_str(&view, map[i].guest), map[i].guest.len))
			continue;
		map[i].flags |= TF_MAP_NESTED;
		if (!(map[i].flags & TF_MAP_SKELETON))
			head->flags |= TF_VIEW_NESTED;
	}
}

static int put_info(struct out *out, const struct tf_view_info *info, struct tf_view_head *head)
{
	int rc = put_string(out, info->library, &head->library);

	if (rc == 0)
		rc = put_string(out, info->self, &head->self);
	if (rc == 0)
		rc = put_string(out, info->shared, &head->shared);
	return rc;
}

int tf_view_build(const struct tf_view_entry *entry, unsigned int n,
                  const struct tf_view_info *info, void *buf, size_t size, size_t *ret_size)
{
	struct tf_view_head *head = buf;
	struct tf_mapping *map = (struct tf_mapping *)(head + 1);
	struct out out = {.buf = buf, .size = size, .len = sizeof(*head) + n * sizeof(*map)};
	uint16_t order[TF_VIEW_MAX_MAPPINGS];
	struct tf_view check;
	int rc = 0, root = -1;

	if (n == 0 || n > TF_VIEW_MAX_MAPPINGS)
		return -E2BIG;
	if (out.len > size)
		return -ENOSPC;
	memset(buf, 0, out.len);
	sort_entries(entry, n, order);
	*head = (struct tf_view_head){.magic = TF_VIEW_MAGIC,
	                              .version = TF_VIEW_VERSION,
	                              .flags = info->flags & ~TF_VIEW_NESTED,
	                              .nmappings = n,
	                              .mappings = sizeof(*head)};
	for (unsigned int i = 0; i < n && rc == 0; i++) {
		rc = put_mapping(&out, &entry[order[i]], &map[i]);
		if (strcmp(entry[order[i]].guest, "/") == 0)
			root = (int)i;
		else
			put_chain(head, map, i, entry[order[i]].guest);
	}
	if (rc == 0)
		rc = put_info(&out, info, head);
	if (rc < 0)
		return rc;
	if (root < 0)
		return -EINVAL;
	if (out.len > TF_VIEW_MAX_BYTES)
		return -E2BIG;
	head->root = (uint32_t)root;
	head->bytes = (uint32_t)out.len;
	mark_nested(head, map);
	rc = tf_view_open(buf, out.len, &check);
	if (rc == 0)
		*ret_size = out.len;
	return rc;
}
