/*
 * turf-compile: reads what people wrote (profiles, turf.conf), checks it, writes a compiled profile for turf.
 * It is the one program of turf that parses such text, and gives away what it does not need before it begins.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/fd.h"
#include "../base/file.h"
#include "../base/log.h"
#include "../base/parse.h"
#include "compile.h"

/* The sanitizer's shadow counts as data of its own. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MAX_DATA RLIM_INFINITY
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define MAX_DATA RLIM_INFINITY
#endif
#ifndef MAX_DATA
#define MAX_DATA (64u << 20)
#endif

static const char usage[] =
        "usage: turf-compile profile [--name NAME] [--path DIR]... -o OUT FILE\n"
        "       turf-compile conf -o OUT FILE\n"
        "FILE and OUT may be - (standard input and output). --path: where a base profile is looked "
        "for.\n";

struct arguments {
	int is_conf;
	const char *name, *out, *file;
	const char *paths[TF_COMPILE_MAX_PATHS];
	unsigned int npaths;
};

static int bad_usage(struct tf_err *err, const char *text, const char *word)
{
	return tf_err_set(err, TF_E_USAGE, 0, "turf-compile: %s%s", text, word);
}

static int take_option(struct arguments *args, const char *option, const char *value,
                       struct tf_err *err)
{
	if (!value)
		return bad_usage(err, option, " needs a value");
	if (strcmp(option, "-o") == 0) {
		args->out = value;
	} else if (strcmp(option, "--name") == 0 && !args->is_conf) {
		if (tf_parse_name(value) < 0)
			return tf_err_set(err, TF_E_NAME, 0,
			                  "turf-compile: --name: \"%.80s\" is no name", value);
		args->name = value;
	} else if (strcmp(option, "--path") == 0 && !args->is_conf) {
		if (args->npaths == TF_COMPILE_MAX_PATHS)
			return bad_usage(err, "too many ", option);
		args->paths[args->npaths++] = value;
	} else {
		return tf_err_set(err, TF_E_OPTION, 0, "turf-compile: unknown option %.80s",
		                  option);
	}
	return 0;
}

static int read_arguments(int argc, char **argv, struct arguments *args, struct tf_err *err)
{
	int rc = 0, i = 2;

	if (argc < 2 || (strcmp(argv[1], "profile") != 0 && strcmp(argv[1], "conf") != 0))
		return bad_usage(err, "the first word is profile or conf", "");
	args->is_conf = strcmp(argv[1], "conf") == 0;
	for (; rc == 0 && i < argc && argv[i][0] == '-' && argv[i][1]; i += 2)
		rc = take_option(args, argv[i], argv[i + 1], err);
	if (rc < 0)
		return rc;
	if (argc - i != 1)
		return bad_usage(err, "exactly one FILE is needed", "");
	if (!args->out)
		return bad_usage(err, "-o OUT is missing", "");
	args->file = argv[i];
	return 0;
}

/* Bugs of a parser shall not reach far: no more rights by exec, no children, little memory, time and disk. */
static void confine(void)
{
	static const struct {
		int resource;
		rlim_t value;
	} limits[] = {
	        {RLIMIT_CORE, 0},    {RLIMIT_CPU, 10},  {RLIMIT_FSIZE, 1u << 20},
	        {RLIMIT_NOFILE, 32}, {RLIMIT_NPROC, 0}, {RLIMIT_DATA, MAX_DATA},
	};

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct rlimit limit;

		/* never up: the caller's may be lower */
		if (getrlimit(limits[i].resource, &limit) == 0 &&
		    limit.rlim_max > limits[i].value) {
			limit.rlim_cur = limit.rlim_max = limits[i].value;
			setrlimit(limits[i].resource, &limit);
		}
	}
}

static int write_out(const char *out, const struct tf_blob *blob, struct tf_err *err)
{
	int rc;

	if (strcmp(out, "-") == 0)
		rc = tf_fd_write(STDOUT_FILENO, blob->data, blob->size);
	else
		rc = tf_file_replace(AT_FDCWD, out, blob->data, blob->size, 0644);
	return rc < 0 ? tf_err_set(err, TF_E_PATH, -rc, "%s cannot be written", out) : 0;
}

static int compile_file(const struct arguments *args, struct tf_err *err)
{
	static char text[TF_SOURCE_MAX];
	static struct tf_blob blob;
	const struct tf_compile job = {.is_conf = args->is_conf,
	                               .paths = args->paths,
	                               .npaths = args->npaths,
	                               .blob = &blob};
	int is_stdin = strcmp(args->file, "-") == 0;
	const char *shown = is_stdin ? args->name ? args->name : "stdin" : args->file;
	tf_autoclose int fd =
	        is_stdin ? dup(STDIN_FILENO) : tf_fd_open(AT_FDCWD, args->file, O_RDONLY, 0);
	ssize_t n;
	int rc;

	if (fd < 0)
		return tf_err_set(err, TF_E_PROFILE, is_stdin ? errno : -fd, "%s", shown);
	confine();
	n = tf_fd_read(fd, text, sizeof(text));
	if (n < 0 || n == sizeof(text))
		return tf_err_set(err, TF_E_PROFILE, n < 0 ? (int)-n : EFBIG, "%s", shown);
	rc = tf_compile_text(&job, shown, fd, text, (size_t)n, err);
	/* what a value's parser found is an error of the file */
	if (rc < 0 && err->code != TF_E_SYSTEM)
		err->code = TF_E_PROFILE;
	return rc < 0 ? rc : write_out(args->out, &blob, err);
}

int main(int argc, char **argv)
{
	struct arguments args = {0};
	struct tf_err err;
	int rc;

	if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		return fputs(usage, stdout) < 0 || fflush(stdout) != 0;
	rc = read_arguments(argc, argv, &args, &err);
	if (rc == 0)
		rc = compile_file(&args, &err);
	return rc < 0 ? tf_log_fail(&err) : 0;
}
