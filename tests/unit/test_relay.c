/*
 * monitor/relay and monitor/init: a person (the test) at a terminal, a shell with one job (the supervisor), and in
 * the sandbox's own pty an init with one program.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "monitor/init.h"
#include "monitor/monitor.h"
#include "unit.h"

struct scene {
	int screen;  /* master of the person's terminal */
	int shell;   /* what the shell says: one byte an event, then the outcome */
	int command; /* what the shell is told: 'f' = fg, 'q' = fg without SIGCONT */
	pid_t shell_pid;
	char seen[1 << 18];
	size_t len;
};

struct job {
	void (*program)(void);
	int is_slow_init; /* the program runs ahead of it */
	struct tf_limits limits;
	int is_background, is_output_only;
};

static int open_pty(int *ret_slave)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
		abort();
	*ret_slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	return master;
}

/* The sandbox's side: session leader on its own pty, then init and the program. */
static void be_sandbox(const struct job *job, int slave)
{
	pid_t program;

	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (ioctl(slave, TIOCSCTTY, 0) < 0)
		_exit(120);
	for (int fd = 0; fd < 3; fd++)
		dup2(slave, fd);
	tf_init_prepare();
	program = fork();
	if (!program) {
		sigset_t none;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setpgid(0, 0);
		if (!job->is_slow_init)
			tcsetpgrp(0, getpid()); /* SIGTTOU is still blocked */
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		job->program();
		_exit(0);
	}
	if (job->is_slow_init)
		usleep(100000);
	_exit(tf_init_run(program, 0));
}

/* The shell's job: what turf does. */
static void be_turf(const struct job *job, int tty, int said)
{
	struct tf_outcome o = {.exit_code = 99};
	struct tf_monitor_opts opts = {.proc = "/proc",
	                               .grace_ms = 200,
	                               .limits = job->limits,
	                               .tty = tty,
	                               .is_init = 1,
	                               .is_output_only = job->is_output_only,
	                               .status_fd = -1};
	sigset_t all, before;
	int slave;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	opts.pty = open_pty(&slave);
	opts.child = fork();
	if (!opts.child)
		be_sandbox(job, slave);
	close(slave);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (tf_monitor_run(&opts, &o) < 0)
		o.exit_code = 98;
	if (write(said, "o", 1) != 1 || write(said, &o, sizeof(o)) != sizeof(o))
		_exit(1);
	_exit(0);
}

static void say(int said, char what)
{
	if (write(said, &what, 1) != 1)
		_exit(1);
}

static void be_shell(const struct job *job, int tty, int said, int command)
{
	struct termios own;
	pid_t turf;
	int status;
	char what;

	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGINT, SIG_DFL); /* libcheck's handlers kill the whole test */
	signal(SIGTERM, SIG_DFL);
	signal(SIGTTOU, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	if (ioctl(tty, TIOCSCTTY, 0) < 0 || tcgetattr(tty, &own) < 0)
		_exit(1);
	turf = fork();
	if (!turf) {
		setpgid(0, 0);
		if (!job->is_background)
			tcsetpgrp(tty, getpid());
		signal(SIGTTOU, SIG_DFL);
		signal(SIGHUP, SIG_DFL);
		be_turf(job, tty, said);
	}
	setpgid(turf, turf);
	for (;;) {
		if (job->is_background && read(command, &what, 1) == 1 && what == 'q')
			tcsetpgrp(tty, turf);
		if (waitpid(turf, &status, WUNTRACED) < 0 || !WIFSTOPPED(status))
			break;
		tcsetpgrp(tty, getpgrp());
		say(said, 's');
		if (read(command, &what, 1) == 1 && what == 'f') {
			tcsetpgrp(tty, turf);
			kill(-turf, SIGCONT);
		}
	}
	tcsetpgrp(tty, getpgrp());
	say(said, 'e');
	pause();
}

