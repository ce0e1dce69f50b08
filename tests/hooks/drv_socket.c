/*
 * Names of AF_UNIX sockets.
 */
#include "drv.h"

#include <pthread.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

static struct sockaddr_un address;
static socklen_t address_len;

/* The address of a path, as the argument pair of a call. */
static struct sockaddr *named(const char *path)
{
	memset(&address, 0, sizeof(address));
	address.sun_family = AF_UNIX;
	memcpy(address.sun_path, path, strlen(path));
	address_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path) + 1);
	return (struct sockaddr *)&address;
}

static const char *name_of(int fd, int (*get)(int, struct sockaddr *, socklen_t *))
{
	static char text[sizeof(address.sun_path) + 1];
	struct sockaddr_un un;
	socklen_t len = sizeof(un);

	if (get(fd, (struct sockaddr *)&un, &len) < 0)
		return "(error)";
	memset(text, 0, sizeof(text));
	if (len > offsetof(struct sockaddr_un, sun_path))
		memcpy(text, un.sun_path, len - offsetof(struct sockaddr_un, sun_path));
	return text;
}

/* glibc declares the two with transparent unions. */
static int sock_name(int fd, struct sockaddr *sa, socklen_t *len)
{
	return getsockname(fd, sa, len);
}

static int peer_name(int fd, struct sockaddr *sa, socklen_t *len)
{
	return getpeername(fd, sa, len);
}

/* The kernel gives back the name as it was bound; where it had to be walked that is the resolved one. */
static int is_same(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_ino == y.st_ino;
}

static void test_stream(const char *path, const char *host)
{
	struct sockaddr_un from;
	socklen_t len = sizeof(from);
	int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int peer;

	WORKS((named(path), bind(server, (struct sockaddr *)&address, address_len)));
	SAME(S_ISSOCK(host_mode(host)), 1);
	SAME(is_same(name_of(server, sock_name), path), 1);
	FAILS((named(path), bind(client, (struct sockaddr *)&address, address_len)), EADDRINUSE);
	WORKS(listen(server, 1));
	WORKS((named(path), connect(client, (struct sockaddr *)&address, address_len)));
	SAME(is_same(name_of(client, peer_name), path), 1);
	peer = accept(server, (struct sockaddr *)&from, &len);
	WORKS(peer);
	SAME(len, sizeof(sa_family_t));
	SAME(is_same(name_of(peer, sock_name), path), 1);
	unlink(path);
	close(peer);
	close(client);
	close(server);
}

static ssize_t send_message(int fd, const char *path)
{
	struct iovec iov = {"m", 1};
	struct msghdr m = {.msg_name = named(path),
	                   .msg_namelen = address_len,
	                   .msg_iov = &iov,
	                   .msg_iovlen = 1};

	return sendmsg(fd, &m, 0);
}

static const char *receive_message(int fd)
{
	static struct sockaddr_un from;
	char byte;
	struct iovec iov = {&byte, 1};
	struct msghdr m = {
	        .msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &iov, .msg_iovlen = 1};

	memset(&from, 0, sizeof(from));
	return recvmsg(fd, &m, 0) < 0 ? "(error)" : from.sun_path;
}

static const char *receive_from(int fd, socklen_t room)
{
	static struct sockaddr_un from;
	char byte;

	memset(&from, 0, sizeof(from));
	return recvfrom(fd, &byte, 1, 0, (struct sockaddr *)&from, &room) < 0 ? "(error)"
	                                                                      : from.sun_path;
}

static void test_datagram(void)
{
	int a = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int b = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	WORKS((named("/work/da"), bind(a, (struct sockaddr *)&address, address_len)));
	WORKS((named("/tmp/db"), bind(b, (struct sockaddr *)&address, address_len)));
	SAME(is_on_host("three/db"), 1);
	WORKS((named("/work/da"), sendto(b, "x", 1, 0, (struct sockaddr *)&address, address_len)));
	TEXT(receive_from(a, sizeof(struct sockaddr_un)), "/tmp/db");
	WORKS(send_message(b, "/work/link_dir/../da"));
	TEXT(receive_message(a), "/tmp/db");
	WORKS(send_message(b, "da"));
	/* Cut short: no part of the host's name is shown. */
	TEXT(receive_from(a, 8), "");
	FAILS(send_message(b, "/ro/none"), ENOENT);
	unlink("/work/da");
	unlink("/tmp/db");
	close(a);
	close(b);
}

