/*
 * setmntent, catopen, bindtextdomain, utmp, terminals, daemon, syslog.
 */
#include "drv.h"

#include <libintl.h>
#include <mntent.h>
#include <nl_types.h>
#include <sys/wait.h>
#include <syslog.h>
#ifdef __GLIBC__
#include <utmp.h>
#endif

static void test_mntent(void)
{
	struct mntent *m;
	FILE *f;

	host_put("one/mtab", "dev0 /mnt ext4 ro 0 0\n");
	f = setmntent("/work/mtab", "r");
	SAME(f != NULL, 1);
	m = getmntent(f);
	TEXT(m ? m->mnt_fsname : NULL, "dev0");
	endmntent(f);
	SAME(setmntent(on_host("one/mtab"), "r") == NULL && errno == ENOENT, 1);
}

static void test_catalogues(void)
{
	host_put("one/cat", "no catalogue\n");
	SAME(catopen("/work/nothing/cat", 0) == (nl_catd)-1, 1);
	SAME(catopen(on_host("one/cat"), 0) == (nl_catd)-1, 1);
#ifdef __GLIBC__
	TEXT(bindtextdomain("turf", "/work/locale"), on_host("one/locale"));
	TEXT(bindtextdomain("turf", NULL), on_host("one/locale"));
#endif
}

#ifdef __GLIBC__
static void test_utmp(void)
{
	struct utmp ut, *got;
	struct stat st;

	memset(&ut, 0, sizeof(ut));
	ut.ut_type = USER_PROCESS;
	strcpy(ut.ut_user, "guest");
	host_put("one/utmp", "");
	host_put("two/utmp", "");
	updwtmp("/work/utmp", &ut);
	SAME(tf_sys(SYS_lstat, on_host("one/utmp"), &st), 0);
	SAME(st.st_size, sizeof(ut));
	updwtmp("/ro/utmp", &ut);
	SAME(tf_sys(SYS_lstat, on_host("two/utmp"), &st), 0);
	SAME(st.st_size, 0);
	SAME(utmpname("/work/utmp"), 0);
	setutent();
	got = getutent();
	TEXT(got ? got->ut_user : NULL, "guest");
	endutent();
	utmpname(on_host("one/utmp"));
	setutent();
	SAME(getutent() == NULL, 1);
	endutent();
}
#endif

static void test_terminal(void)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY);
	char name[64];

	if (fd < 0) {
		printf("skip: posix_openpt: no terminals here, errno %d\n", errno);
		return;
	}
	SAME(ptsname_r(fd, name, sizeof(name)), 0);
	SAME(strncmp(name, "/dev/pts/", 9), 0);
	close(fd);
}

static void test_daemon(void)
{
	char cwd[256];
	pid_t pid = fork();

	if (pid == 0) {
		if (daemon(0, 0) < 0)
			_exit(1);
		int fd = open("/tmp/daemon.part", O_WRONLY | O_CREAT | O_EXCL, 0600);
		dprintf(fd, "%s\n", getcwd(cwd, sizeof(cwd)));
		rename("/tmp/daemon.part", "/tmp/daemon");
		_exit(0);
	}
	int status;
	waitpid(pid, &status, 0);
	SAME(status, 0);
	for (int i = 0; i < 200 && !is_on_host("three/daemon"); i++)
		usleep(10000);
	TEXT(host_text("three/daemon"), "/");
	unlink("/tmp/daemon");
}

/* The guest's /dev/log is not the host's: the line goes nowhere but, with LOG_PERROR, to stderr. */
static void test_syslog(void)
{
	int saved = dup(2);
	int fd = open("/tmp/log", O_RDWR | O_CREAT | O_TRUNC, 0600);

	dup2(fd, 2);
	openlog("drv", LOG_PERROR | LOG_NDELAY, LOG_USER);
	syslog(LOG_INFO, "line %d", 7);
	closelog();
	dup2(saved, 2);
	close(saved);
	close(fd);
	TEXT(host_text("three/log"), "line 7");
}

int main(void)
{
	if (is_nested())
		test_syslog();
	test_mntent();
	test_catalogues();
#ifdef __GLIBC__
	test_utmp();
#endif
	test_terminal();
	test_daemon();
	return failures != 0;
}