static void begin(struct scene *scene, const struct job *job)
{
	int said[2], command[2], tty;
	struct winsize size = {.ws_row = 24, .ws_col = 80};

	memset(scene, 0, sizeof(*scene));
	scene->screen = open_pty(&tty);
	ioctl(scene->screen, TIOCSWINSZ, &size);
	ck_assert_int_eq(pipe2(said, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(command, O_CLOEXEC), 0);
	scene->shell_pid = fork();
	if (!scene->shell_pid) {
		close(scene->screen);
		be_shell(job, tty, said[1], command[0]);
	}
	close(said[1]);
	close(command[0]);
	close(tty);
	scene->shell = said[0];
	scene->command = command[1];
}

static void finish(struct scene *scene)
{
	kill(scene->shell_pid, SIGKILL);
	waitpid(scene->shell_pid, NULL, 0);
	close(scene->screen);
	close(scene->shell);
	close(scene->command);
}

/* Reads the screen until the words are there (or, without words, until an event comes from the shell). */
static int watch(struct scene *scene, const char *words, int ms)
{
	for (int i = 0; i < ms / 10; i++) {
		struct pollfd fd[2] = {{.fd = scene->screen, .events = POLLIN},
		                       {.fd = scene->shell, .events = POLLIN}};
		ssize_t n;

		if (words && strstr(scene->seen, words))
			return 1;
		poll(fd, words ? 1 : 2, 10);
		if (!words && fd[1].revents)
			return 1;
		if (!(fd[0].revents & POLLIN) || scene->len == sizeof(scene->seen) - 1)
			continue;
		n = read(scene->screen, scene->seen + scene->len,
		         sizeof(scene->seen) - 1 - scene->len);
		if (n > 0)
			scene->len += (size_t)n;
	}
	return 0;
}

static void expect(struct scene *scene, const char *words)
{
	ck_assert_msg(watch(scene, words, 5000), "no '%s' on the screen: '%s'", words, scene->seen);
	scene->len = 0;
	memset(scene->seen, 0, sizeof(scene->seen));
}

static void type(struct scene *scene, const char *text)
{
	ck_assert_int_eq(write(scene->screen, text, strlen(text)), (ssize_t)strlen(text));
}

static void expect_event(struct scene *scene, char want)
{
	char what = 0;

	ck_assert_msg(watch(scene, NULL, 5000), "the shell does not say '%c'; screen: '%s'", want,
	              scene->seen);
	ck_assert_int_eq(read(scene->shell, &what, 1), 1);
	ck_assert_msg(what == want, "'%c' instead of '%c'", what, want);
}

static struct tf_outcome expect_end(struct scene *scene)
{
	struct tf_outcome o;

	expect_event(scene, 'o');
	ck_assert_int_eq(read(scene->shell, &o, sizeof(o)), sizeof(o));
	expect_event(scene, 'e');
	return o;
}

static int is_cooked(struct scene *scene)
{
	struct termios mode;

	ck_assert_int_eq(tcgetattr(scene->screen, &mode), 0);
	return (mode.c_lflag & (ICANON | ECHO | ISIG)) == (ICANON | ECHO | ISIG);
}

/* Waits for it: modes change a moment after what is seen on the screen. */
static int becomes_cooked(struct scene *scene, int want)
{
	for (int i = 0; i < 300 && is_cooked(scene) != want; i++)
		usleep(10000);
	return is_cooked(scene) == want;
}

static void answer_lines(void)
{
	char line[256];

	printf("ready\n");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = 0;
		if (!strcmp(line, "end"))
			_exit(4);
		printf("got<%s>\n", line);
		fflush(stdout);
	}
}

START_TEST(lines_both_ways)
{
	struct scene scene;
	struct tf_outcome o;

	begin(&scene, &(struct job){.program = answer_lines});
	expect(&scene, "ready");
	ck_assert(!is_cooked(&scene)); /* raw: the sandbox's own pty does the line editing */
	type(&scene, "hello\r");
	expect(&scene, "got<hello>");
	type(&scene, "wrong\025right\r"); /* Ctrl-U */
	expect(&scene, "got<right>");
	type(&scene, "end\r");
	o = expect_end(&scene);
	ck_assert_int_eq(o.reason, TF_REASON_EXITED);
	ck_assert_int_eq(o.exit_code, 4);
	ck_assert(is_cooked(&scene));
	finish(&scene);
}
END_TEST

START_TEST(a_program_faster_than_init)
{
	struct scene scene;

	begin(&scene, &(struct job){.program = answer_lines, .is_slow_init = 1});
	expect(&scene, "ready");
	type(&scene, "hello\r");
	expect(&scene, "got<hello>");
	type(&scene, "end\r");
	expect_end(&scene); /* and not an 's' before it: the job was not stopped */
	finish(&scene);
}
END_TEST

START_TEST(ctrl_c_is_a_signal_inside)
{
	struct scene scene;
	struct tf_outcome o;

	begin(&scene, &(struct job){.program = answer_lines});
	expect(&scene, "ready");
	type(&scene, "\003");
	o = expect_end(&scene);
	ck_assert_int_eq(o.signal, SIGINT);
	ck_assert_int_eq(o.reason,
	                 TF_REASON_SIGNALLED); /* typed into the sandbox, not sent to turf */
	ck_assert(is_cooked(&scene));
	finish(&scene);
}
END_TEST

