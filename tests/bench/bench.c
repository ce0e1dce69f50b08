/*
 * The figures that turf promises, measured: bench TURF DIR. DIR holds calls, stamp and without (run.sh builds them).
 * Everything that is compared is alternated in one go; medians. Prints a table; never fails because of a figure.
 */
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stats.h"

#define STARTS 300
#define STAMPS 300
#define CALL_ROUNDS 7
#define SPAWNS "300"
#define IDLE_SECONDS 4

extern char **environ;
static const char *turf, *dir;
static char base[512]; /* a directory of ours, mapped as /mapped */

/* ---- the table ---- */

static void title(const char *text)
{
	printf("\n%s\n", text);
}

static void row(const char *what, double value, const char *unit, double limit, const char *note)
{
	if (limit > 0)
		printf("  %-46s %9.1f %-4s  at most %7.1f  %-6s %s\n", what, value, unit, limit,
		       value <= limit ? "yes" : "NO", note);
	else
		printf("  %-46s %9.1f %-4s  %24s %s\n", what, value, unit, "", note);
	fflush(stdout);
}

/* ---- starting things ---- */

static pid_t start(char *const argv[], int out)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	if (out >= 0)
		posix_spawn_file_actions_adddup2(&actions, out, 1);
	int rc = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (rc) {
		fprintf(stderr, "bench: %s: %s\n", argv[0], strerror(rc));
		exit(1);
	}
	return pid;
}

static int end(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) < 0)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static double time_of(char *const argv[])
{
	int64_t before = now_ns();

	if (end(start(argv, -1)) != 0) {
		fprintf(stderr, "bench: %s does not run\n", argv[0]);
		exit(1);
	}
	return (double)(now_ns() - before) / 1000;
}

/* The output of a command, at most size-1 bytes. */
static size_t output_of(char *const argv[], char *buf, size_t size)
{
	int fds[2];
	size_t n = 0;

	if (pipe2(fds, O_CLOEXEC) < 0)
		exit(1);
	pid_t pid = start(argv, fds[1]);
	close(fds[1]);
	for (ssize_t r = 1; r > 0 && n + 1 < size; n += r > 0 ? (size_t)r : 0)
		r = read(fds[0], buf + n, size - 1 - n);
	close(fds[0]);
	buf[n] = '\0';
	if (end(pid) != 0) {
		fprintf(stderr, "bench: %s ... does not run: %s\n", argv[0], buf);
		exit(1);
	}
	return n;
}

#define CMD(...) ((char *const[]){__VA_ARGS__, NULL})
#define TURF_RUN (char *)turf, (char *)"run", (char *)"-q"

static char *in_dir(const char *name)
{
	static char buf[4][512];
	static int turn;
	char *to = buf[turn++ % 4];

	snprintf(to, sizeof(buf[0]), "%s/%s", dir, name);
	return to;
}

/* ---- start ---- */

static void bench_start(void)
{
	static double bare[STARTS], ours[STARTS], bwrap[STARTS];
	int has_bwrap = access("/usr/bin/bwrap", X_OK) == 0 &&
			end(start(CMD("bwrap", "--unshare-all", "--ro-bind", "/", "/", "/bin/true"), -1)) == 0;

	time_of(CMD(TURF_RUN, "--", "/bin/true")); /* writes library and skeleton once */
	for (int i = 0; i < STARTS; i++) {
		bare[i] = time_of(CMD("/bin/true"));
		ours[i] = time_of(CMD(TURF_RUN, "--", "/bin/true"));
		if (has_bwrap)
			bwrap[i] = time_of(CMD("/usr/bin/bwrap", "--unshare-all", "--ro-bind", "/", "/", "/bin/true"));
	}
	title("Start and end of /bin/true");
	double b = median(bare, STARTS), o = median(ours, STARTS);
	row("bare", b, "us", 0, "");
	row("turf run", o, "us", b + 500, "bare + 0.5 ms");
	printf("  %-46s %9.2f x\n", "", o / b);
	if (has_bwrap) {
		double w = median(bwrap, STARTS);

		row("bwrap --unshare-all --ro-bind / /", w, "us", 0, "");
		row("turf run, once more", o, "us", w / 2, "half of bwrap");
	} else {
		printf("  bwrap is not here, or does not run\n");
	}
}

