/*
 * Socket calls with message headers. The caller's headers are never changed on the way in: another thread may
 * send with the same ones.
 */
#include "socket.h"

#include <time.h>

TF_EXPORT int tf_hook_sendmmsg(int fd, struct mmsghdr *messages, unsigned int n, int flags)
        TF_NAMED(sendmmsg);
TF_EXPORT int tf_hook_recvmmsg(int fd, struct mmsghdr *messages, unsigned int n, int flags,
                               struct timespec *timeout) TF_NAMED(recvmmsg);

/* ---- in ---- */

static int is_named(const struct msghdr *message)
{
	const struct sockaddr *address = message ? message->msg_name : NULL;

	return address && message->msg_namelen > sizeof(sa_family_t) &&
	       address->sa_family == AF_UNIX && tf_rt_view();
}

TF_EXPORT ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	struct tf_socket_name name;
	struct msghdr own;
	ssize_t r;

	if (!is_named(message))
		return TF_REAL(sendmsg)(fd, message, flags);
	r = tf_socket_to_host(&name, message->msg_name, message->msg_namelen, TF_HOW_FOLLOW);
	if (r < 0)
		return tf_rt_ret(r);
	own = *message;
	own.msg_name = (void *)(uintptr_t)name.address;
	own.msg_namelen = name.len;
	r = TF_REAL(sendmsg)(fd, &own, flags);
	tf_socket_done(&name);
	return r;
}

static int is_any_named(const struct mmsghdr *messages, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (is_named(&messages[i].msg_hdr))
			return 1;
	return 0;
}

/* Several at once only saves time: where a name has to be translated they go one by one. */
int tf_hook_sendmmsg(int fd, struct mmsghdr *messages, unsigned int n, int flags)
{
	unsigned int i;

	if (!is_any_named(messages, n))
		return TF_REAL(sendmmsg)(fd, messages, n, flags);
	for (i = 0; i < n; i++) {
		ssize_t r = sendmsg(fd, &messages[i].msg_hdr, flags);

		if (r < 0)
			return i ? (int)i : -1;
		messages[i].msg_len = (unsigned int)r;
	}
	return (int)i;
}
TF_TWIN(__sendmmsg, sendmmsg);

/* ---- out ---- */

TF_EXPORT ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	socklen_t room = message && message->msg_name ? message->msg_namelen : 0;
	ssize_t r = TF_REAL(recvmsg)(fd, message, flags);

	if (r >= 0 && message)
		tf_socket_to_guest(message->msg_name, room, &message->msg_namelen);
	return r;
}

static int is_unix(int fd)
{
	int domain = 0;
	socklen_t len = sizeof(domain);

	return tf_sys(SYS_getsockopt, fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) == 0 &&
	       domain == AF_UNIX;
}

static int wants_names(const struct mmsghdr *messages, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (messages[i].msg_hdr.msg_name)
			return 1;
	return 0;
}

static long long now_ns(void)
{
	struct timespec now = {0};

	tf_sys(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* As in the kernel, the time is looked at only after each message: a silent socket waits for ever. */
static int is_time_over(struct timespec *timeout, long long end_ns)
{
	long long left = end_ns - now_ns();

	if (left < 0)
		left = 0;
	timeout->tv_sec = left / 1000000000;
	timeout->tv_nsec = left % 1000000000;
	return left == 0;
}

/* One by one, since the room of each name is known only before the call. */
static int receive_each(int fd, struct mmsghdr *messages, unsigned int n, int flags,
                        struct timespec *timeout)
{
	long long end_ns =
	        timeout ? now_ns() + timeout->tv_sec * 1000000000LL + timeout->tv_nsec : 0;
	unsigned int i;

	for (i = 0; i < n; i++) {
		ssize_t r = recvmsg(fd, &messages[i].msg_hdr, flags & ~MSG_WAITFORONE);

		if (r < 0)
			return i ? (int)i : -1;
		messages[i].msg_len = (unsigned int)r;
		if (flags & MSG_WAITFORONE)
			flags |= MSG_DONTWAIT;
		if (timeout && is_time_over(timeout, end_ns))
			return (int)i + 1;
	}
	return (int)i;
}

int tf_hook_recvmmsg(int fd, struct mmsghdr *messages, unsigned int n, int flags,
                     struct timespec *timeout)
{
	if (tf_rt_view() && wants_names(messages, n) && is_unix(fd))
		return receive_each(fd, messages, n, flags, timeout);
	return TF_REAL(recvmmsg)(fd, messages, n, flags, timeout);
}
