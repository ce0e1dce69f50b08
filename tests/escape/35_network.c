/*
 * Attack 35: the network without being asked: services on loopback, UDP, netlink, a listening port, fast open
 * (a connection without connect), other families.
 * An escape: a call that works.
 */
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "escape.h"

#ifndef MSG_FASTOPEN
#define MSG_FASTOPEN 0x20000000
#endif

static struct sockaddr_in loopback(const char *key)
{
	return (struct sockaddr_in){.sin_family = AF_INET,
	                            .sin_port = htons((uint16_t)esc_number(key)),
	                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int way_tcp(void)
{
	struct sockaddr_in to = loopback("port");
	long fd = esc_sys(SYS_socket, AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return esc_verdict("socket", fd);
	return esc_verdict("connect", esc_sys(SYS_connect, fd, &to, sizeof(to)));
}

/* The same service by the other family: ::ffff:127.0.0.1. */
static int way_tcp6(void)
{
	struct sockaddr_in6 to = {.sin6_family = AF_INET6,
	                          .sin6_port = htons((uint16_t)esc_number("port"))};
	long fd = esc_sys(SYS_socket, AF_INET6, SOCK_STREAM, 0);

	if (fd < 0)
		return esc_verdict("socket", fd);
	inet_pton(AF_INET6, "::ffff:127.0.0.1", &to.sin6_addr);
	return esc_verdict("connect", esc_sys(SYS_connect, fd, &to, sizeof(to)));
}

static int way_fastopen(void)
{
	struct sockaddr_in to = loopback("port");
	long fd = esc_sys(SYS_socket, AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return esc_verdict("socket", fd);
	return esc_verdict("sendto",
	                   esc_sys(SYS_sendto, fd, "x", 1, MSG_FASTOPEN, &to, sizeof(to)));
}

static int way_mptcp(void)
{
	struct sockaddr_in to = loopback("port");
	long fd = esc_sys(SYS_socket, AF_INET, SOCK_STREAM, 262 /* IPPROTO_MPTCP */);

	if (fd < 0)
		return esc_verdict("socket", fd);
	return esc_verdict("connect", esc_sys(SYS_connect, fd, &to, sizeof(to)));
}

static int way_udp(void)
{
	struct sockaddr_in to = loopback("udp");
	long fd = esc_sys(SYS_socket, AF_INET, SOCK_DGRAM, 0);

	if (fd < 0)
		return esc_verdict("socket", fd);
	return esc_verdict("sendto", esc_sys(SYS_sendto, fd, "x", 1, 0, &to, sizeof(to)));
}

static int way_listen(void)
{
	struct sockaddr_in here = loopback("nothing"); /* any port */
	long fd = esc_sys(SYS_socket, AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return esc_verdict("socket", fd);
	long r = esc_sys(SYS_bind, fd, &here, sizeof(here));
	return r < 0 ? esc_verdict("bind", r) : esc_verdict("listen", esc_sys(SYS_listen, fd, 1));
}

/* listen without bind: the kernel picks a port. */
static int way_listen_unbound(void)
{
	long fd = esc_sys(SYS_socket, AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return esc_verdict("socket", fd);
	return esc_verdict("listen", esc_sys(SYS_listen, fd, 1));
}

static int way_netlink(void)
{
	struct sockaddr_nl here = {.nl_family = AF_NETLINK};
	long fd = esc_sys(SYS_socket, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	if (fd < 0)
		return esc_verdict("socket", fd);
	return esc_verdict("bind", esc_sys(SYS_bind, fd, &here, sizeof(here)));
}

static int way_alg(void)
{
	return esc_verdict("socket", esc_sys(SYS_socket, 38 /* AF_ALG */, SOCK_SEQPACKET, 0));
}

static int way_vsock(void)
{
	return esc_verdict("socket", esc_sys(SYS_socket, 40 /* AF_VSOCK */, SOCK_STREAM, 0));
}

static const struct esc_way ways[] = {
        {"tcp", way_tcp},
        {"tcp6", way_tcp6},
        {"fastopen", way_fastopen},
        {"mptcp", way_mptcp},
        {"udp", way_udp},
        {"listen", way_listen},
        {"listen_unbound", way_listen_unbound},
        {"netlink", way_netlink},
        {"alg", way_alg},
        {"vsock", way_vsock},
};
ESC_MAIN(ways)
