/*
 * Writes a view's blob for the tests of libturf.so, without any launcher: mappings on stdin, a line each
 *   KIND ACCESS FLAGS GUEST HOST
 * KIND identity, bind, private or hidden; ACCESS of the letters r, w, x; FLAGS of f (file), l (link), s (skeleton), - (none).
 *   mkview OUT LIBTURF VIEWFLAGS    VIEWFLAGS: number, TF_VIEW_*
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../launcher/plan/view_build.h"

#define MAX 32

static const char *const kinds[] = {"", "identity", "bind", "private", "hidden"};

static unsigned int bits(const char *text, const char *letters)
{
	unsigned int ret = 0;

	for (; *text; text++)
		if (strchr(letters, *text))
			ret |= 1u << (strchr(letters, *text) - letters);
	return ret;
}

static int read_entry(struct tf_view_entry *entry)
{
	char kind[16], access[8], flags[8], guest[1024], host[1024] = "";

	if (scanf("%15s %7s %7s %1023s %1023s", kind, access, flags, guest, host) != 5)
		return 0;
	for (unsigned int i = 1; i < 5; i++)
		if (strcmp(kind, kinds[i]) == 0)
			entry->kind = (uint8_t)i;
	entry->access = (uint8_t)bits(access, "rwx");
	entry->flags = (uint8_t)((strchr(flags, 'f') ? TF_MAP_FILE : 0) |
	                         (strchr(flags, 'l') ? TF_MAP_LINK : 0) |
	                         (strchr(flags, 's') ? TF_MAP_SKELETON : 0));
	entry->guest = strdup(guest);
	entry->host = entry->kind == TF_KIND_HIDDEN ? NULL : strdup(host);
	return 1;
}

int main(int argc, char **argv)
{
	static _Alignas(8) char blob[65536];
	struct tf_view_entry entry[MAX] = {0};
	unsigned int n = 0;
	size_t size;

	if (argc != 4)
		return 2;
	while (n < MAX && read_entry(&entry[n]))
		n++;
	const struct tf_view_info info = {.library = argv[2],
	                                  .self = argv[1],
	                                  .shared = "",
	                                  .flags = (uint32_t)strtoul(argv[3], NULL, 0)};
	int rc = tf_view_build(entry, n, &info, blob, sizeof(blob), &size);
	if (rc < 0) {
		fprintf(stderr, "mkview: %s\n", strerror(-rc));
		return 1;
	}
	FILE *out = fopen(argv[1], "w");
	if (!out || fwrite(blob, size, 1, out) != 1 || fclose(out) != 0) {
		perror(argv[1]);
		return 1;
	}
	return 0;
}
