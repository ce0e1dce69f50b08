/*
 * make bench: turf beside the bare program, in turns, as one table (docs/performance.md). Run by table.sh as a plain user.
 * It must not judge by exit code: a target that is missed is a "no" in the table, a measurement that fails a "-".
 *   table TURF DIRECTORY [BWRAP]     DIRECTORY holds raw and probe
 */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sample.h"

#define STARTS 400
#define ROUNDS 25
#define SPAWN_ROUNDS 7
#define IDLE_S 5

#define IDENTITY_FILE "/usr/lib/os-release"
#define IDENTITY_LINK "/etc/os-release"

static const char *turf, *bwrap;
static char *raw, *probe, *mapping; /* raw and probe: host paths */

/* ---- the table ---- */

static void head(void)
{
	printf("%-36s %10s  %-26s %6s  %-14s %s\n", "what", "measured", "compared with", "ratio",
	       "target", "reached");
	fflush(stdout);
}

struct row {
	const char *what, *unit;
	double measured;
	const char *beside; /* name of what it is compared with, or NULL */
	double other;
	const char *target; /* or NULL: for information */
	int is_reached;
};

/* Three digits that mean something. */
static int decimals(double value)
{
	return value < 10 ? 2 : value < 100 ? 1 : 0;
}

static const char *verdict(const struct row *r)
{
	if (isnan(r->measured) || (r->beside && isnan(r->other)))
		return "-";
	if (!r->target)
		return "";
	return r->is_reached ? "yes" : "no";
}

static void print(const struct row *r)
{
	char measured[32], other[64] = "", ratio[16] = "";

	snprintf(measured, sizeof(measured), "%.*f %s", decimals(r->measured), r->measured,
	         r->unit);
	if (r->beside) {
		snprintf(other, sizeof(other), "%s %.*f", r->beside, decimals(r->other), r->other);
		snprintf(ratio, sizeof(ratio), "%.2f", r->measured / r->other);
	}
	printf("%-36s %10s  %-26s %6s  %-14s %s\n", r->what, measured, other, ratio,
	       r->target ? r->target : "", verdict(r));
	fflush(stdout);
}

/* ---- starts ---- */

enum { BARE, TURF, BWRAP, STATIC, VARIANTS };

static void rows_of_starts(struct tf_series *of)
{
	double bare = tf_sample_median(&of[BARE]), turfs = tf_sample_median(&of[TURF]),
	       bwraps = tf_sample_median(&of[BWRAP]);

	print(&(struct row){"a static program, bare (the floor)", "us",
	                    tf_sample_median(&of[STATIC]), NULL, 0, NULL, 0});
	print(&(struct row){"/bin/true, bare", "us", bare, NULL, 0, NULL, 0});
	print(&(struct row){"turf run /bin/true", "us", turfs, "bare", bare, "bare + 500 us",
	                    turfs <= bare + 500});
	print(&(struct row){"turf run /bin/true", "us", turfs, bwrap ? "bwrap" : "bwrap (not here)",
	                    bwraps, "0.50 x", turfs <= bwraps / 2});
	print(&(struct row){"turf run /bin/true, best tenth", "us", tf_sample_tenth(&of[TURF]),
	                    "bare, best tenth", tf_sample_tenth(&of[BARE]), NULL, 0});
}

static void starts(void)
{
	static struct tf_series of[VARIANTS];
	const char *const argv[VARIANTS][12] = {
	        [BARE] = {"/bin/true", NULL},
	        [TURF] = {turf, "run", "-q", "--", "/bin/true", NULL},
	        [BWRAP] = {bwrap, "--unshare-all", "--ro-bind", "/", "/", "/bin/true", NULL},
	        [STATIC] = {raw, "true", NULL},
	};

	/* The first ones of each kind fill caches and make the work dir. */
	for (int i = -5; i < STARTS; i++) {
		for (int v = 0; v < VARIANTS; v++) {
			double us = argv[v][0] ? tf_sample_start_us(argv[v]) : -1;

			if (us >= 0 && i >= 0)
				tf_sample_add(&of[v], us);
		}
	}
	rows_of_starts(of);
}

