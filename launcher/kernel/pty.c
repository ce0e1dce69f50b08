/*
 * Pseudo-terminals by their ioctls. No grantpt: devpts gives the slave to its opener with mode 0600 or 0620, and
 * the old helper changed owners of paths, which another mount could stand in front of.
 */
#include "pty.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#ifndef TIOCGPTPEER
#define TIOCGPTPEER 0x5441
#endif

static int open_slave(int master)
{
	int unlock = 0, slave;

	if (ioctl(master, TIOCSPTLCK, &unlock))
		return -errno;
	slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	return slave < 0 ? -errno : slave;
}

int tf_pty_open(struct tf_pty *ret)
{
	int master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
	int slave;

	if (master < 0)
		return -errno;
	slave = open_slave(master);
	if (slave < 0) {
		close(master);
		return slave;
	}
	ret->master = master;
	ret->slave = slave;
	return 0;
}

void tf_pty_close(struct tf_pty *pty)
{
	if (pty->master >= 0)
		close(pty->master);
	if (pty->slave >= 0)
		close(pty->slave);
	pty->master = pty->slave = -1;
}

int tf_pty_copy(const struct tf_pty *pty, int tty)
{
	struct termios settings;
	struct winsize size;

	if (tcgetattr(tty, &settings) || ioctl(tty, TIOCGWINSZ, &size))
		return -errno;
	if (tcsetattr(pty->slave, TCSANOW, &settings))
		return -errno;
	return tf_pty_set_size(pty->master, &size);
}

int tf_pty_set_size(int fd, const struct winsize *size)
{
	return ioctl(fd, TIOCSWINSZ, size) ? -errno : 0;
}

int tf_pty_take(int slave)
{
	if (setsid() < 0)
		return -errno;
	/* 0: not stolen from another session, not even by root. */
	return ioctl(slave, TIOCSCTTY, 0) ? -errno : 0;
}
