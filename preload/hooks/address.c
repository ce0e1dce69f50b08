/*
 * Socket calls with one address: bind, connect, sendto; accept, getsockname, getpeername, recvfrom.
 */
#include "socket.h"

#include <string.h>

/* glibc declares addresses as transparent unions, musl as pointers: the names here fit both. */
TF_EXPORT int tf_hook_bind(int fd, const struct sockaddr *address, socklen_t len) TF_NAMED(bind);
TF_EXPORT int tf_hook_connect(int fd, const struct sockaddr *address, socklen_t len)
        TF_NAMED(connect);
TF_EXPORT ssize_t tf_hook_sendto(int fd, const void *data, size_t size, int flags,
                                 const struct sockaddr *address, socklen_t len) TF_NAMED(sendto);
TF_EXPORT int tf_hook_accept(int fd, struct sockaddr *address, socklen_t *len) TF_NAMED(accept);
TF_EXPORT int tf_hook_accept4(int fd, struct sockaddr *address, socklen_t *len, int flags)
        TF_NAMED(accept4);
TF_EXPORT int tf_hook_getsockname(int fd, struct sockaddr *address, socklen_t *len)
        TF_NAMED(getsockname);
TF_EXPORT int tf_hook_getpeername(int fd, struct sockaddr *address, socklen_t *len)
        TF_NAMED(getpeername);
TF_EXPORT ssize_t tf_hook_recvfrom(int fd, void *data, size_t size, int flags,
                                   struct sockaddr *address, socklen_t *len) TF_NAMED(recvfrom);
TF_EXPORT ssize_t tf_hook_recvfrom_chk(int fd, void *data, size_t size, size_t room, int flags,
                                       struct sockaddr *address, socklen_t *len)
        TF_NAMED(__recvfrom_chk);

/* ---- in ---- */

int tf_hook_bind(int fd, const struct sockaddr *address, socklen_t len)
{
	struct tf_socket_name name;
	/* A name that is there already is EADDRINUSE here, not EEXIST. */
	int r = tf_socket_to_host(&name, address, len,
	                          TF_HOW_NOFOLLOW | TF_HOW_MODIFY | TF_HOW_CREATE);

	if (r < 0)
		return (int)tf_rt_ret(r == -EEXIST ? -EADDRINUSE : r);
	r = TF_REAL(bind)(fd, name.address, name.len);
	tf_socket_done(&name);
	return r;
}

int tf_hook_connect(int fd, const struct sockaddr *address, socklen_t len)
{
	struct tf_socket_name name;
	int r = tf_socket_to_host(&name, address, len, TF_HOW_FOLLOW);

	if (r < 0)
		return (int)tf_rt_ret(r);
	r = TF_REAL(connect)(fd, name.address, name.len);
	tf_socket_done(&name);
	return r;
}
TF_TWIN(__connect, connect);

ssize_t tf_hook_sendto(int fd, const void *data, size_t size, int flags,
                       const struct sockaddr *address, socklen_t len)
{
	struct tf_socket_name name;
	ssize_t r = tf_socket_to_host(&name, address, len, TF_HOW_FOLLOW);

	if (r < 0)
		return tf_rt_ret(r);
	r = TF_REAL(sendto)(fd, data, size, flags, name.address, name.len);
	tf_socket_done(&name);
	return r;
}

/* ---- out ---- */

static socklen_t room_of(const struct sockaddr *address, const socklen_t *len)
{
	return address && len ? *len : 0;
}

int tf_hook_accept4(int fd, struct sockaddr *address, socklen_t *len, int flags)
{
	socklen_t room = room_of(address, len);
	int r = TF_REAL(accept4)(fd, address, len, flags);

	if (r >= 0)
		tf_socket_to_guest(address, room, len);
	return r;
}

int tf_hook_accept(int fd, struct sockaddr *address, socklen_t *len)
{
	socklen_t room = room_of(address, len);
	int r = TF_REAL(accept)(fd, address, len);

	if (r >= 0)
		tf_socket_to_guest(address, room, len);
	return r;
}

int tf_hook_getsockname(int fd, struct sockaddr *address, socklen_t *len)
{
	socklen_t room = room_of(address, len);
	int r = TF_REAL(getsockname)(fd, address, len);

	if (r == 0)
		tf_socket_to_guest(address, room, len);
	return r;
}

int tf_hook_getpeername(int fd, struct sockaddr *address, socklen_t *len)
{
	socklen_t room = room_of(address, len);
	int r = TF_REAL(getpeername)(fd, address, len);

	if (r == 0)
		tf_socket_to_guest(address, room, len);
	return r;
}

ssize_t tf_hook_recvfrom(int fd, void *data, size_t size, int flags, struct sockaddr *address,
                         socklen_t *len)
{
	socklen_t room = room_of(address, len);
	ssize_t r = TF_REAL(recvfrom)(fd, data, size, flags, address, len);

	if (r >= 0)
		tf_socket_to_guest(address, room, len);
	return r;
}

ssize_t tf_hook_recvfrom_chk(int fd, void *data, size_t size, size_t room, int flags,
                             struct sockaddr *address, socklen_t *len)
{
	if (size > room)
		tf_call_overflow();
	return tf_hook_recvfrom(fd, data, size, flags, address, len);
}