/* What turf adds before the program's main: its own exec, its work, and nothing of the program's. */
static void launcher(void)
{
	static struct tf_series bare, in_turf;
	const char *const argv[] = {raw, "stamp", NULL};
	const char *const turf_argv[] = {turf, "run",        "-q",    "-v", mapping,
	                                 "--", "/bench/raw", "stamp", NULL};

	for (int i = 0; i < STARTS; i++) {
		double a = tf_sample_stamp_us(argv), b = tf_sample_stamp_us(turf_argv);

		if (a >= 0 && b >= 0) {
			tf_sample_add(&bare, a);
			tf_sample_add(&in_turf, b);
		}
	}
	double own = tf_sample_median(&in_turf) - tf_sample_median(&bare);
	double best = tf_sample_tenth(&in_turf) - tf_sample_tenth(&bare);
	print(&(struct row){"launcher, exec to program's exec", "us", own, NULL, 0, "300 us",
	                    own <= 300});
	print(&(struct row){"launcher, best tenth", "us", best, NULL, 0, NULL, 0});
}

/* ---- calls ---- */

#define NCALLS 6
#define NTARGETS                                                                                   \
	3 /* stat and open have one; the others are there so that nothing hides behind them */
static const char *const call_name[NCALLS] = {"stat",     "open",   "openat",
                                              "readlink", "access", "getppid"};
static const char *const row_name[NCALLS] = {"stat",     "open+close", "openat+close",
                                             "readlink", "access",     "getppid"};

struct calls {
	struct tf_series with[NCALLS], without[NCALLS];
};

static void keep(struct tf_series *series, const char *text)
{
	for (int i = 0; i < NCALLS; i++) {
		double ns = tf_sample_field(text, call_name[i]);

		if (!isnan(ns))
			tf_sample_add(&series[i], ns);
	}
}

static void measure_calls(struct calls *c, const char *const guest[2], const char *const host[2])
{
	const char *const with[] = {turf,           "run",   "-q",     "-v",     mapping, "--",
	                            "/bench/probe", "calls", guest[0], guest[1], NULL};
	const char *const without[] = {turf,    "run",        "-q",      "-v",  mapping,
	                               "--",    "/bench/raw", "without", probe, "calls",
	                               host[0], host[1],      NULL};
	char text[4096];

	for (int i = 0; i < ROUNDS; i++) {
		if (tf_sample_output(with, text, sizeof(text)) == 0)
			keep(c->with, text);
		if (tf_sample_output(without, text, sizeof(text)) == 0)
			keep(c->without, text);
	}
}

static void rows_of_calls(struct calls *c, const char *kind, double limit)
{
	char what[64], target[32];

	snprintf(target, sizeof(target), "%.2f x", limit);
	for (int i = 0; i < NCALLS - 1; i++) {
		double a = tf_sample_median(&c->with[i]), b = tf_sample_median(&c->without[i]);

		snprintf(what, sizeof(what), "%s, %s", row_name[i], kind);
		print(&(struct row){what, "ns", a, "no libturf.so", b, i < NTARGETS ? target : NULL,
		                    a / b <= limit});
	}
}

static void calls(void)
{
	static const char *const identity_path[] = {IDENTITY_FILE, IDENTITY_LINK};
	static const char *const guest_path[] = {"/work/d/file", "/work/d/link"};
	static const char *const host_path[] = {"@/d/file", "@/d/link"};
	static struct calls identity, mapped;

	measure_calls(&identity, identity_path, identity_path);
	measure_calls(&mapped, guest_path, host_path);
	rows_of_calls(&identity, "identity", 1.10);
	rows_of_calls(&mapped, "mapped", 1.35);
	double a = tf_sample_median(&identity.with[NCALLS - 1]);
	double b = tf_sample_median(&identity.without[NCALLS - 1]);
	print(&(struct row){"getppid (not hooked)", "ns", a, "no libturf.so", b, "+ 15 ns",
	                    a <= b + 15});
}

/* ---- libturf.so in a process ---- */

static void process_start(void)
{
	static struct tf_series with, without, hooked, plain;
	const char *const starts_argv[] = {turf,    "run",       "-q",         "-v",
	                                   mapping, "--",        "/bench/raw", "starts",
	                                   "200",   "/bin/true", NULL};
	const char *const hooked_argv[] = {turf, "run",          "-q",    "-v",  mapping,
	                                   "--", "/bench/probe", "spawn", "200", "/bin/true",
	                                   NULL};
	const char *const plain_argv[] = {turf,  "run",        "-q",      "-v",  mapping,
	                                  "--",  "/bench/raw", "without", probe, "spawn",
	                                  "200", "/bin/true",  NULL};
	char text[4096];

	for (int i = 0; i < SPAWN_ROUNDS; i++) {
		if (tf_sample_output(starts_argv, text, sizeof(text)) == 0) {
			tf_sample_add(&with, tf_sample_field(text, "with"));
			tf_sample_add(&without, tf_sample_field(text, "without"));
		}
		if (tf_sample_output(hooked_argv, text, sizeof(text)) == 0)
			tf_sample_add(&hooked, tf_sample_field(text, "spawn"));
		if (tf_sample_output(plain_argv, text, sizeof(text)) == 0)
			tf_sample_add(&plain, tf_sample_field(text, "spawn"));
	}
	double a = tf_sample_median(&with), b = tf_sample_median(&without);
	print(&(struct row){"/bin/true inside, with libturf.so", "us", a, "no libturf.so", b,
	                    "+ 100 us", a <= b + 100});
	a = tf_sample_median(&hooked), b = tf_sample_median(&plain);
	print(&(struct row){"same, posix_spawn hooked too", "us", a, "no libturf.so", b, "+ 100 us",
	                    a <= b + 100});
}

