/*
 * The world outside, which the attempts must not touch: files, a process, sockets; and the judge who looks
 * afterwards whether it is as it was, whatever the attempt itself says.
 *
 *     scene make BASE PROGRAM   the files below BASE/outside, as new
 *     scene victim BASE    the process; writes BASE/state/info when it is ready; runs until killed
 *     scene check BASE     prints what has changed and which processes are left (and ends those); 1 when any
 *     scene stand CMD...   stands where turf would: runs CMD as a child and passes its status on
 *     scene filecap FILE   gives FILE a file capability (root only)
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "escape.h"

#define OLD_TIME 1000000000
#define GRACE_MS 500

static const char *base, *program;
static char secret_in_memory[] = SECRET;

static const char *at(const char *rest)
{
	static char buf[2][1024];
	static int turn;

	turn = !turn;
	snprintf(buf[turn], sizeof(buf[turn]), "%s/%s", base, rest);
	return buf[turn];
}

static void __attribute__((noreturn)) die(const char *what)
{
	fprintf(stderr, "scene: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* ---- files ---- */

struct file {
	const char *name;
	mode_t mode;
	const char *text; /* NULL: a copy of the program named */
};

static const struct file files[] = {
        {"secret", S_IFREG | 0600, SECRET "\n"},
        {"file", S_IFREG | 0644, "as it was\n"},
        {"program", S_IFREG | 0755, NULL},
        {"turf", S_IFREG | 0755, NULL},
        {"dir", S_IFDIR | 0700, ""},
        {"link", S_IFLNK | 0777, "target"},
        {"socket", S_IFSOCK | 0600, ""}, /* the victim's */
};
#define NFILES (sizeof(files) / sizeof(files[0]))

static const char *outside(const char *name)
{
	char rest[300];

	snprintf(rest, sizeof(rest), "outside/%s", name);
	return at(rest);
}

static void make_file(const struct file *f)
{
	const char *path = outside(f->name);
	struct timespec old[2] = {{OLD_TIME, 0}, {OLD_TIME, 0}};

	if (S_ISDIR(f->mode)) {
		if (mkdir(path, f->mode & 07777) < 0)
			die(path);
	} else if (S_ISLNK(f->mode)) {
		if (symlink(f->text, path) < 0)
			die(path);
	} else if (S_ISREG(f->mode)) {
		int fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0700);
		if (fd < 0)
			die(path);
		if (f->text ? write(fd, f->text, strlen(f->text)) < 0 : esc_copy(program, fd))
			die(path);
		fchmod(fd, f->mode & 07777);
		close(fd);
	}
	utimensat(AT_FDCWD, path, old, AT_SYMLINK_NOFOLLOW);
}

static void empty_outside(void)
{
	DIR *dir = opendir(at("outside"));

	if (!dir)
		return;
	for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		if (unlink(outside(e->d_name)) < 0 && rmdir(outside(e->d_name)) < 0)
			die(e->d_name);
	}
	closedir(dir);
}

static int make(void)
{
	umask(022);
	empty_outside();
	if (mkdir(at("outside"), 0700) < 0 && errno != EEXIST)
		die("outside");
	for (size_t i = 0; i < NFILES; i++)
		make_file(&files[i]);
	return 0;
}

/* ---- the process ---- */

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

/* What may be changed about a process from outside; as text, so that it can be compared. */
static void describe(pid_t pid, char *buf, size_t size)
{
	struct rlimit limit = {0, 0};
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	sched_getaffinity(pid, sizeof(cpus), &cpus);
	prlimit(pid, RLIMIT_NOFILE, NULL, &limit);
	snprintf(buf, size, "nice %d, policy %d, processors %d, nofile %lu, ioprio %ld",
	         getpriority(PRIO_PROCESS, (id_t)pid), sched_getscheduler(pid), CPU_COUNT(&cpus),
	         (unsigned long)limit.rlim_cur, syscall(SYS_ioprio_get, 1, pid));
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

static void __attribute__((noreturn)) victim(void)
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

/* ---- the judge ---- */

static int nwrong;

static void wrong(const char *what, const char *detail)
{
	printf("%s: %s\n", what, detail);
	nwrong++;
}

static void check_file(const struct file *f)
{
	char path[1024], text[256] = "", detail[128];
	struct stat st;

	snprintf(path, sizeof(path), "%s", outside(f->name));
	if (lstat(path, &st) < 0) {
		wrong(f->name, "gone");
		return;
	}
	if (st.st_mode != f->mode) {
		snprintf(detail, sizeof(detail), "mode %o", st.st_mode);
		wrong(f->name, detail);
	}
	if (!S_ISREG(f->mode))
		return;
	if (st.st_mtime != OLD_TIME)
		wrong(f->name, "its time has changed");
	if (st.st_nlink != 1)
		wrong(f->name, "it has another name");
	if (getxattr(path, "user.turf", text, sizeof(text)) >= 0)
		wrong(f->name, "it has an attribute");
	if (!f->text)
		return;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	text[n < 0 ? 0 : n] = '\0';
	if (strcmp(text, f->text) != 0)
		wrong(f->name, "its text has changed");
	close(fd);
}

static void check_files(void)
{
	size_t n = 0;
	DIR *dir = opendir(at("outside"));

	for (struct dirent *e = dir ? readdir(dir) : NULL; e; e = readdir(dir)) {
		int is_known = !strcmp(e->d_name, ".") || !strcmp(e->d_name, "..");

		for (size_t i = 0; i < NFILES; i++)
			is_known |= !strcmp(e->d_name, files[i].name);
		n++;
		if (!is_known)
			wrong("new outside", e->d_name);
	}
	if (dir)
		closedir(dir);
	if (n == 0)
		wrong("outside", "gone");
	for (size_t i = 0; i < NFILES; i++)
		check_file(&files[i]);
}

static void get(const char *name, char *buf, size_t size)
{
	char rest[64];
	int fd;
	ssize_t n = -1;

	snprintf(rest, sizeof(rest), "state/%s", name);
	fd = open(at(rest), O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, buf, size - 1);
		close(fd);
	}
	buf[n < 0 ? 0 : n] = '\0';
}

