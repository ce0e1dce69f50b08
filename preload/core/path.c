/*
 * Path strings, lexically. See path.h.
 */
#include "path.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "view.h"

/* Flags of the component that starts at p ("." or ".."), 0 for an ordinary name. */
static unsigned int component_flags(const char *p)
{
	if (p[0] != '.')
		return 0;
	if (p[1] == '/' || p[1] == '\0')
		return TF_PATH_DOT;
	if (p[1] == '.' && (p[2] == '/' || p[2] == '\0'))
		return TF_PATH_DOTDOT;
	return 0;
}

/*
 * The common path (no "//", "/.", ".", trailing slash) 16 bytes at a time; SSE2 is part of every x86-64. Reads past the end of
 * the string, but never into another page. 0, or -1: look byte by byte.
 */
#if defined(__SSE2__)
__attribute__((no_sanitize("address"))) static int scan_plain(const char *path, struct tf_scan *ret)
{
	const __m128i slashes = _mm_set1_epi8('/'), dots = _mm_set1_epi8('.'),
	              zeros = _mm_setzero_si128();
	/* Bit 0: the byte before the block is a slash, or there is none. */
	unsigned int before = path[0] != '/';
	size_t last = 0;

	for (size_t at = 0; at < TF_PATH_MAX && ((uintptr_t)(path + at) & 4095) <= 4096 - 16;
	     at += 16) {
		__m128i block = _mm_loadu_si128((const __m128i *)(path + at));
		unsigned int slash =
		        (unsigned int)_mm_movemask_epi8(_mm_cmpeq_epi8(block, slashes));
		unsigned int dot = (unsigned int)_mm_movemask_epi8(_mm_cmpeq_epi8(block, dots));
		unsigned int nul = (unsigned int)_mm_movemask_epi8(_mm_cmpeq_epi8(block, zeros));
		unsigned int after = slash << 1 | before, seen = nul ? nul ^ (nul - 1) : 0xffff;

		if (after & seen & (slash | dot | nul))
			return -1;
		slash &= seen;
		if (slash)
			last = at + 32 - (size_t)__builtin_clz(slash);
		if (nul) {
			*ret = (struct tf_scan){.len = at + (size_t)__builtin_ctz(nul),
			                        .last = last,
			                        .flags = path[0] == '/' ? TF_PATH_ABSOLUTE : 0};
			return ret->len < TF_PATH_MAX ? 0 : -1;
		}
		before = slash >> 15 & 1;
	}
	return -1;
}
#else
static int scan_plain(const char *path, struct tf_scan *ret)
{
	return -1;
}
#endif

int tf_path_scan(const char *path, struct tf_scan *ret)
{
	if (scan_plain(path, ret) == 0)
		return 0;

	const char *p = path, *last = path;
	unsigned int flags = 0;

	if (*p == '\0')
		return -ENOENT;
	if (*p == '/') {
		flags |= TF_PATH_ABSOLUTE;
		last = ++p;
	}
	while (*p) {
		if (*p == '/') {
			flags |= TF_PATH_SLASHES;
			p++;
			continue;
		}
		last = p;
		flags |= component_flags(p);
		while (*p && *p != '/')
			p++;
		if (*p == '/' && *++p == '\0')
			flags |= TF_PATH_TRAILING;
		if (p - path >= TF_PATH_MAX)
			return -ENAMETOOLONG;
	}
	if (p - path >= TF_PATH_MAX)
		return -ENAMETOOLONG;
	ret->len = (size_t)(p - path);
	ret->last = (size_t)(last - path);
	ret->flags = flags;
	return 0;
}

int tf_path_clean(const char *path, char *buf, size_t size)
{
	size_t len = 0;

	if (path[0] != '/')
		return -EINVAL;
	for (const char *p = path, *end; *p; p = end) {
		while (*p == '/')
			p++;
		end = p;
		while (*end && *end != '/')
			end++;
		if (end == p)
			break;
		unsigned int flags = component_flags(p);
		if (flags & TF_PATH_DOT)
			continue;
		if (flags & TF_PATH_DOTDOT) {
			while (len && buf[--len] != '/')
				;
			continue;
		}
		size_t n = (size_t)(end - p);
		if (len + 1 + n >= size)
			return -ENAMETOOLONG;
		buf[len++] = '/';
		memcpy(buf + len, p, n);
		len += n;
	}
	if ((len ? len + 1 : 2) > size)
		return -ENAMETOOLONG;
	if (len == 0)
		buf[len++] = '/';
	buf[len] = '\0';
	return (int)len;
}

int tf_path_join(const char *dir, const char *name, char *buf, size_t size)
{
	size_t dlen = strlen(dir), nlen = strlen(name);

	if (dlen && dir[dlen - 1] == '/')
		dlen--;
	if (dlen + 1 + nlen >= size)
		return -ENAMETOOLONG;
	memmove(buf, dir, dlen);
	buf[dlen] = '/';
	memcpy(buf + dlen + 1, name, nlen + 1);
	return (int)(dlen + 1 + nlen);
}

int tf_path_below(const char *path, size_t len, const char *prefix, size_t prefix_len)
{
	if (prefix_len == 1)
		return 1;
	return len >= prefix_len && memcmp(path, prefix, prefix_len) == 0 &&
	       (len == prefix_len || path[prefix_len] == '/');
}

int tf_path_is_clean(const char *path, size_t len)
{
	struct tf_scan scan;

	if (len == 0 || path[0] != '/' || tf_path_scan(path, &scan) < 0)
		return 0;
	return scan.len == len && !(scan.flags & TF_PATH_UNCLEAN);
}
