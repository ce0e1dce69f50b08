/*
 * Names of AF_UNIX sockets: guest names on the way in, host names turned back on the way out. Abstract and unnamed sockets
 * pass untouched (the wall scopes them), so do all other families. libc's own functions make the calls: they are points of
 * cancellation, and a thread that waits in accept() has to stay one that can be cancelled.
 */
#include "socket.h"

#include <string.h>

#define NAME_MAX_BYTES sizeof(((struct sockaddr_un *)0)->sun_path)
#define HEAD offsetof(struct sockaddr_un, sun_path)

/* ---- in: guest to host ---- */

/* Whether address (len bytes) names a socket by a path. */
static int is_path_name(const void *address, socklen_t len)
{
	const struct sockaddr_un *name = address;

	return name && len > HEAD && len <= sizeof(*name) && name->sun_family == AF_UNIX &&
	       name->sun_path[0] && tf_rt_view();
}

static int set_path(struct tf_socket_name *ret, const char *path, size_t len)
{
	if (len >= NAME_MAX_BYTES)
		return -ENAMETOOLONG;
	memcpy(ret->un.sun_path, path, len + 1);
	ret->address = (const struct sockaddr *)&ret->un;
	ret->len = (socklen_t)(HEAD + len + 1);
	return 0;
}

/*
 * A host path too long for sun_path: its directory is opened, and the name given relative to that descriptor. The directory's
 * path is cut out of the slot's own copy.
 */
static int set_long_path(struct tf_socket_name *ret, char *path)
{
	char text[NAME_MAX_BYTES];
	char *last = strrchr(path, '/');
	size_t len = strlen(last), head;

	*last = '\0';
	long fd = tf_sys(SYS_open, *path ? path : "/", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	*last = '/';
	if (fd < 0)
		return (int)fd;
	head = tf_call_fd_name(text, (int)fd);
	if (head + len >= sizeof(text)) {
		tf_sys(SYS_close, fd);
		return -ENAMETOOLONG;
	}
	memcpy(text + head, last, len + 1);
	ret->fd = (int)fd;
	return set_path(ret, text, head + len);
}

static int set_resolved(struct tf_socket_name *ret, const struct tf_place *at)
{
	size_t len = strlen(at->path);
	struct tf_slot *slot;
	int r;

	if (len < NAME_MAX_BYTES)
		return set_path(ret, at->path, len);
	slot = tf_rt_slot_take();
	if (!slot)
		return -ENOMEM;
	memcpy(slot->path, at->path, len + 1);
	r = set_long_path(ret, slot->path);
	tf_rt_slot_give(slot);
	return r;
}

int tf_socket_to_host(struct tf_socket_name *ret, const void *address, socklen_t len,
                      unsigned int how)
{
	char guest[NAME_MAX_BYTES + 1];
	struct tf_place at;
	size_t n;
	int r;

	ret->fd = -1;
	ret->address = address;
	ret->len = len;
	if (!is_path_name(address, len))
		return 0;
	/* Not always NUL-terminated: the length of the address decides. */
	n = len - HEAD;
	memcpy(guest, ((const struct sockaddr_un *)address)->sun_path, n);
	guest[n] = '\0';
	r = tf_rt_resolve(&at, AT_FDCWD, guest, how);
	if (r < 0)
		return r;
	ret->un.sun_family = AF_UNIX;
	r = set_resolved(ret, &at);
	tf_rt_release(&at);
	return r;
}

void tf_socket_done(struct tf_socket_name *name)
{
	if (name->fd >= 0)
		tf_sys(SYS_close, name->fd);
}

/* ---- out: host to guest ---- */

/* The new length: a name the guest cannot see reads as none (one bound through a descriptor as well). */
static socklen_t to_guest(struct sockaddr_un *name, size_t len)
{
	char host[NAME_MAX_BYTES + 1], guest[NAME_MAX_BYTES + 1];
	size_t n = len - HEAD;
	int r;

	memcpy(host, name->sun_path, n);
	host[n] = '\0';
	r = tf_rt_to_guest(host, strlen(host), guest, sizeof(guest));
	if (r < 0 || (size_t)r > NAME_MAX_BYTES) {
		memset(name->sun_path, 0, n);
		return HEAD;
	}
	n = (size_t)r < NAME_MAX_BYTES ? (size_t)r + 1 : NAME_MAX_BYTES;
	memcpy(name->sun_path, guest, n);
	return (socklen_t)(HEAD + n);
}

void tf_socket_to_guest(void *address, socklen_t room, socklen_t *len)
{
	struct sockaddr_un *name = address;
	struct sockaddr_un whole;

	if (!name || !len || room <= HEAD || *len <= HEAD || *len > sizeof(whole) || !tf_rt_view())
		return;
	if (name->sun_family != AF_UNIX || name->sun_path[0] != '/')
		return;
	/* Cut short by the kernel: no name to translate. The length says what room it takes. */
	if (*len > room) {
		memset(name->sun_path, 0, room - HEAD);
		return;
	}
	memcpy(&whole, name, *len);
	*len = to_guest(&whole, *len);
	memcpy(name, &whole, *len < room ? *len : room);
}
