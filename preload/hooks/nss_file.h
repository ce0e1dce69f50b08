/*
 * passwd(5) and group(5) of the guest, read from the file each time. A record that is damaged or begins
 * with '+', '-' or '#' is passed over.
 */
#ifndef TURF_HOOKS_NSS_FILE_H
#define TURF_HOOKS_NSS_FILE_H

#include <stddef.h>
#include <sys/types.h>

/* What is looked for: a name, or with name NULL an id. */
struct tf_nss_want {
	const char *name;
	unsigned int id;
};

/* Splits text (size bytes with room behind its NUL) into out. 1, 0 for a damaged record, -ERANGE. */
typedef int tf_nss_parse(char *text, size_t size, void *out);
tf_nss_parse tf_nss_parse_user, tf_nss_parse_group;

/*
 * The first record of the guest file at path that is wanted, into out, its strings into buf.
 * 1, 0 when there is none (also without a file), -ERANGE when buf is too small.
 */
int tf_nss_find(const char *path, const struct tf_nss_want *want, tf_nss_parse *parse, void *out,
                char *buf, size_t size);

/* The same for the first good record from offset *at on, which is moved behind it when there is one. */
int tf_nss_next(const char *path, size_t *at, tf_nss_parse *parse, void *out, char *buf,
                size_t size);

/*
 * The groups other than gid that have name among their members: their number, and the first `room` of
 * them in list.
 */
int tf_nss_memberships(const char *path, const char *name, gid_t gid, gid_t *list, int room);

#endif
