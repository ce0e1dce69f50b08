/*
 * A pseudo-terminal of the sandbox's own, so that nothing inside can type into the caller's, and job control
 * still works. No path below /dev/pts is used: the slave comes from the master (TIOCGPTPEER, Linux 4.13).
 */
#ifndef TURF_KERNEL_PTY_H
#define TURF_KERNEL_PTY_H

struct winsize;

struct tf_pty {
	int master, slave; /* both close-on-exec, neither a controlling terminal */
};

/* Opens a pair, owned by the caller until tf_pty_close. 0 or -errno. */
int tf_pty_open(struct tf_pty *ret);

/* Closes what is still open (-1 = not). */
void tf_pty_close(struct tf_pty *pty);

/* Gives the pair the settings (echo, keys, baud rate) and the size of a terminal: from a tty. 0 or -errno. */
int tf_pty_copy(const struct tf_pty *pty, int tty);

/* Sets the size; the foreground process group inside gets SIGWINCH. fd: either end. 0 or -errno. */
int tf_pty_set_size(int fd, const struct winsize *size);

/*
 * In the child: starts a session and makes slave its controlling terminal. The caller must not lead a process
 * group (-EPERM). 0 or -errno. Async-signal-safe.
 */
int tf_pty_take(int slave);

#endif
