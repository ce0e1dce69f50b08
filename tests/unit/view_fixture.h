/*
 * A view for tests, built in a static buffer: V(entries...) and the few helpers that show results.
 */
#ifndef TURF_TESTS_VIEW_FIXTURE_H
#define TURF_TESTS_VIEW_FIXTURE_H

#include <string.h>

#include "launcher/plan/view_build.h"
#include "unit.h"

#define NELEM(a) ((int)(sizeof(a) / sizeof((a)[0])))

static _Alignas(8) char view_blob[64 << 10];
static size_t view_blob_size;

static const struct tf_view_info view_info = {
        .library = "/w/lib/libturf.so", .self = "/w/view", .shared = ""};

static inline struct tf_view view_make(const struct tf_view_entry *entry, unsigned int n)
{
	struct tf_view view;

	ck_assert_int_eq(
	        tf_view_build(entry, n, &view_info, view_blob, sizeof(view_blob), &view_blob_size),
	        0);
	ck_assert_int_eq(tf_view_open(view_blob, view_blob_size, &view), 0);
	return view;
}

/* The sandbox that most tests look at: a skeleton root, system identity, /work bound, a hidden part. */
static const struct tf_view_entry view_usual[] = {
        {"/", "/w/root", TF_KIND_PRIVATE, TF_READ, TF_MAP_SKELETON},
        {"/usr", "/usr", TF_KIND_IDENTITY, TF_READ | TF_EXEC, 0},
        {"/bin", "/usr/bin", TF_KIND_BIND, TF_READ | TF_EXEC, TF_MAP_LINK},
        {"/etc", "/etc", TF_KIND_IDENTITY, TF_READ, 0},
        {"/work", "/w/code", TF_KIND_PRIVATE, TF_READ | TF_WRITE | TF_EXEC, 0},
        {"/work/in", "/data/in", TF_KIND_BIND, TF_READ, 0},
        {"/work/in/key", NULL, TF_KIND_HIDDEN, 0, 0},
        {"/workshop", "/home/u/shop", TF_KIND_BIND, TF_READ | TF_WRITE, 0},
        {"/proc", "/proc", TF_KIND_IDENTITY, TF_READ, 0},
        {"/tmp", "/w/tmp", TF_KIND_PRIVATE, TF_READ | TF_WRITE, 0},
};

static inline struct tf_view view_make_usual(void)
{
	return view_make(view_usual, sizeof(view_usual) / sizeof(view_usual[0]));
}

#endif