/* From before the spawn to the program's first instruction. */
static double stamp_of(char *const argv[])
{
	int64_t then;
	char buf[64];
	int64_t before = now_ns();

	if (output_of(argv, buf, sizeof(buf)) < sizeof(then))
		exit(1);
	memcpy(&then, buf, sizeof(then));
	return (double)(then - before) / 1000;
}

static void bench_launcher(void)
{
	static double bare[STAMPS], ours[STAMPS];
	char *stamp = in_dir("stamp");

	for (int i = 0; i < STAMPS; i++) {
		bare[i] = stamp_of(CMD(stamp));
		ours[i] = stamp_of(CMD(TURF_RUN, "--ro", (char *)dir, "--", stamp));
	}
	double b = median(bare, STAMPS), o = median(ours, STAMPS);
	title("To the first instruction of a static program");
	row("bare", b, "us", 0, "");
	row("turf run", o, "us", 0, "");
	row("the launcher's own part", o - b, "us", 300, "its exec to the program's");
}

/* ---- calls ---- */

#define NOPS 6
static const char *const op_names[NOPS] = {"stat", "open", "openat", "readlink", "access", "getppid"};
enum { BARE, WALL, LIBRARY, NWAYS };

static void take_calls(char *const argv[], double to[NOPS][CALL_ROUNDS], int round)
{
	char buf[1024], *line = buf;

	output_of(argv, buf, sizeof(buf));
	for (int i = 0; i < NOPS && line; i++) {
		char *space = strchr(line, ' ');

		to[i][round] = space ? strtod(space, NULL) : 0;
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
}

/* file and link as the host has them, and as the guest sees them. */
static void bench_calls(const char *text, const char *host, const char *guest, double limit)
{
	static double ns[NWAYS][NOPS][CALL_ROUNDS];
	char h[3][600], g[3][600], map[600];
	char *calls = in_dir("calls"), *without = in_dir("without");

	snprintf(map, sizeof(map), "%s:/mapped", base);
	snprintf(h[0], sizeof(h[0]), "%s/file", host);
	snprintf(h[1], sizeof(h[1]), "%s", host);
	snprintf(h[2], sizeof(h[2]), "%s/link", host);
	snprintf(g[0], sizeof(g[0]), "%s/file", guest);
	snprintf(g[1], sizeof(g[1]), "%s", guest);
	snprintf(g[2], sizeof(g[2]), "%s/link", guest);
	for (int round = 0; round < CALL_ROUNDS; round++) {
		take_calls(CMD(calls, h[0], h[1], "file", h[2]), ns[BARE], round);
		take_calls(CMD(TURF_RUN, "--ro", (char *)dir, "--ro", base, "-v", map, "--", without, "exec",
			       calls, h[0], h[1], "file", h[2]), ns[WALL], round);
		take_calls(CMD(TURF_RUN, "--ro", (char *)dir, "--ro", base, "-v", map, "--", calls, g[0], g[1],
			       "file", g[2]), ns[LIBRARY], round);
	}
	title(text);
	printf("  %-10s %10s %16s %14s %9s %9s\n", "", "bare ns", "wall alone ns", "with libturf", "x wall", "at most");
	for (int i = 0; i < NOPS; i++) {
		double b = median(ns[BARE][i], CALL_ROUNDS), w = median(ns[WALL][i], CALL_ROUNDS);
		double l = median(ns[LIBRARY][i], CALL_ROUNDS);
		/* getppid is not hooked: at most 15 ns more than bare. */
		int is_plain = i == NOPS - 1, is_promised = i < 2;
		int is_good = is_plain ? l - b <= 15 : l <= w * limit;
		char at_most[32] = "";

		if (is_plain)
			snprintf(at_most, sizeof(at_most), "bare+15");
		else if (is_promised)
			snprintf(at_most, sizeof(at_most), "%.2f", limit);
		printf("  %-10s %10.1f %16.1f %14.1f %9.2f %9s  %s\n", op_names[i], b, w, l, l / w, at_most,
		       *at_most ? is_good ? "yes" : "NO" : "");
	}
}

/* ---- what the library costs a process ---- */

static void bench_library(void)
{
	char buf[256], *without = in_dir("without");
	double with, alone;

	title("libturf.so in a process (both behind the wall)");
	output_of(CMD(TURF_RUN, "--ro", (char *)dir, "--", without, "spawn", SPAWNS, "/usr/bin/true"), buf, sizeof(buf));
	if (sscanf(buf, "%lf %lf", &with, &alone) != 2)
		exit(1);
	row("start and end of /usr/bin/true without", alone / 1000, "us", 0, "");
	row("with", with / 1000, "us", 0, "");
	row("the library's part", (with - alone) / 1000, "us", 100, "");
	output_of(CMD(TURF_RUN, "--ro", (char *)dir, "--", without, "private", "/usr/bin/sleep"), buf, sizeof(buf));
	if (sscanf(buf, "%lf %lf", &with, &alone) != 2)
		exit(1);
	row("private memory of sleep without", alone, "KiB", 0, "");
	row("the library's part", with - alone, "KiB", 64, "");
}

/* ---- the supervisor ---- */

static double pss_kib(pid_t pid)
{
	char path[64], line[256];
	double kib = 0;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", pid);
	FILE *f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "Pss: %lf", &kib) == 1)
			break;
	if (f)
		fclose(f);
	return kib;
}