#ifdef __GLIBC__
static void test_many(void)
{
	int a = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int b = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char bytes[3];
	struct iovec iov[3] = {{bytes, 1}, {bytes + 1, 1}, {bytes + 2, 1}};
	struct sockaddr_un from[3];
	struct mmsghdr m[3];

	WORKS((named("/tmp/mb"), bind(b, (struct sockaddr *)&address, address_len)));
	WORKS((named("/work/ma"), bind(a, (struct sockaddr *)&address, address_len)));
	memset(m, 0, sizeof(m));
	for (int i = 0; i < 3; i++) {
		m[i].msg_hdr.msg_iov = &iov[i];
		m[i].msg_hdr.msg_iovlen = 1;
		m[i].msg_hdr.msg_name = &address;
		m[i].msg_hdr.msg_namelen = address_len;
	}
	SAME(sendmmsg(b, m, 3, 0), 3);
	SAME(m[2].msg_len, 1);
	for (int i = 0; i < 3; i++) {
		m[i].msg_hdr.msg_name = &from[i];
		m[i].msg_hdr.msg_namelen = sizeof(from[i]);
	}
	memset(from, 0, sizeof(from));
	SAME(recvmmsg(a, m, 3, MSG_WAITFORONE, NULL), 3);
	TEXT(from[0].sun_path, "/tmp/mb");
	TEXT(from[2].sun_path, "/tmp/mb");
	FAILS(recvmmsg(a, m, 3, MSG_DONTWAIT, NULL), EAGAIN);
	unlink("/work/ma");
	unlink("/tmp/mb");
	close(a);
	close(b);
}
#endif

static void test_refusals(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	FAILS((named("/ro/s"), bind(fd, (struct sockaddr *)&address, address_len)), EROFS);
	FAILS((named("/ro/r"), bind(fd, (struct sockaddr *)&address, address_len)), EADDRINUSE);
	FAILS((named("/ro/none"), connect(fd, (struct sockaddr *)&address, address_len)), ENOENT);
	FAILS((named("link_host"), connect(fd, (struct sockaddr *)&address, address_len)), ENOENT);
	FAILS((named("/ro/r"), connect(fd, (struct sockaddr *)&address, address_len)),
	      ECONNREFUSED);
	close(fd);
}

/* Abstract names are the kernel's: not a byte may change. */
static void test_abstract(void)
{
	struct sockaddr_un back;
	socklen_t len = sizeof(back);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	named("xturf-hooks-test");
	address.sun_path[0] = '\0';
	snprintf(address.sun_path + 1, 60, "/turf-test-%d", (int)getpid());
	WORKS(bind(fd, (struct sockaddr *)&address, address_len));
	WORKS(getsockname(fd, (struct sockaddr *)&back, &len));
	SAME(len, address_len);
	SAME(memcmp(back.sun_path, address.sun_path, len - 2), 0);
	close(fd);
}

/* A guest name that fits, whose host name does not. */
static void test_long(void)
{
	static const char *const path =
	        "/work/long/0123456789012345678901234567890123456789012345678901234/s";

	mkdir("/work/long", 0700);
	WORKS(mkdir("/work/long/0123456789012345678901234567890123456789012345678901234", 0700));
	int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int before = dup(0), after;

	close(before);
	WORKS((named(path), bind(server, (struct sockaddr *)&address, address_len)));
	WORKS(listen(server, 1));
	WORKS((named(path), connect(client, (struct sockaddr *)&address, address_len)));
	after = dup(0);
	SAME(after, before);
	close(after);
	close(client);
	close(server);
	unlink(path);
	rmdir("/work/long/0123456789012345678901234567890123456789012345678901234");
	rmdir("/work/long");
}

static void *wait_for_ever(void *arg)
{
	accept(*(int *)arg, NULL, NULL);
	return NULL;
}

/* A thread that waits in accept() can still be cancelled. */
static void test_cancel(void)
{
	pthread_t thread;
	void *result = NULL;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	WORKS((named("/work/cancel"), bind(fd, (struct sockaddr *)&address, address_len)));
	WORKS(listen(fd, 1));
	pthread_create(&thread, NULL, wait_for_ever, &fd);
	usleep(50000);
	SAME(pthread_cancel(thread), 0);
	pthread_join(thread, &result);
	SAME(result == PTHREAD_CANCELED, 1);
	unlink("/work/cancel");
	close(fd);
}

int main(void)
{
	test_stream("/work/sock", "one/sock");
	test_stream("sock", "one/sock");
	test_stream("/tmp/d/sock", "three/d/sock");
	test_stream("/work/link_dir/sock", "one/dir/sock");
	test_datagram();
#ifdef __GLIBC__ /* musl's recvmmsg rewrites the headers before the call */
	test_many();
#endif
	test_refusals();
	test_abstract();
	test_long();
	test_cancel();
	return failures != 0;
}
