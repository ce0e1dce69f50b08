/*
 * Path strings and the walk. Input: a path, NUL, then texts of links, each ended by NUL; which host path is
 * a link, a file or missing is drawn from its name.
 */
#include <errno.h>
#include <string.h>

#include "preload/core/path.h"
#include "preload/core/walk.h"
#include "views.h"

#define MAX_TEXTS 16
struct texts {
	const char *text[MAX_TEXTS];
	unsigned int n;
	const struct tf_view *view;
};

/* Whether a host path lies where the guest may look. */
static int is_inside(const struct tf_view *view, const char *host)
{
	size_t len = strlen(host);

	for (uint32_t i = 0; i < view->head->nmappings; i++) {
		const struct tf_mapping *map = &view->map[i];

		if (map->kind != TF_KIND_HIDDEN &&
		    tf_path_below(host, len, tf_view_str(view, map->host), map->host.len))
			return 1;
	}
	return 0;
}

static int read_link(void *ctx, const char *host, char *buf, size_t size)
{
	const struct texts *texts = ctx;
	unsigned int hash = 5381;

	CLAIM(strlen(host) < TF_PATH_MAX + 2);
	CLAIM(is_inside(texts->view, host));
	if (strlen(host) > 2 && strcmp(host + strlen(host) - 2, "/.") == 0)
		return -EINVAL;
	for (const char *p = host; *p; p++)
		hash = hash * 33 + (unsigned char)*p;
	if (hash % 8 == 0)
		return hash % 16 ? -ENOENT : -ENOTDIR;
	if (hash % 3 || texts->n == 0)
		return -EINVAL;
	const char *text = texts->text[hash / 8 % texts->n];
	size_t len = strlen(text) < size ? strlen(text) : size;

	memcpy(buf, text, len);
	return (int)len;
}

static void check_strings(const char *path)
{
	char clean[TF_PATH_MAX], again[TF_PATH_MAX];
	struct tf_scan scan;
	int rc = tf_path_scan(path, &scan);

	CLAIM(rc == 0 || rc == -ENOENT || rc == -ENAMETOOLONG);
	if (rc == 0) {
		CLAIM(scan.len == strlen(path) && scan.last <= scan.len);
		CLAIM(!(scan.flags & TF_PATH_ABSOLUTE) == (path[0] != '/'));
		CLAIM(tf_path_is_clean(path, scan.len) ==
		      (path[0] == '/' && !(scan.flags & TF_PATH_UNCLEAN)));
	}
	int n = tf_path_clean(path, clean, sizeof(clean));
	if (n < 0) {
		CLAIM(n == -ENAMETOOLONG || path[0] != '/');
		return;
	}
	CLAIM((size_t)n == strlen(clean) && (size_t)n <= strlen(path) + 1);
	CLAIM(tf_path_is_clean(clean, (size_t)n) || tf_path_scan(clean, &scan) == -ENAMETOOLONG);
	CLAIM(tf_path_clean(clean, again, sizeof(again)) == n && strcmp(clean, again) == 0);
}

static void check_walk(const struct tf_view *view, struct texts *texts, const char *path,
                       unsigned int flags)
{
	static struct tf_walk walk;
	const struct tf_walk_ops ops = {.read_link = read_link, .ctx = texts};
	int rc = tf_walk(view, &ops, "/a/b", path, flags, &walk);

	if (rc < 0)
		return;
	CLAIM(is_inside(view, walk.host));
	CLAIM(strlen(walk.host) <= TF_PATH_MAX);
	CLAIM(tf_path_is_clean(walk.guest, strlen(walk.guest)) || walk.is_magic);
	CLAIM(walk.is_magic || strncmp(walk.host, "/h/b/c/", 7) != 0);
	CLAIM(walk.is_magic || strcmp(walk.host, "/h/b/c") != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static _Alignas(8) char blob[8192];
	static char input[3 * TF_PATH_MAX];
	struct texts texts = {.n = 0};
	struct tf_view view;

	if (size >= sizeof(input))
		return 0;
	memcpy(input, data, size);
	input[size] = '\0';
	for (size_t at = strlen(input) + 1; at < size && texts.n < MAX_TEXTS;
	     at += strlen(input + at) + 1)
		if (input[at])
			texts.text[texts.n++] = input + at;
	CLAIM(tf_view_open(blob, fuzz_view_build(blob, sizeof(blob)), &view) == 0);
	texts.view = &view;
	check_strings(input);
	check_walk(&view, &texts, input, 0);
	check_walk(&view, &texts, input, TF_WALK_NOFOLLOW);
	return 0;
}
