/*
 * Runs a command on a terminal of its own, types at it, and waits for what it prints.
 *
 *     ptydrive ACTION... -- CMD...
 *
 *     e=TEXT     wait until TEXT has been printed (after what earlier waits have seen)
 *     s=TEXT     type TEXT (C escapes: \n \x03 ...)
 *     w=COLSxROWS  change the window's size
 *     p=MS       pause
 *     k=SIGNAL   send a signal (number) to the command itself
 *
 * "@TTY@" in CMD becomes the terminal's name. All output goes to stdout; the status is the command's own, 128+n
 * for a signal, 99 when something waited for did not come. The window is 80x24 unless the first action is w=.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define WAIT_MS 15000
#define NOT_SEEN 99

static char out[1 << 20];
static size_t nout, seen;
static int master;
static pid_t child;

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Reads what is there within ms; 0 at the end (the other side is closed). */
static int pump(int ms)
{
	struct pollfd p = {.fd = master, .events = POLLIN};

	if (poll(&p, 1, ms) <= 0)
		return 1;
	if (nout + 1 >= sizeof(out))
		return 0;
	ssize_t n = read(master, out + nout, sizeof(out) - 1 - nout);
	if (n <= 0)
		return n < 0 && errno == EINTR;
	fwrite(out + nout, 1, (size_t)n, stdout);
	fflush(stdout);
	nout += (size_t)n;
	out[nout] = '\0';
	return 1;
}

static void expect(const char *text)
{
	long end = now_ms() + WAIT_MS;

	for (;;) {
		char *hit = memmem(out + seen, nout - seen, text, strlen(text));

		if (hit) {
			seen = (size_t)(hit - out) + strlen(text);
			return;
		}
		if (now_ms() > end || !pump(50)) {
			hit = memmem(out + seen, nout - seen, text, strlen(text));
			if (hit)
				continue;
			printf("\nptydrive: never seen: %s\n", text);
			kill(-child, SIGKILL);
			kill(child, SIGKILL);
			exit(NOT_SEEN);
		}
	}
}

static void type(const char *text)
{
	char buf[4096];
	size_t n = 0;

	for (; *text && n < sizeof(buf); text++) {
		if (*text != '\\') {
			buf[n++] = *text;
			continue;
		}
		text++;
		if (*text == 'n')
			buf[n++] = '\n';
		else if (*text == 'r')
			buf[n++] = '\r';
		else if (*text == 'x') {
			char hex[3] = {text[1], text[2], '\0'};
			buf[n++] = (char)strtol(hex, NULL, 16);
			text += 2;
		} else
			buf[n++] = *text;
	}
	if (write(master, buf, n) != (ssize_t)n)
		perror("ptydrive: write");
}

static void resize(const char *text)
{
	struct winsize size = {.ws_col = 80, .ws_row = 24};
	char *x;

	if (text) {
		size.ws_col = (unsigned short)strtol(text, &x, 10);
		size.ws_row = (unsigned short)strtol(x + 1, NULL, 10);
	}
	ioctl(master, TIOCSWINSZ, &size);
}

static void run_pause(long ms)
{
	for (long end = now_ms() + ms; now_ms() < end;)
		if (!pump(10))
			usleep(10000);
}

static void act(const char *action)
{
	const char *value = action + 2;

	if (strlen(action) < 2 || action[1] != '=') {
		fprintf(stderr, "ptydrive: %s: no action\n", action);
		exit(2);
	}
	switch (action[0]) {
	case 'e':
		expect(value);
		break;
	case 's':
		type(value);
		break;
	case 'w':
		resize(value);
		break;
	case 'p':
		run_pause(strtol(value, NULL, 10));
		break;
	case 'k':
		kill(child, (int)strtol(value, NULL, 10));
		break;
	default:
		fprintf(stderr, "ptydrive: %s: no action\n", action);
		exit(2);
	}
}

/* Puts the terminal's name into every argument that asks for it. */
static void name_terminal(char **argv, const char *tty)
{
	for (; *argv; argv++) {
		char *mark = strstr(*argv, "@TTY@");
		char text[4096];

		if (!mark)
			continue;
		snprintf(text, sizeof(text), "%.*s%s%s", (int)(mark - *argv), *argv, tty, mark + 5);
		*argv = strdup(text);
	}
}

static void become_command(char **argv, const char *tty)
{
	setsid();
	int fd = open(tty, O_RDWR); /* the first one a session leader opens is its terminal */
	if (fd < 0 || dup2(fd, 0) < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0)
		_exit(2);
	if (fd > 2)
		close(fd);
	execvp(argv[0], argv);
	perror(argv[0]);
	_exit(127);
}

int main(int argc, char **argv)
{
	int split = 1, status;

	while (split < argc && strcmp(argv[split], "--") != 0)
		split++;
	if (split + 1 >= argc) {
		fprintf(stderr, "usage: ptydrive ACTION... -- CMD...\n");
		return 2;
	}
	master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0) {
		perror("ptydrive: pty");
		return 2;
	}
	char tty[64];
	snprintf(tty, sizeof(tty), "%s", ptsname(master));
	resize(NULL);
	int first = 1;
	if (split > 1 && argv[1][0] == 'w')
		resize(argv[first++] + 2);
	name_terminal(argv + split + 1, tty);
	/* Kept open until the command runs, so that the master does not see an end before it began. */
	int keep = open(tty, O_RDWR | O_NOCTTY | O_CLOEXEC);
	child = fork();
	if (child == 0)
		become_command(argv + split + 1, tty);
	usleep(1000);
	for (int i = first; i < split; i++)
		act(argv[i]);
	for (long end = now_ms() + WAIT_MS; waitpid(child, &status, WNOHANG) == 0;) {
		pump(20);
		if (now_ms() > end) {
			printf("\nptydrive: the command does not end\n");
			kill(child, SIGKILL);
			return NOT_SEEN;
		}
	}
	close(keep);
	while (pump(50) && poll(&(struct pollfd){.fd = master, .events = POLLIN}, 1, 50) > 0)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
