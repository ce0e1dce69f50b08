/*
 * The view: which guest path is which host path, and what may be done there.
 *
 * A view is one position-independent blob, built by the launcher (launcher/plan/view_build.c),
 * mapped read-only by libturf.so and, later, by the broker. tf_view_open() checks every offset
 * once; after that all functions here are total: no allocation, no locks, no globals, no errno,
 * async-signal-safe. Paths are byte strings; a "clean" path begins with '/', has no empty, "."
 * or ".." component and no trailing slash ("/" itself excepted).
 */
#ifndef TURF_CORE_VIEW_H
#define TURF_CORE_VIEW_H

#include <stddef.h>
#include <stdint.h>

#define TF_PATH_MAX 4096 /* PATH_MAX of Linux, with the NUL */

/* Limits of a blob. What does not fit is refused by the builder, never cut. */
#define TF_VIEW_MAX_MAPPINGS 512
#define TF_VIEW_MAX_BYTES (1u << 20)
#define TF_VIEW_MAGIC 0x77567466u /* "ftVw", little-endian */
#define TF_VIEW_VERSION 1u

/* What stands behind a guest path. The numbers are part of the blob's format. */
enum tf_kind {
	TF_KIND_IDENTITY = 1, /* the same path on the host */
	TF_KIND_BIND = 2,     /* another path on the host */
	TF_KIND_PRIVATE = 3,  /* a directory of the sandbox's own */
	TF_KIND_HIDDEN = 4,   /* does not exist for the guest */
	TF_KIND_COPY = 5,     /* copy-on-write: not yet, refused by tf_view_open() */
	TF_KIND_PROC = 6,     /* own processes only: not yet, refused by tf_view_open() */
	TF_KIND_DEV = 7,      /* small /dev: not yet, refused by tf_view_open() */
};

/* What may be done below a mapping (bits). */
#define TF_READ 1u
#define TF_WRITE 2u
#define TF_EXEC 4u

/* Properties of a mapping (bits), filled in by the builder. */
#define TF_MAP_LINK                                                                                \
	1u /* the guest path itself is a symlink in the parent mapping (/bin -> usr/bin) */
#define TF_MAP_NESTED 2u   /* other mappings lie below this one */
#define TF_MAP_FILE 4u     /* a single file (or device, socket), not a directory */
#define TF_MAP_SKELETON 8u /* made by turf: directories of mode 000 stand for mapping points */

/* Properties of the whole view (bits). */
#define TF_VIEW_OPENAT2 1u     /* the host's kernel has openat2(2) (Linux 5.6) and lets us use it */
#define TF_VIEW_NESTED 2u      /* a mapping that is not a skeleton has mappings below it */
#define TF_VIEW_COOPERATIVE 4u /* hooks are all there is: refuse what they cannot hold */

/* A string inside the blob: offset from its start, length without the NUL that follows it. */
struct tf_str {
	uint32_t off;
	uint32_t len;
};

struct tf_mapping {
	struct tf_str guest; /* clean */
	struct tf_str host;  /* clean, free of symlinks when it was built; empty for hidden */
	uint8_t kind;        /* enum tf_kind */
	uint8_t access;
	uint8_t flags;
	uint8_t reserved;
	uint32_t next; /* index + 1 of the next shorter mapping with the same bucket, 0 = none */
};

#define TF_VIEW_BUCKETS 64

/*
 * The blob's head. Mappings follow at `mappings`, sorted by guest path (byte order), then strings.
 * bucket[hash of the first component] holds index + 1 of the longest mapping that begins with it.
 */
struct tf_view_head {
	uint32_t magic;
	uint32_t version;
	uint32_t bytes; /* of the whole blob */
	uint32_t flags;
	uint32_t nmappings;
	uint32_t mappings; /* offset of struct tf_mapping[nmappings], 8-byte aligned */
	uint32_t root;     /* index of the mapping of "/" */
	uint32_t reserved;
	struct tf_str library; /* host path of libturf.so, for LD_PRELOAD */
	struct tf_str self;    /* host path of this blob, for TURF_VIEW */
	struct tf_str
	        shared; /* host path of the sandbox's shared page (generation counter), or empty */
	uint16_t bucket[TF_VIEW_BUCKETS];
};

/* A checked view. Plain pointers into the caller's mapping of the blob, which must outlive it. */
struct tf_view {
	const struct tf_view_head *head;
	const struct tf_mapping *map;
};

/*
 * Checks a blob of size bytes at blob (8-byte aligned) and fills in *ret.
 * Returns 0, -EINVAL (damaged), -EPROTONOSUPPORT (other version) or -ENOTSUP (a kind that this
 * version has no code for). Source of every later guarantee: nothing below checks again.
 */
int tf_view_open(const void *blob, size_t size, struct tf_view *ret);

/* The NUL-terminated string s of a checked view. */
static inline const char *tf_view_str(const struct tf_view *view, struct tf_str s)
{
	return (const char *)view->head + s.off;
}

/* Bucket of the path's first component; path begins with '/'. Shared by builder and reader. */
unsigned int tf_view_bucket(const char *path, size_t len);

/*
 * The mapping that a clean guest path of len bytes falls into: the longest guest prefix that ends
 * at a component border. Always finds one, since "/" is always mapped.
 */
const struct tf_mapping *tf_view_find(const struct tf_view *view, const char *guest, size_t len);

/*
 * Guest → host: writes the host path of a clean guest path that lies in map into buf.
 * Returns its length, or -ENAMETOOLONG (size too small), or -ENOENT for a hidden mapping.
 */
int tf_view_to_host(const struct tf_view *view, const struct tf_mapping *map, const char *guest,
                    size_t len, char *buf, size_t size);

/*
 * Host → guest: the guest path under which a clean host path is visible. Where several are, the one
 * with the longest host prefix. Returns its length, -ENAMETOOLONG, or -ENOENT when the guest cannot
 * see it (not mapped, hidden, or shadowed by another mapping).
 */
int tf_view_to_guest(const struct tf_view *view, const char *host, size_t len, char *buf,
                     size_t size);

/* Whether a mapping lies strictly below a clean guest path. */
int tf_view_has_below(const struct tf_view *view, const char *guest, size_t len);

#endif
