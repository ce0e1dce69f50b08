/*
 * Attack 32: sockets with a name in the file system: session bus, agents, container engines.
 * An escape: a connection to the socket outside, or a socket bound there.
 */
#include <sys/socket.h>
#include <sys/un.h>

#include "escape.h"

static int with_socket(long nr, int type, const char *name)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	long fd = esc_sys(SYS_socket, AF_UNIX, type, 0);

	if (fd < 0)
		return esc_verdict("socket", fd);
	snprintf(to.sun_path, sizeof(to.sun_path), "%s", esc_at(name));
	return esc_verdict(nr == SYS_bind ? "bind" : "connect", esc_sys(nr, fd, &to, sizeof(to)));
}

static int way_stream(void)
{
	return with_socket(SYS_connect, SOCK_STREAM, "outside/socket");
}

static int way_bind(void)
{
	return with_socket(SYS_bind, SOCK_DGRAM, "outside/made");
}

static const struct esc_way ways[] = {{"stream", way_stream}, {"bind", way_bind}};
ESC_MAIN(ways)
