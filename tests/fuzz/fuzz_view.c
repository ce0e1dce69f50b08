/*
 * tf_view_open on bytes that nobody vouches for, and every lookup on what it lets pass.
 * Input: 'P', then patches {u16 offset, u8 value} for a good blob, then "/" and a path to look up; anything
 * else is taken as a blob itself.
 */
#include <errno.h>
#include <string.h>

#include "preload/core/path.h"
#include "preload/core/view.h"
#include "views.h"

static _Alignas(8) char blob[64 << 10];

static size_t fill(const uint8_t *data, size_t size, char *path, size_t path_size)
{
	if (size == 0 || data[0] != 'P') {
		size = size < sizeof(blob) ? size : sizeof(blob);
		memcpy(blob, data, size);
		return size;
	}
	size_t made = fuzz_view_build(blob, sizeof(blob));

	for (data++, size--; size >= 3 && data[0] != '/'; data += 3, size -= 3)
		blob[(size_t)(data[0] | data[1] << 8) % made] = (char)data[2];
	if (size && size < path_size) {
		memcpy(path, data, size);
		path[size] = '\0';
	}
	return made;
}

static void look_up(const struct tf_view *view, const char *path)
{
	char host[TF_PATH_MAX], guest[TF_PATH_MAX];
	size_t len = strlen(path);

	if (!tf_path_is_clean(path, len))
		return;
	const struct tf_mapping *map = tf_view_find(view, path, len);
	CLAIM(map != NULL);
	CLAIM(tf_path_below(path, len, tf_view_str(view, map->guest), map->guest.len));
	int n = tf_view_to_host(view, map, path, len, host, sizeof(host));
	if (n < 0) {
		CLAIM(n == -ENAMETOOLONG || (n == -ENOENT && map->kind == TF_KIND_HIDDEN));
		return;
	}
	CLAIM((size_t)n == strlen(host));
	CLAIM(tf_path_is_clean(host, (size_t)n));
	CLAIM(tf_path_below(host, (size_t)n, tf_view_str(view, map->host), map->host.len));
	n = tf_view_to_guest(view, host, (size_t)n, guest, sizeof(guest));
	if (n >= 0)
		CLAIM(tf_path_is_clean(guest, (size_t)n));
	(void)tf_view_has_below(view, path, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = {"/",      "/usr/x",    "/bin/sh", "/a",
	                                    "/a/b/c", "/a/b/cd/e", "/none/x"};
	char path[TF_PATH_MAX] = "/";
	struct tf_view view;
	size_t n = fill(data, size, path, sizeof(path));
	int rc = tf_view_open(blob, n, &view);

	CLAIM(rc == 0 || rc == -EINVAL || rc == -EPROTONOSUPPORT || rc == -ENOTSUP);
	if (rc < 0)
		return 0;
	look_up(&view, path);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		look_up(&view, paths[i]);
	return 0;
}