/* Asks the victim to note what is still in its queues; a victim that cannot answer is found out below. */
static void wait_until_noted(pid_t pid)
{
	unlink(at("state/noted"));
	if (kill(pid, SIGRTMIN) < 0)
		return;
	for (int ms = 0; ms < 2000 && access(at("state/noted"), F_OK) < 0; ms++)
		usleep(1000);
}

static void check_victim(void)
{
	char before[512], now[512], hits[512], path[64], *stat;
	int pid;

	get("info", now, sizeof(now));
	if (sscanf(now, "victim=%d", &pid) != 1)
		die("state/info");
	wait_until_noted(pid);
	get("victim", before, sizeof(before));
	get("hits", hits, sizeof(hits));
	if (*hits)
		wrong("the victim got", hits);
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, now, sizeof(now) - 1);
	if (fd >= 0)
		close(fd);
	now[n < 0 ? 0 : n] = '\0';
	stat = strrchr(now, ')');
	if (!stat || strchr("TtZX", stat[2])) {
		wrong("the victim", stat ? "is stopped or dead" : "is gone");
		return;
	}
	describe(pid, now, sizeof(now));
	if (strcmp(now, before) != 0)
		wrong("the victim is now", now);
}

/* Whether a process was started with our scene's arguments: an attempt, or a turf that runs one. */
static int is_ours(const char *pid)
{
	char path[300], text[4096], want[1024];
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/cmdline", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	snprintf(want, sizeof(want), "base=%s", base);
	for (char *arg = text; arg < text + n; arg += strlen(arg) + 1)
		if (!strcmp(arg, want))
			return 1;
	return 0;
}

static int count_ours(int sig)
{
	DIR *proc = opendir("/proc");
	int n = 0;

	for (struct dirent *e = proc ? readdir(proc) : NULL; e; e = readdir(proc)) {
		if (e->d_name[0] < '1' || e->d_name[0] > '9' || !is_ours(e->d_name))
			continue;
		n++;
		if (sig)
			kill((pid_t)strtol(e->d_name, NULL, 10), sig);
	}
	if (proc)
		closedir(proc);
	return n;
}

/* What is left may be on its way out: some time is given, then it counts, and is ended. */
static void check_processes(void)
{
	int n = count_ours(0);

	for (int ms = 0; n && ms < GRACE_MS; ms += 10) {
		usleep(10000);
		n = count_ours(0);
	}
	if (!n)
		return;
	char detail[64];
	snprintf(detail, sizeof(detail), "%d", n);
	wrong("processes left", detail);
	/* One that forks faster than we look is met at the third or fourth turn. */
	for (int quiet = 0, turn = 0; quiet < 3 && turn < 5000; turn++) {
		quiet = count_ours(SIGKILL) ? 0 : quiet + 1;
		usleep(quiet ? 2000 : 0);
	}
}

static int check(void)
{
	check_processes();
	check_files();
	check_victim();
	return nwrong != 0;
}

/* ---- in turf's place ---- */

static int stand(char **argv)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return 2;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* struct vfs_ns_cap_data's older form: CAP_NET_RAW, effective. */
static int filecap(const char *path)
{
	const uint32_t cap[5] = {0x02000001, 1u << 13, 0, 0, 0};

	return setxattr(path, "security.capability", cap, sizeof(cap), 0) < 0;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	base = argv[2];
	program = argc > 3 ? argv[3] : "";
	if (!strcmp(argv[1], "make"))
		return make();
	if (!strcmp(argv[1], "victim"))
		victim();
	if (!strcmp(argv[1], "check"))
		return check();
	if (!strcmp(argv[1], "stand"))
		return stand(argv + 2);
	if (!strcmp(argv[1], "filecap"))
		return filecap(argv[2]);
	return 2;
}
