/*
 * The terminal. It must not make the caller's own open file description non-blocking (the shell shares it), must not
 * set modes or read from the background, and must not spin on an end that has hung up.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "relay.h"

/* Written at once to a terminal that may block: it takes so much when poll(2) says it takes any. */
#define CAREFUL 64u

static uint32_t room(const struct tf_relay_buffer *b)
{
	return TF_RELAY_BUFFER - b->to;
}

static int is_empty(const struct tf_relay_buffer *b)
{
	return b->from == b->to;
}

/* Moves what is left to the front, so that all room is at the end. */
static void pack(struct tf_relay_buffer *b)
{
	if (!b->from)
		return;
	memmove(b->byte, b->byte + b->from, b->to - b->from);
	b->to -= b->from;
	b->from = 0;
}

/* Reads what there is room for. 0, or -errno when the end is gone (-EIO also when it may not be read now). */
static int fill(struct tf_relay_buffer *b, int fd)
{
	ssize_t n;

	if (!room(b))
		return 0;
	do {
		n = read(fd, b->byte + b->to, room(b));
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? 0 : -errno;
	if (n == 0)
		return -ENXIO;
	b->to += (uint32_t)n;
	return 0;
}

static int empty(struct tf_relay_buffer *b, int fd, uint32_t at_most)
{
	while (!is_empty(b)) {
		uint32_t len = b->to - b->from;
		ssize_t n = write(fd, b->byte + b->from, len < at_most ? len : at_most);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			return -errno;
		if (n > 0)
			b->from += (uint32_t)n;
		if (n <= 0 || at_most < TF_RELAY_BUFFER)
			break;
	}
	pack(b);
	return 0;
}

static void want(struct tf_relay *relay, int fd, uint32_t end, uint32_t *registered,
                 uint32_t events)
{
	struct epoll_event event = {.events = events, .data.u32 = end};

	if (fd < 0 || *registered == events)
		return;
	if (epoll_ctl(relay->epoll, *registered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event) == 0)
		*registered = events;
}

/* What each end is waited for, from the state of the buffers. */
static void update(struct tf_relay *relay)
{
	uint32_t tty = EPOLLRDHUP, pty = EPOLLRDHUP;

	if (!relay->is_output_only && relay->is_foreground && room(&relay->in))
		tty |= EPOLLIN;
	else if (!relay->is_output_only && !relay->is_foreground)
		/* Not read, only noticed, once a line: fg sends no signal to a job that was running. */
		tty |= EPOLLIN | EPOLLET;
	if (!is_empty(&relay->out))
		tty |= EPOLLOUT;
	if (room(&relay->out) || relay->tty < 0)
		pty |= EPOLLIN;
	if (!is_empty(&relay->in))
		pty |= EPOLLOUT;
	want(relay, relay->tty, TF_RELAY_TTY, &relay->tty_events, tty);
	if (relay->is_pty_hung && !room(&relay->out) && relay->tty >= 0) {
		/* A hang-up is reported whether it is asked for or not: not before there is room for what is left. */
		if (relay->pty >= 0 && relay->pty_events)
			epoll_ctl(relay->epoll, EPOLL_CTL_DEL, relay->pty, NULL);
		relay->pty_events = 0;
		return;
	}
	want(relay, relay->pty, TF_RELAY_PTY, &relay->pty_events, pty);
}

static void lose_tty(struct tf_relay *relay)
{
	epoll_ctl(relay->epoll, EPOLL_CTL_DEL, relay->tty, NULL);
	if (relay->is_tty_own)
		close(relay->tty);
	relay->tty = -1;
	relay->is_raw = 0;
}

static void lose_pty(struct tf_relay *relay)
{
	epoll_ctl(relay->epoll, EPOLL_CTL_DEL, relay->pty, NULL);
	relay->pty = -1;
}

static void set_raw(struct tf_relay *relay)
{
	struct termios raw;

	if (relay->is_raw || relay->is_output_only || tcgetattr(relay->tty, &relay->saved) < 0)
		return;
	raw = relay->saved;
	cfmakeraw(&raw);
	if (tcsetattr(relay->tty, TCSANOW, &raw) == 0)
		relay->is_raw = 1;
}

static int in_foreground(const struct tf_relay *relay)
{
	return relay->tty >= 0 && tcgetpgrp(relay->tty) == getpgrp();
}

/* TCSANOW: TCSADRAIN would wait for a terminal that is stopped by Ctrl-S. */
static void set_back(struct tf_relay *relay)
{
	if (relay->is_raw && in_foreground(relay))
		tcsetattr(relay->tty, TCSANOW, &relay->saved);
	relay->is_raw = 0;
}

void tf_relay_resize(struct tf_relay *relay)
{
	struct winsize size;

	if (relay->tty >= 0 && relay->pty >= 0 && ioctl(relay->tty, TIOCGWINSZ, &size) == 0)
		ioctl(relay->pty, TIOCSWINSZ, &size);
}

void tf_relay_resume(struct tf_relay *relay)
{
	if (relay->tty < 0)
		return;
	relay->is_foreground = in_foreground(relay);
	if (relay->is_foreground)
		set_raw(relay);
	else
		relay->is_raw = 0; /* who took the foreground sets the modes it needs */
	tf_relay_resize(relay);
	update(relay);
}

void tf_relay_pause(struct tf_relay *relay)
{
	set_back(relay);
}

/* The same terminal opened again: O_NONBLOCK on the caller's descriptor would be set for the shell as well. */
static int reopen(int tty)
{
	char path[] = "/proc/self/fd/0000000000";
	char *p = path + sizeof(path) - 1;
	unsigned int own, given;
	uint32_t number = (uint32_t)tty;
	int fd;

	for (int i = 0; i < 10; i++, number /= 10)
		*--p = (char)('0' + number % 10);
	while (*p == '0' && p[1])
		memmove(p, p + 1, strlen(p));
	fd = open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		fd = open("/dev/tty", O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	/* The device behind it: /dev/tty may be another terminal than the one that was given. */
	if (ioctl(fd, TIOCGDEV, &own) < 0 || ioctl(tty, TIOCGDEV, &given) < 0 || own != given) {
		close(fd);
		return -1;
	}
	return fd;
}

int tf_relay_start(struct tf_relay *relay, int epoll, int tty, int pty, int is_output_only)
{
	int own, flags = fcntl(pty, F_GETFL);

	memset(relay, 0, offsetof(struct tf_relay, in));
	relay->in.from = relay->in.to = relay->out.from = relay->out.to = 0;
	if (flags < 0 || fcntl(pty, F_SETFL, flags | O_NONBLOCK) < 0)
		return -errno;
	own = reopen(tty);
	relay->epoll = epoll;
	relay->tty = own >= 0 ? own : tty;
	relay->is_tty_own = own >= 0;
	relay->pty = pty;
	relay->is_output_only = is_output_only;
	tf_relay_resume(relay);
	return 0;
}

static void tty_event(struct tf_relay *relay, uint32_t events)
{
	int rc = 0;

	if (events & EPOLLOUT)
		rc = empty(&relay->out, relay->tty, relay->is_tty_own ? TF_RELAY_BUFFER : CAREFUL);
	if (!rc && (events & EPOLLIN) && !relay->is_output_only) {
		if (in_foreground(relay) != relay->is_foreground)
			tf_relay_resume(relay);
		if (relay->is_foreground)
			rc = fill(&relay->in, relay->tty);
		if (rc == -EIO) { /* in the background after all */
			relay->is_foreground = 0;
			rc = 0;
		}
	}
	if (rc || (events & (EPOLLHUP | EPOLLERR)))
		lose_tty(relay);
}

static void pty_event(struct tf_relay *relay, uint32_t events)
{
	int rc = 0;

	relay->is_pty_hung = (events & EPOLLHUP) != 0;
	if (relay->tty < 0)
		relay->out.from = relay->out.to =
		        0; /* nobody sees it; the program must not wait for that */
	if (events & (EPOLLIN | EPOLLHUP))
		rc = fill(&relay->out, relay->pty);
	if (!rc && (events & EPOLLOUT))
		rc = empty(&relay->in, relay->pty, TF_RELAY_BUFFER);
	/* EIO: the last process that had it open has closed it, and all it wrote has been read. */
	if (rc)
		lose_pty(relay);
}

void tf_relay_event(struct tf_relay *relay, uint32_t end, uint32_t events)
{
	if (end == TF_RELAY_TTY && relay->tty >= 0)
		tty_event(relay, events);
	if (end == TF_RELAY_PTY && relay->pty >= 0)
		pty_event(relay, events);
	/* Straight through while it is warm: one system call and one wake-up less for each piece. */
	if (relay->tty >= 0 && relay->is_tty_own && !is_empty(&relay->out) &&
	    empty(&relay->out, relay->tty, TF_RELAY_BUFFER))
		lose_tty(relay);
	if (relay->pty >= 0 && !is_empty(&relay->in) &&
	    empty(&relay->in, relay->pty, TF_RELAY_BUFFER))
		lose_pty(relay);
	update(relay);
}

void tf_relay_drain(struct tf_relay *relay, int patience_ms)
{
	/* With all slaves closed the pty gives what it has and then EIO; a short wait covers one passed outside. */
	while (relay->tty >= 0 && (relay->pty >= 0 || !is_empty(&relay->out))) {
		struct pollfd fd[2] = {
		        {.fd = relay->tty, .events = is_empty(&relay->out) ? 0 : POLLOUT},
		        {.fd = relay->pty, .events = room(&relay->out) ? POLLIN : 0}};
		int is_full = !is_empty(&relay->out);
		int n = poll(fd, 2, is_full ? patience_ms : 20);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		if (fd[1].revents && relay->pty >= 0)
			tf_relay_event(relay, TF_RELAY_PTY, EPOLLIN);
		if (fd[0].revents && relay->tty >= 0)
			tf_relay_event(relay, TF_RELAY_TTY,
			               (uint32_t)fd[0].revents & (EPOLLOUT | EPOLLHUP | EPOLLERR));
		/* Only a hang-up of the pty with a full buffer: wait for the terminal alone. */
		if (is_full && (fd[1].revents & POLLHUP) && !fd[0].revents && !room(&relay->out)) {
			fd[1].fd = -1;
			if (poll(fd, 1, patience_ms) <= 0)
				return;
		}
	}
}

void tf_relay_stop(struct tf_relay *relay)
{
	if (relay->tty < 0 && relay->pty < 0)
		return;
	set_back(relay);
	if (relay->tty >= 0)
		lose_tty(relay);
	if (relay->pty >= 0)
		lose_pty(relay);
}
