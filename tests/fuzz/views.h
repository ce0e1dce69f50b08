/*
 * The view that the fuzz targets start from: each kind, nesting, a hidden part, a link of turf's own.
 */
#ifndef TURF_TESTS_FUZZ_VIEWS_H
#define TURF_TESTS_FUZZ_VIEWS_H

#include "launcher/plan/view_build.h"
#include "fuzz.h"

static const struct tf_view_entry fuzz_entries[] = {
        {"/", "/w/root", TF_KIND_PRIVATE, TF_READ, TF_MAP_SKELETON},
        {"/usr", "/usr", TF_KIND_IDENTITY, TF_READ | TF_EXEC, 0},
        {"/bin", "/usr/bin", TF_KIND_BIND, TF_READ | TF_EXEC, TF_MAP_LINK},
        {"/a", "/w/a", TF_KIND_PRIVATE, TF_READ | TF_WRITE, 0},
        {"/a/b", "/h/b", TF_KIND_BIND, TF_READ, 0},
        {"/a/b/c", NULL, TF_KIND_HIDDEN, 0, 0},
        {"/ab", "/h/ab", TF_KIND_BIND, TF_READ, 0},
        {"/proc", "/proc", TF_KIND_IDENTITY, TF_READ, 0},
};

/* Into buf (8-byte aligned); its size. */
static inline size_t fuzz_view_build(void *buf, size_t size)
{
	static const struct tf_view_info info = {
	        .library = "/w/l.so", .self = "/w/v", .shared = ""};
	size_t made = 0;

	CLAIM(tf_view_build(fuzz_entries, sizeof(fuzz_entries) / sizeof(fuzz_entries[0]), &info,
	                    buf, size, &made) == 0);
	return made;
}

#endif