static void process_memory(void)
{
	const char *const with[] = {turf, "run",          "-q",     "-v", mapping,
	                            "--", "/bench/probe", "memory", NULL};
	const char *const without[] = {turf,         "run",     "-q",  "-v",     mapping, "--",
	                               "/bench/raw", "without", probe, "memory", NULL};
	char text[4096], other[4096];
	double kib = NAN, all = NAN, bare = NAN;

	if (tf_sample_output(with, text, sizeof(text)) == 0 &&
	    tf_sample_field(text, "there") == 1) {
		kib = tf_sample_field(text, "library");
		all = tf_sample_field(text, "all");
	}
	if (tf_sample_output(without, other, sizeof(other)) == 0 &&
	    tf_sample_field(other, "there") == 0)
		bare = tf_sample_field(other, "all");
	print(&(struct row){"libturf.so, private memory", "KiB", kib, NULL, 0, "64 KiB",
	                    kib <= 64});
	print(&(struct row){"whole process, private memory", "KiB", all, "no libturf.so", bare,
	                    "+ 64 KiB", all <= bare + 64});
}

/* ---- the supervisor ---- */

static double pss_kib(pid_t pid)
{
	char path[64], line[256];
	unsigned long kib;
	double ret = NAN;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
	FILE *f = fopen(path, "re");
	while (f && isnan(ret) && fgets(line, sizeof(line), f))
		if (sscanf(line, "Pss: %lu kB", &kib) == 1)
			ret = (double)kib;
	if (f)
		fclose(f);
	return ret;
}

/* The process's own processor time in ns; what /proc has are ticks of 10 ms, too coarse. */
static double cpu_ns(pid_t pid)
{
	struct timespec ts;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &ts) < 0)
		return NAN;
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static void pause_ms(long ms)
{
	struct timespec ts = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&ts, NULL);
}

static void supervisor(const char *name, const char *const argv[])
{
	char what[64];
	pid_t pid = tf_sample_spawn(argv);

	if (pid < 0)
		return;
	pause_ms(500);
	double kib = pss_kib(pid), cpu = cpu_ns(pid);
	uint64_t from = tf_sample_now_ns();
	pause_ms(IDLE_S * 1000);
	double percent = (cpu_ns(pid) - cpu) / (double)(tf_sample_now_ns() - from) * 100;
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	snprintf(what, sizeof(what), "supervisor PSS, %s", name);
	print(&(struct row){what, "KiB", kib, NULL, 0, "200 KiB", kib <= 200});
	snprintf(what, sizeof(what), "supervisor CPU, %s", name);
	print(&(struct row){what, "%", percent, NULL, 0, "0.3 %", percent < 0.3});
}

static void supervisors(void)
{
	const char *const plain[] = {turf, "run", "-q", "--", "/bin/sleep", "60", NULL};
	const char *const limited[] = {turf, "run",        "-q", "-m", "256m",
	                               "--", "/bin/sleep", "60", NULL};

	supervisor("idle program", plain);
	supervisor("idle, -m 256m", limited);
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "table TURF DIRECTORY [BWRAP]\n");
		return 2;
	}
	turf = argv[1];
	bwrap = argc > 3 && *argv[3] ? argv[3] : NULL;
	/* A mapping of its own: below a private directory (--ro /tmp/...) each run would have to make the point anew. */
	if (asprintf(&raw, "%s/raw", argv[2]) < 0 || asprintf(&probe, "%s/probe", argv[2]) < 0 ||
	    asprintf(&mapping, "%s:/bench:ro", argv[2]) < 0)
		return 2;
	head();
	starts();
	launcher();
	calls();
	process_start();
	process_memory();
	supervisors();
	return 0;
}
