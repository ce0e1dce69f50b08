/*
 * The world outside, which the attempts must not touch: files, a process, sockets; and the judge who looks
 * afterwards whether it is as it was, whatever the attempt itself says.
 *
 *     scene make BASE PROGRAM   the files below BASE/outside, as new; PROGRAM is copied there
 *     scene check BASE          prints what has changed and which processes are left (and ends those); 1 when any
 *     scene stand CMD...        stands where turf would: runs CMD as a child and passes its status on
 *     scene filecap FILE        gives FILE a file capability (root only)
 *
 * The process and the sockets are victim.c's.
 */
#include <dirent.h>
#include <sys/xattr.h>

#include "scene.h"

#define OLD_TIME 1000000000
#define GRACE_MS 500

static const char *program;

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
	if (!strcmp(argv[1], "check"))
		return check();
	if (!strcmp(argv[1], "stand"))
		return stand(argv + 2);
	if (!strcmp(argv[1], "filecap"))
		return filecap(argv[2]);
	return 2;
}
