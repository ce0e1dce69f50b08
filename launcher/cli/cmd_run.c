/*
 * turf run [options] -- CMD...: settings from turf.conf, profile and command line; then a mode runs the program; then the exit
 * code says how it went.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../monitor/report.h"
#include "../base/fd.h"
#include "../base/log.h"
#include "../kernel/probe.h"
#include "../mode/mode.h"
#include "../mode/workdir.h"
#include "../plan/profile.h"
#include "commands.h"
#include "help.h"
#include "options.h"

#define EXIT_TIME 124
#define EXIT_MEMORY 137
#define REPORT_MAX 4096

/* In .bss: what a run does not touch costs nothing. */
static struct tf_settings settings;

/* A program started with 0, 1 or 2 closed would find our files there. */
static int fill_standard_fds(struct tf_err *err)
{
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		if (open("/dev/null", fd ? O_WRONLY : O_RDONLY) != fd)
			return tf_err_set(err, TF_E_SYSTEM, errno,
			                  "descriptor %d is closed, and /dev/null cannot be opened",
			                  fd);
	}
	return 0;
}

static int read_settings(int argc, char **argv, struct tf_err *err)
{
	const char *profile, *work;
	int rest, rc = tf_options_parse(argc, argv, NULL, &profile, &rest, err);

	if (rc < 0)
		return rc;
	if (rc == 0 && rest < argc)
		return tf_err_set(err, TF_E_NOTYET, 0,
		                  "turf run %s: bundles are not built yet; to run a program: turf "
		                  "run [options] -- %s",
		                  argv[rest], argv[rest]);
	if (rest >= argc)
		return tf_err_set(err, TF_E_USAGE, 0,
		                  "no program given: turf run [options] -- PROGRAM [ARGUMENTS]");
	work = tf_workdir_path(err);
	if (!work)
		return -EINVAL;
	tf_settings_init(&settings);
	rc = tf_conf_load(work, &settings, err);
	if (rc == 0 && !profile)
		profile = settings.profile;
	if (rc == 0)
		rc = tf_profile_load(profile ? profile : "default", work, &settings, err);
	if (rc == 0)
		rc = tf_options_parse(argc, argv, &settings, &profile, &rest, err);
	if (rc < 0)
		return rc;
	settings.argv = argv + rest;
	return tf_settings_check(&settings, err);
}

/*
 * The report is opened before the program starts: a place that cannot be written is an error in time, and the program cannot
 * put a symlink there meanwhile.
 */
static int open_report(int *ret_fd, struct tf_err *err)
{
	*ret_fd = -1;
	if (!settings.report)
		return 0;
	*ret_fd =
	        open(settings.report, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0644);
	return *ret_fd < 0 ? tf_err_set(err, TF_E_PATH, errno, "--report %s", settings.report) : 0;
}

static int write_report(int fd, int is_file, const char *text, size_t n)
{
	if (is_file && ftruncate(fd, 0) < 0 && errno != EINVAL)
		return -errno;
	return tf_fd_write(fd, text, n);
}

static void give_reports(int report, const struct tf_outcome *outcome)
{
	char text[REPORT_MAX];
	int n = tf_report_json(outcome, text, sizeof(text)), rc = 0;

	if (n < 0)
		rc = n;
	if (rc == 0 && report >= 0)
		rc = write_report(report, 1, text, (size_t)n);
	if (rc < 0)
		tf_log(TF_LOG_ERROR, "--report %s: %s", settings.report ? settings.report : "",
		       strerror(-rc));
	if (n > 0 && settings.status_fd >= 0) {
		rc = write_report(settings.status_fd, 0, text, (size_t)n);
		if (rc < 0)
			tf_log(TF_LOG_ERROR, "--status-fd %d: %s", settings.status_fd,
			       strerror(-rc));
	}
}

/* What turf has to say about an end that was not the program's own. */
static int conclude(const struct tf_outcome *o)
{
	switch (o->reason) {
	case TF_REASON_EXITED:
		return o->exit_code;
	case TF_REASON_WALLTIME:
		tf_log(TF_LOG_WARN, "the time limit of %llu ms was reached (--timeout)",
		       (unsigned long long)settings.wall_ms);
		return EXIT_TIME;
	case TF_REASON_CPUTIME:
		tf_log(TF_LOG_WARN, "the limit of %llu ms processor time was reached (--cpu-time)",
		       (unsigned long long)settings.cpu_ms);
		return EXIT_TIME;
	case TF_REASON_MEMORY:
		tf_log(TF_LOG_WARN, "the memory limit of %llu bytes was reached (--memory)",
		       (unsigned long long)settings.memory_bytes);
		return EXIT_MEMORY;
	case TF_REASON_PIDS:
		tf_log(TF_LOG_WARN, "the limit of %u processes was reached (--pids-limit)",
		       settings.pids);
		return EXIT_MEMORY;
	default:
		return o->signal ? 128 + o->signal : o->exit_code;
	}
}

static int run_program(struct tf_err *err, struct tf_outcome *outcome)
{
	const struct tf_mode_ops *mode = tf_mode_pick(&settings, err);
	int rc = mode ? tf_probe_require(settings.require, err) : -EINVAL, report = -1;

	if (rc == 0)
		rc = open_report(&report, err);
	if (rc < 0)
		return rc;
	if (settings.status_fd >= 0 && fcntl(settings.status_fd, F_GETFD) < 0) {
		rc = tf_err_set(err, TF_E_VALUE, errno, "--status-fd %d", settings.status_fd);
	} else {
		rc = mode->run(&settings, outcome, err);
		if (rc == 0 && !settings.is_explain)
			give_reports(report, outcome);
	}
	if (report >= 0)
		close(report);
	return rc;
}

static int help(void)
{
	tf_help_command(stdout, tf_command_find("run"));
	return fflush(stdout) == 0 ? 0 : 125;
}

int tf_cmd_run(int argc, char **argv)
{
	struct tf_outcome outcome = {.exit_code = 0};
	struct tf_err err = {.code = TF_E_NONE};

	if (tf_options_wants_help(argc, argv))
		return help();
	int rc = fill_standard_fds(&err);
	if (rc == 0)
		rc = read_settings(argc, argv, &err);
	if (rc == 0)
		rc = tf_log_setup(settings.log, settings.is_log_json, settings.is_quiet, &err);
	if (rc == 0)
		rc = run_program(&err, &outcome);
	return rc < 0 ? tf_log_fail(&err) : conclude(&outcome);
}