START_TEST(ctrl_z_and_fg)
{
	struct scene scene;
	struct tf_outcome o;

	begin(&scene, &(struct job){.program = answer_lines});
	expect(&scene, "ready");
	for (int i = 0; i < 3; i++) {
		type(&scene, "\032");
		expect_event(&scene, 's');
		ck_assert(is_cooked(&scene)); /* the shell finds its terminal as it was */
		ck_assert_int_eq(write(scene.command, "f", 1), 1);
		ck_assert(becomes_cooked(&scene, 0));
		type(&scene, "again\r");
		expect(&scene, "got<again>");
	}
	type(&scene, "end\r");
	o = expect_end(&scene);
	ck_assert_int_eq(o.exit_code, 4);
	finish(&scene);
}
END_TEST

static void work_in_background(void)
{
	pid_t pid = fork();

	if (!pid) {
		setsid();
		for (;;)
			;
	}
	answer_lines();
}

static char state_of_worker(pid_t shell)
{
	char command[200], line[64] = "";
	FILE *f;

	/* turf, init, program, worker: the only one in a session of its own below the program */
	snprintf(command, sizeof(command),
	         "ps -eo pid=,ppid=,sid=,stat= | awk -v s=%d '{p[$1]=$2; d[$1]=$3; t[$1]=$4} END "
	         "{for (i in p) "
	         "if (d[i]==i && p[p[p[p[i]]]]==s) print substr(t[i],1,1)}'",
	         (int)shell);
	f = popen(command, "r");
	if (f && !fgets(line, sizeof(line), f))
		line[0] = '?';
	if (f)
		pclose(f);
	return line[0];
}

START_TEST(ctrl_z_stops_everything)
{
	struct scene scene;

	begin(&scene, &(struct job){.program = work_in_background});
	expect(&scene, "ready");
	ck_assert_int_eq(state_of_worker(scene.shell_pid), 'R');
	type(&scene, "\032");
	expect_event(&scene, 's');
	ck_assert_int_eq(state_of_worker(scene.shell_pid),
	                 'T'); /* limits are off: nothing may run */
	ck_assert_int_eq(write(scene.command, "f", 1), 1);
	ck_assert(becomes_cooked(&scene, 0));
	type(&scene, "again\r");
	expect(&scene, "got<again>");
	ck_assert_int_eq(state_of_worker(scene.shell_pid), 'R');
	type(&scene, "end\r");
	expect_end(&scene);
	finish(&scene);
}
END_TEST

static volatile sig_atomic_t is_resized;

static void note_resize(int sig)
{
	is_resized = 1;
}

static void tell_size(void)
{
	struct sigaction action = {.sa_handler = note_resize};
	struct winsize size;

	sigaction(SIGWINCH, &action, NULL);
	for (;;) {
		ioctl(0, TIOCGWINSZ, &size);
		printf("%dx%d\n", size.ws_col, size.ws_row);
		fflush(stdout);
		while (!is_resized)
			usleep(10000);
		is_resized = 0;
		if (size.ws_col == 132)
			break;
	}
}

START_TEST(size_of_the_window)
{
	struct scene scene;
	struct winsize size = {.ws_row = 40, .ws_col = 100};

	begin(&scene, &(struct job){.program = tell_size});
	expect(&scene, "80x24");
	ioctl(scene.screen, TIOCSWINSZ, &size);
	expect(&scene, "100x40");
	finish(&scene);
}
END_TEST

static void write_much(void)
{
	for (int i = 0; i < 2000; i++)
		printf("%04d 0123456789012345678901234567890123456789\n", i);
	printf("the end\n");
	fflush(stdout);
}

START_TEST(all_output_of_a_program_that_has_ended)
{
	struct scene scene;

	begin(&scene, &(struct job){.program = write_much});
	usleep(200000); /* nobody reads: everything is full when it goes on */
	watch(&scene, "the end", 5000);
	ck_assert_ptr_nonnull(strstr(scene.seen, "the end"));
	for (int i = 0; i < 2000; i += 7) {
		char line[16];

		snprintf(line, sizeof(line), "%04d 0123", i);
		ck_assert_msg(strstr(scene.seen, line) != NULL, "line %d is missing", i);
	}
	ck_assert_int_eq(expect_end(&scene).exit_code, 0);
	finish(&scene);
}
END_TEST

