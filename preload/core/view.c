/*
 * Checks and reads the view's blob. See view.h. Nothing here trusts a number that tf_view_open() has not seen.
 */
#include "view.h"

#include <errno.h>
#include <string.h>

#include "path.h"

unsigned int tf_view_bucket(const char *path, size_t len)
{
	unsigned int hash = 0;

	for (size_t i = 1; i < len && path[i] != '/'; i++)
		hash = hash * 31 + (unsigned char)path[i];
	return (hash ^ hash >> 6) % TF_VIEW_BUCKETS;
}

/* ---- the check ---- */

static int is_string(const struct tf_view_head *head, struct tf_str s)
{
	const char *text = (const char *)head + s.off;

	if (s.off >= head->bytes || s.len >= head->bytes - s.off)
		return 0;
	return text[s.len] == '\0' && memchr(text, '\0', s.len) == NULL;
}

static int is_path(const struct tf_view_head *head, struct tf_str s)
{
	return is_string(head, s) && s.len < TF_PATH_MAX &&
	       tf_path_is_clean((const char *)head + s.off, s.len);
}

static int is_kind_built(unsigned int kind)
{
	return kind >= TF_KIND_IDENTITY && kind <= TF_KIND_HIDDEN;
}

static int check_mapping(const struct tf_view *view, const struct tf_mapping *map)
{
	const struct tf_view_head *head = view->head;

	if (!is_path(head, map->guest) || map->kind < TF_KIND_IDENTITY || map->kind > TF_KIND_DEV)
		return -EINVAL;
	if (!is_kind_built(map->kind))
		return -ENOTSUP;
	if (map->access & ~(TF_READ | TF_WRITE | TF_EXEC))
		return -EINVAL;
	if (map->kind == TF_KIND_HIDDEN)
		return is_string(head, map->host) && map->host.len == 0 ? 0 : -EINVAL;
	if (!is_path(head, map->host))
		return -EINVAL;
	if (map->kind == TF_KIND_IDENTITY &&
	    (map->host.len != map->guest.len ||
	     memcmp(tf_view_str(view, map->host), tf_view_str(view, map->guest), map->host.len)))
		return -EINVAL;
	return 0;
}

/* Strictly ascending by bytes: also says that no guest path is mapped twice. */
static int is_sorted(const struct tf_view *view)
{
	for (uint32_t i = 1; i < view->head->nmappings; i++) {
		const struct tf_str *a = &view->map[i - 1].guest, *b = &view->map[i].guest;
		size_t n = (a->len < b->len ? a->len : b->len) + 1; /* with a NUL */

		if (memcmp(tf_view_str(view, *a), tf_view_str(view, *b), n) >= 0)
			return 0;
	}
	return 1;
}

/*
 * Every mapping but the root is in the chain of its bucket, longest first: then a search always ends, and
 * the first match is the longest.
 */
static int are_chains_whole(const struct tf_view *view)
{
	uint32_t seen = 0;

	for (unsigned int b = 0; b < TF_VIEW_BUCKETS; b++) {
		uint32_t prev_len = UINT32_MAX;

		for (uint32_t i = view->head->bucket[b]; i; i = view->map[i - 1].next) {
			if (i > view->head->nmappings || ++seen >= view->head->nmappings)
				return 0;
			const struct tf_str *guest = &view->map[i - 1].guest;
			if (guest->len > prev_len || i - 1 == view->head->root ||
			    tf_view_bucket(tf_view_str(view, *guest), guest->len) != b)
				return 0;
			prev_len = guest->len;
		}
	}
	return seen == view->head->nmappings - 1;
}

static int check_head(const struct tf_view_head *head, size_t size)
{
	if (size < sizeof(*head) || size > TF_VIEW_MAX_BYTES || (uintptr_t)head % 8)
		return -EINVAL;
	if (head->magic != TF_VIEW_MAGIC)
		return -EINVAL;
	if (head->version != TF_VIEW_VERSION)
		return -EPROTONOSUPPORT;
	if (head->bytes != size || head->nmappings == 0 || head->nmappings > TF_VIEW_MAX_MAPPINGS ||
	    head->root >= head->nmappings)
		return -EINVAL;
	if (head->mappings % 8 || head->mappings < sizeof(*head) || head->mappings > size ||
	    (size - head->mappings) / sizeof(struct tf_mapping) < head->nmappings)
		return -EINVAL;
	return 0;
}

