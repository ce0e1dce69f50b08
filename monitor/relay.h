/*
 * Between the caller's terminal and the sandbox's own pty: bytes both ways, the window's size, raw mode while in the
 * foreground. It never blocks: what one side does not take waits in a small buffer, and the other side with it.
 *
 * The terminal's modes are touched only while the caller is in the foreground, and given back whenever it stops,
 * ends or loses the foreground. kill -9 of the supervisor leaves the terminal raw; nobody can help that.
 */
#ifndef TURF_MONITOR_RELAY_H
#define TURF_MONITOR_RELAY_H

#include <stddef.h>
#include <stdint.h>
#include <termios.h>

#define TF_RELAY_BUFFER 4096u

struct tf_relay_buffer {
	char byte[TF_RELAY_BUFFER];
	uint32_t from, to; /* filled: [from, to) */
};

struct tf_relay {
	int epoll;      /* the loop's; events carry the address of the ends below */
	int tty, pty;   /* -1 = that end is gone */
	int is_tty_own; /* tty is a description of our own and may be made non-blocking */
	int is_output_only;
	int is_foreground, is_raw;
	int is_pty_hung;                 /* no slave is open; what it has is still to be read */
	uint32_t tty_events, pty_events; /* registered now */
	struct termios saved;
	struct tf_relay_buffer in, out; /* towards the pty, towards the terminal */
};

/* What an event's data.u32 says. */
#define TF_RELAY_TTY 1u
#define TF_RELAY_PTY 2u

/*
 * Takes over: size, raw mode when in the foreground, registration with epoll. tty and pty stay the caller's.
 * 0 or -errno.
 */
int tf_relay_start(struct tf_relay *relay, int epoll, int tty, int pty, int is_output_only);

/* An end is ready (events of epoll). */
void tf_relay_event(struct tf_relay *relay, uint32_t end, uint32_t events);

/* The terminal's size to the pty (SIGWINCH goes to its foreground group by the kernel). */
void tf_relay_resize(struct tf_relay *relay);

/* The caller is about to stop: modes back. */
void tf_relay_pause(struct tf_relay *relay);

/* The caller goes on, or may have changed between foreground and background. */
void tf_relay_resume(struct tf_relay *relay);

/* After the last process is gone: what still is in the pty goes to the terminal, as long as it takes any. */
void tf_relay_drain(struct tf_relay *relay, int patience_ms);

/* Modes back; closes what tf_relay_start() opened. */
void tf_relay_stop(struct tf_relay *relay);

#endif