static void flood(void)
{
	for (;;)
		if (write(1, "0123456789012345678901234567890123456789\n", 41) < 0)
			_exit(3);
}

START_TEST(a_screen_that_nobody_reads_delays_no_limit)
{
	struct scene scene;
	struct pollfd fd;
	char what;

	begin(&scene, &(struct job){.program = flood, .limits.wall_ms = 300});
	/* Nothing is read from the screen: the limit has to come all the same. It then is drained with patience. */
	fd = (struct pollfd){.fd = scene.shell, .events = POLLIN};
	ck_assert_int_eq(poll(&fd, 1, 9000), 1);
	ck_assert_int_eq(read(scene.shell, &what, 1), 1);
	ck_assert_int_eq(what, 'o');
	ck_assert(is_cooked(&scene));
	finish(&scene);
}
END_TEST

START_TEST(the_background_leaves_the_terminal_alone)
{
	struct scene scene;

	begin(&scene, &(struct job){.program = answer_lines, .is_background = 1});
	expect(&scene, "ready"); /* output is shown */
	ck_assert(is_cooked(&scene));
	/* The shell gives it the terminal without a signal, as fg does with a running job. */
	ck_assert_int_eq(write(scene.command, "q", 1), 1);
	usleep(50000);
	type(&scene, "first\r");
	expect(&scene, "got<first>");
	ck_assert(becomes_cooked(&scene, 0));
	type(&scene, "end\r");
	ck_assert_int_eq(expect_end(&scene).exit_code, 4);
	ck_assert(is_cooked(&scene));
	finish(&scene);
}
END_TEST

static void say_and_end(void)
{
	usleep(200000);
	printf("said\n");
	fflush(stdout);
}

START_TEST(output_only_leaves_the_keyboard_alone)
{
	struct scene scene;

	begin(&scene, &(struct job){.program = say_and_end, .is_output_only = 1});
	usleep(50000);
	ck_assert(is_cooked(&scene));
	expect(&scene, "said");
	ck_assert_int_eq(expect_end(&scene).exit_code, 0);
	finish(&scene);
}
END_TEST

static void die_of_abort(void)
{
	raise(SIGABRT);
}

START_TEST(init_ends_as_the_program_did)
{
	struct scene scene;
	struct tf_outcome o;

	begin(&scene, &(struct job){.program = die_of_abort});
	o = expect_end(&scene);
	ck_assert_int_eq(o.reason, TF_REASON_SIGNALLED);
	ck_assert_int_eq(o.signal, SIGABRT);
	finish(&scene);
}
END_TEST

START_TEST(the_terminal_goes_away)
{
	struct scene scene;
	struct tf_outcome o;
	char what = 0;

	begin(&scene, &(struct job){.program = answer_lines});
	expect(&scene, "ready");
	close(scene.screen); /* SIGHUP goes to the shell alone, and this one ignores it */
	scene.screen = open("/dev/null", O_RDONLY | O_CLOEXEC);
	ck_assert_int_eq(read(scene.shell, &what, 1), 1);
	ck_assert_int_eq(what, 'o');
	ck_assert_int_eq(read(scene.shell, &o, sizeof(o)), sizeof(o));
	ck_assert_int_eq(o.reason, TF_REASON_KILLED);
	ck_assert_int_eq(o.signal, SIGHUP);
	finish(&scene);
}
END_TEST

Suite *test_relay_suite(void)
{
	Suite *s = suite_create("relay");
	TCase *t = tcase_create("relay");

	tcase_set_timeout(t, 30);
	tcase_add_test(t, lines_both_ways);
	tcase_add_test(t, a_program_faster_than_init);
	tcase_add_test(t, ctrl_c_is_a_signal_inside);
	tcase_add_test(t, ctrl_z_and_fg);
	tcase_add_test(t, ctrl_z_stops_everything);
	tcase_add_test(t, size_of_the_window);
	tcase_add_test(t, all_output_of_a_program_that_has_ended);
	tcase_add_test(t, a_screen_that_nobody_reads_delays_no_limit);
	tcase_add_test(t, the_background_leaves_the_terminal_alone);
	tcase_add_test(t, output_only_leaves_the_keyboard_alone);
	tcase_add_test(t, init_ends_as_the_program_did);
	tcase_add_test(t, the_terminal_goes_away);
	suite_add_tcase(s, t);
	return s;
}
