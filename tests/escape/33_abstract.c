/*
 * Attack 33: sockets with an abstract name, which no file system right governs (X11, D-Bus, containerd).
 * An escape: a connection or a message to the victim's.
 */
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "escape.h"

static socklen_t name_of(struct sockaddr_un *to, const char *suffix)
{
	*to = (struct sockaddr_un){.sun_family = AF_UNIX};
	int n = snprintf(to->sun_path + 1, sizeof(to->sun_path) - 1, "%s%s", esc_arg("abstract"),
	                 suffix);

	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
}

static int way_stream(void)
{
	struct sockaddr_un to;
	socklen_t len = name_of(&to, "");
	long fd = esc_sys(SYS_socket, AF_UNIX, SOCK_STREAM, 0);

	if (fd < 0)
		return esc_verdict("socket", fd);
	return esc_verdict("connect", esc_sys(SYS_connect, fd, &to, len));
}

static int way_datagram(void)
{
	struct sockaddr_un to;
	socklen_t len = name_of(&to, ".dgram");
	long fd = esc_sys(SYS_socket, AF_UNIX, SOCK_DGRAM, 0);

	if (fd < 0)
		return esc_verdict("socket", fd);
	return esc_verdict("sendto", esc_sys(SYS_sendto, fd, "x", 1, 0, &to, len));
}

/* A socketpair is allowed inside; its ends must not reach out either. */
static int way_pair(void)
{
	struct sockaddr_un to;
	socklen_t len = name_of(&to, ".dgram");
	int pair[2];
	long r = esc_sys(SYS_socketpair, AF_UNIX, SOCK_DGRAM, 0, pair);

	if (r < 0)
		return esc_verdict("socketpair", r);
	r = esc_sys(SYS_connect, pair[0], &to, len);
	if (r < 0)
		return esc_verdict("connect", r);
	return esc_verdict("write", esc_sys(SYS_write, pair[0], "x", 1));
}

static const struct esc_way ways[] = {
        {"stream", way_stream}, {"datagram", way_datagram}, {"pair", way_pair}};
ESC_MAIN(ways)
