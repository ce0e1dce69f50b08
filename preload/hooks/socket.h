/*
 * Names of AF_UNIX sockets, for the calls that take one (address.c) and those that give one back or have
 * one in a message (message.c). Async-signal-safe, no errno.
 */
#ifndef TURF_HOOKS_SOCKET_H
#define TURF_HOOKS_SOCKET_H

#include <sys/socket.h>
#include <sys/un.h>
#include "call.h"

/* An address for the kernel: the caller's own, or one made here. */
struct tf_socket_name {
	const struct sockaddr *address;
	socklen_t len;
	int fd; /* private: a directory that must stay open until the call is done, or -1 */
	struct sockaddr_un un;
};

/*
 * address (len bytes; of any family; may be NULL) as the kernel needs it. 0, or -errno (then nothing needs
 * to be undone). tf_socket_done() after the call.
 */
int tf_socket_to_host(struct tf_socket_name *ret, const void *address, socklen_t len,
                      unsigned int how);
void tf_socket_done(struct tf_socket_name *name);

/*
 * Turns the address that the kernel wrote (room bytes of space; *len as the kernel says, which may be more)
 * into the guest's, in place.
 */
void tf_socket_to_guest(void *address, socklen_t room, socklen_t *len);

#endif