static double cpu_ns(pid_t pid)
{
	clockid_t clock;
	struct timespec ts = {0, 0};

	if (clock_getcpuclockid(pid, &clock) == 0)
		clock_gettime(clock, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static void idle(const char *what, char *const argv[], int n)
{
	pid_t pid[16];
	double pss[16], cpu = 0;

	for (int i = 0; i < n; i++)
		pid[i] = start(argv, -1);
	usleep(500000);
	for (int i = 0; i < n; i++) {
		pss[i] = pss_kib(pid[i]);
		cpu -= cpu_ns(pid[i]);
	}
	sleep(IDLE_SECONDS);
	for (int i = 0; i < n; i++)
		cpu += cpu_ns(pid[i]);
	char text[96];
	snprintf(text, sizeof(text), "%s: memory (PSS)", what);
	row(text, median(pss, n), "KiB", 200, "");
	snprintf(text, sizeof(text), "%s: processor", what);
	printf("  %-46s %9.4f %%     at most %7.1f  %s\n", text, cpu / n / (IDLE_SECONDS * 1e9) * 100, 0.3,
	       cpu / n / (IDLE_SECONDS * 1e9) * 100 < 0.3 ? "yes" : "NO");
	for (int i = 0; i < n; i++)
		kill(pid[i], SIGTERM);
	for (int i = 0; i < n; i++)
		end(pid[i]);
}

static void bench_supervisor(void)
{
	title("Supervisor while the program sleeps");
	idle("one", CMD(TURF_RUN, "--", "/bin/sleep", "60"), 1);
	idle("each of ten", CMD(TURF_RUN, "--", "/bin/sleep", "60"), 10);
	idle("one with limits", CMD(TURF_RUN, "-m", "64m", "--timeout", "1h", "--cpu-time", "1h", "--pids-limit", "50",
				    "--", "/bin/sleep", "60"), 1);
}

static void machine_line(void)
{
	struct utsname u;
	char line[256], cpu[128] = "?";
	FILE *f = fopen("/proc/cpuinfo", "r");

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "model name : %127[^\n]", cpu) == 1)
			break;
	if (f)
		fclose(f);
	uname(&u);
	printf("%s, %ld processors, %s %s; medians; uid %d\n", cpu, sysconf(_SC_NPROCESSORS_ONLN), u.sysname, u.release,
	       (int)getuid());
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	turf = argv[1];
	dir = argv[2];
	snprintf(base, sizeof(base), "%s", argv[3]);
	machine_line();
	bench_start();
	bench_launcher();
	bench_calls("Calls on identity paths", base, base, 1.10);
	bench_calls("Calls on mapped paths (a host directory as /mapped)", base, "/mapped", 1.35);
	bench_library();
	bench_supervisor();
	return 0;
}
