/*
 * The process outside that the attempts must not reach: victim BASE. Holds the secret in memory and open as descriptor
 * 9, works in BASE/outside, listens on every kind of socket; notes each signal, connection and message in BASE/state/hits.
 * Writes BASE/state/info when it is ready; runs until killed.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "scene.h"

static char secret_in_memory[] = SECRET;

static struct sockaddr_un abstract_name(const char *suffix, socklen_t *ret_len)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int n = snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1, "turf-escape-%d%s", getpid(),
	                 suffix);

	*ret_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
	return name;
}

static int listen_abstract(const char *suffix, int type)
{
	socklen_t len;
	struct sockaddr_un name = abstract_name(suffix, &len);
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&name, len) < 0)
		die("abstract socket");
	if (type == SOCK_STREAM)
		listen(fd, 16);
	return fd;
}

static int listen_path(void)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(name.sun_path, sizeof(name.sun_path), "%s", outside("socket"));
	unlink(name.sun_path);
	umask(0177);
	if (fd < 0 || bind(fd, (struct sockaddr *)&name, sizeof(name)) < 0 || listen(fd, 16) < 0)
		die(name.sun_path);
	return fd;
}

static int listen_loopback(int type, int *ret_port)
{
	struct sockaddr_in name = {.sin_family = AF_INET,
	                           .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(name);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&name, len) < 0 ||
	    (type == SOCK_STREAM && listen(fd, 16) < 0) ||
	    getsockname(fd, (struct sockaddr *)&name, &len) < 0)
		die("loopback");
	*ret_port = ntohs(name.sin_port);
	return fd;
}

static int signals(void)
{
	sigset_t set;

	/* All but those that stop or end us for good, and SIGCHLD. */
	sigfillset(&set);
	sigdelset(&set, SIGCHLD);
	sigdelset(&set, SIGTERM);
	sigprocmask(SIG_SETMASK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static void put(const char *name, const char *text)
{
	FILE *f = fopen(at("state/new"), "w");

	if (!f || fputs(text, f) < 0 || fclose(f) != 0)
		die(name);
	char to[1024];
	snprintf(to, sizeof(to), "%s/state/%s", base, name);
	if (rename(at("state/new"), to) < 0)
		die(name);
}

static void note_hit(const char *what, int number)
{
	FILE *f = fopen(at("state/hits"), "a");

	if (f) {
		fprintf(f, "%s %d\n", what, number);
		fclose(f);
	}
}

static void __attribute__((noreturn)) run(void)
{
	static const char *const names[] = {
	        "signal", "abstract stream", "abstract datagram", "unix socket", "tcp", "udp"};
	int port, udp, secret;
	char text[512];

	umask(077);
	setpgid(0, 0);
	secret = open(outside("secret"), O_RDONLY);
	if (secret < 0 || dup2(secret, 9) < 0 || chdir(at("outside")) < 0)
		die("outside");
	if (secret != 9)
		close(secret);
	struct pollfd fds[] = {
	        {.fd = signals(), .events = POLLIN},
	        {.fd = listen_abstract("", SOCK_STREAM), .events = POLLIN},
	        {.fd = listen_abstract(".dgram", SOCK_DGRAM), .events = POLLIN},
	        {.fd = listen_path(), .events = POLLIN},
	        {.fd = listen_loopback(SOCK_STREAM, &port), .events = POLLIN},
	        {.fd = listen_loopback(SOCK_DGRAM, &udp), .events = POLLIN},
	};
	umask(077);
	describe(0, text, sizeof(text));
	put("victim", text);
	snprintf(text, sizeof(text), "victim=%d memory=%#lx abstract=turf-escape-%d port=%d udp=%d",
	         getpid(), (unsigned long)(uintptr_t)secret_in_memory, getpid(), port, udp);
	put("info", text);
	for (int is_asked = 0;;) {
		int n = poll(fds, sizeof(fds) / sizeof(fds[0]), is_asked ? 0 : -1);

		/* The judge waits for this: all that came before has been noted. */
		if (n == 0 && is_asked) {
			put("noted", "");
			is_asked = 0;
		}
		if (n <= 0)
			continue;
		for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
			char buf[sizeof(struct signalfd_siginfo)];
			int is_stream = i == 1 || i == 3 || i == 4;

			if (!fds[i].revents)
				continue;
			if (is_stream)
				close(accept4(fds[i].fd, NULL, NULL, SOCK_CLOEXEC));
			else if (read(fds[i].fd, buf, sizeof(buf)) < 0)
				continue;
			int sig = i ? 0 : (int)((struct signalfd_siginfo *)(void *)buf)->ssi_signo;
			if (sig == SIGRTMIN)
				is_asked = 1;
			else
				note_hit(names[i], sig);
		}
	}
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	base = argv[1];
	run();
}