int tf_view_open(const void *blob, size_t size, struct tf_view *ret)
{
	const struct tf_view_head *head = blob;
	struct tf_view view;
	int rc = check_head(head, size);

	if (rc < 0)
		return rc;
	view.head = head;
	view.map = (const struct tf_mapping *)((const char *)blob + head->mappings);
	for (uint32_t i = 0; i < head->nmappings; i++) {
		rc = check_mapping(&view, &view.map[i]);
		if (rc < 0)
			return rc;
	}
	if (view.map[head->root].guest.len != 1 || view.map[head->root].kind == TF_KIND_HIDDEN)
		return -EINVAL;
	if (!is_sorted(&view) || !are_chains_whole(&view))
		return -EINVAL;
	if (!is_string(head, head->library) || !is_string(head, head->self) ||
	    !is_string(head, head->shared))
		return -EINVAL;
	*ret = view;
	return 0;
}

/* ---- reading ---- */

/* As tf_path_below, without calls: this is on the way of every hooked path. prefix is no "/". */
static int lies_below(const char *path, size_t len, const char *prefix, size_t prefix_len)
{
	if (len < prefix_len || (len > prefix_len && path[prefix_len] != '/'))
		return 0;
	for (; prefix_len >= 8; path += 8, prefix += 8, prefix_len -= 8) {
		uint64_t a, b;

		__builtin_memcpy(&a, path, 8);
		__builtin_memcpy(&b, prefix, 8);
		if (a != b)
			return 0;
	}
	while (prefix_len--)
		if (path[prefix_len] != prefix[prefix_len])
			return 0;
	return 1;
}

const struct tf_mapping *tf_view_find(const struct tf_view *view, const char *guest, size_t len)
{
	uint32_t i = view->head->bucket[tf_view_bucket(guest, len)];

	for (; i; i = view->map[i - 1].next) {
		const struct tf_mapping *map = &view->map[i - 1];

		if (lies_below(guest, len, tf_view_str(view, map->guest), map->guest.len))
			return map;
	}
	return &view->map[view->head->root];
}

/* base + rest of path below prefix, for both directions; "/" as base or prefix has no length. */
static int rebase(const char *path, size_t len, size_t prefix_len, const char *base,
                  size_t base_len, char *buf, size_t size)
{
	if (prefix_len == 1)
		prefix_len = 0;
	if (base_len == 1)
		base_len = 0;
	if (len == 1 && path[0] == '/')
		len = 0;
	size_t rest = len > prefix_len ? len - prefix_len : 0;

	if (base_len + rest + 1 > size || size < 2)
		return -ENAMETOOLONG;
	memcpy(buf, base, base_len);
	memcpy(buf + base_len, path + prefix_len, rest);
	len = base_len + rest;
	if (len == 0)
		buf[len++] = '/';
	buf[len] = '\0';
	return (int)len;
}

int tf_view_to_host(const struct tf_view *view, const struct tf_mapping *map, const char *guest,
                    size_t len, char *buf, size_t size)
{
	if (map->kind == TF_KIND_HIDDEN)
		return -ENOENT;
	return rebase(guest, len, map->guest.len, tf_view_str(view, map->host), map->host.len, buf,
	              size);
}

int tf_view_to_guest(const struct tf_view *view, const char *host, size_t len, char *buf,
                     size_t size)
{
	/* Candidates by falling length of their host prefix, until one is not shadowed. */
	size_t bound = TF_PATH_MAX;

	for (;;) {
		const struct tf_mapping *best = NULL;

		for (uint32_t i = 0; i < view->head->nmappings; i++) {
			const struct tf_mapping *map = &view->map[i];

			if (map->kind == TF_KIND_HIDDEN || map->flags & TF_MAP_LINK ||
			    map->host.len >= bound || (best && map->host.len <= best->host.len))
				continue;
			if (tf_path_below(host, len, tf_view_str(view, map->host), map->host.len))
				best = map;
		}
		if (!best)
			return -ENOENT;
		int n = rebase(host, len, best->host.len, tf_view_str(view, best->guest),
		               best->guest.len, buf, size);
		if (n < 0 || tf_view_find(view, buf, (size_t)n) == best)
			return n;
		bound = best->host.len;
	}
}

int tf_view_has_below(const struct tf_view *view, const char *guest, size_t len)
{
	for (uint32_t i = 0; i < view->head->nmappings; i++) {
		const struct tf_str *g = &view->map[i].guest;

		if (g->len > len && g->len > 1 &&
		    tf_path_below(tf_view_str(view, *g), g->len, guest, len))
			return 1;
	}
	return 0;
}
