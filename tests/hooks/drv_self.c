/*
 * The current directory; system calls by number; what is refused; a process's own scheduling.
 */
#include "drv.h"

#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#ifdef __GLIBC__
char *__getwd_chk(char *buf, size_t room);
char *__getcwd_chk(char *buf, size_t size, size_t room);
#endif

static void test_chdir(void)
{
	char buf[PATH_MAX], small[4];
	char *p;
	int fd = open("/ro", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	TEXT(getcwd(buf, sizeof(buf)), "/work");
	WORKS(chdir("dir"));
	TEXT(getcwd(buf, sizeof(buf)), "/work/dir");
	TEXT(text_of(open("b", O_RDONLY)), "one b");
	TEXT(text_of(open("../a", O_RDONLY)), "one a");
	WORKS(chdir("../../ro"));
	TEXT(getcwd(buf, sizeof(buf)), "/ro");
	TEXT(text_of(open("r", O_RDONLY)), "two r");
	FAILS(open("r", O_WRONLY), EROFS);
	WORKS(chdir("/"));
	TEXT(getcwd(buf, sizeof(buf)), "/");
	TEXT(text_of(open("work/a", O_RDONLY)), "one a");
	TEXT(text_of(open("ro/d/../r", O_RDONLY)), "two r");
	WORKS(chdir(".."));
	TEXT(getcwd(buf, sizeof(buf)), "/");
	WORKS(chdir("work/link_absdir"));
	TEXT(getcwd(buf, sizeof(buf)), "/ro");
	WORKS(chdir("/tmp/d"));
	WORKS(fchdir(fd));
	TEXT(getcwd(buf, sizeof(buf)), "/ro");
	TEXT(text_of(open("r", O_RDONLY)), "two r");
	WORKS(chdir("/usr"));
	TEXT(getcwd(buf, sizeof(buf)), "/usr");
	FAILS(chdir("/home"), ENOENT);
	FAILS(chdir("/work/a"), ENOTDIR);
	FAILS(chdir("/work/link_hostdir"), ENOENT);
	WORKS(chdir("/work"));
	p = getcwd(NULL, 0);
	TEXT(p, "/work");
	free(p);
	p = getcwd(NULL, 100);
	TEXT(p, "/work");
	free(p);
	SAME(getcwd(NULL, 3) == NULL && errno == ERANGE, 1);
	SAME(getcwd(small, sizeof(small)) == NULL && errno == ERANGE, 1);
	SAME(getcwd(buf, 0) == NULL && errno == EINVAL, 1);
	setenv("PWD", "/work/link_dir/..", 1);
	p = get_current_dir_name();
	TEXT(p, "/work/link_dir/..");
	free(p);
	setenv("PWD", "/ro", 1);
	p = get_current_dir_name();
	TEXT(p, "/work");
	free(p);
#ifdef __GLIBC__
	/* getwd() itself makes the linker warn. */
	TEXT(__getwd_chk(buf, sizeof(buf)), "/work");
	TEXT(__getcwd_chk(buf, 6, sizeof(buf)), "/work");
#endif
	close(fd);
}

static void test_vfork(void)
{
	char buf[PATH_MAX];
	int status = -1;
	pid_t pid = vfork();

	if (pid == 0) {
		if (chdir("/ro") == 0 && access("r", F_OK) == 0)
			_exit(0);
		_exit(1);
	}
	waitpid(pid, &status, 0);
	SAME(status, 0);
	TEXT(getcwd(buf, sizeof(buf)), "/work");
	TEXT(text_of(open("a", O_RDONLY)), "one a");
	SAME(access("r", F_OK), -1);
}

static void test_syscall(void)
{
	char buf[PATH_MAX];
	struct stat st;

	TEXT(text_of((int)syscall(SYS_open, "/work/a", O_RDONLY)), "one a");
	TEXT(text_of((int)syscall(SYS_openat, AT_FDCWD, "/ro/r", O_RDONLY)), "two r");
	SAME(syscall(SYS_getpid), getpid());
	WORKS(syscall(SYS_newfstatat, AT_FDCWD, "link_up", &st, 0));
	WORKS(syscall(SYS_mkdirat, AT_FDCWD, "/work/sys", 0700));
	SAME(is_on_host("one/sys"), 1);
	WORKS(syscall(SYS_renameat2, AT_FDCWD, "/work/sys", AT_FDCWD, "sys2", 0));
	WORKS(syscall(SYS_unlinkat, AT_FDCWD, "/work/sys2", AT_REMOVEDIR));
	FAILS(syscall(SYS_open, "/ro/r", O_WRONLY), EROFS);
	FAILS(syscall(SYS_unlink, "/ro/r"), EROFS);
	FAILS(syscall(SYS_open, getenv("T"), O_RDONLY), ENOENT);
	SAME(syscall(SYS_getcwd, buf, sizeof(buf)), 6);
	TEXT(buf, "/work");
	FAILS(syscall(SYS_getcwd, buf, 3), ERANGE);
	WORKS(syscall(SYS_chdir, "/ro"));
	TEXT(text_of((int)syscall(SYS_open, "r", O_RDONLY)), "two r");
	WORKS(syscall(SYS_chdir, "/work"));
	SAME(syscall(SYS_readlink, "link_abs", buf, 4), 4);
	SAME(strncmp(buf, "/wor", 4), 0);
	FAILS(syscall(SYS_readlink, "a", buf, 4), EINVAL);
	FAILS(syscall(SYS_close, 999), EBADF);
	FAILS(syscall(100000), ENOSYS);
	FAILS(syscall(SYS_io_uring_setup, 1, NULL), ENOSYS);
	FAILS(syscall(SYS_chroot, "/"), EPERM);
	FAILS(syscall(SYS_fchmodat, AT_FDCWD, "/ro/r", 0600), EROFS);
	FAILS(syscall(452 /* fchmodat2 */, AT_FDCWD, "/ro/r", 0600, 0), EROFS);
	SAME(syscall(SYS_mmap, NULL, 4096, 3, 0x22, -1, 0) != -1, 1);
}

static void test_refused(void)
{
	FAILS(mount("none", "/work", "tmpfs", 0, NULL), EPERM);
	FAILS(umount("/work"), EPERM);
	FAILS(umount2("/work", MNT_DETACH), EPERM);
	FAILS(chroot("/work"), EPERM);
	FAILS(swapon("/work/a", 0), EPERM);
	FAILS(swapoff("/work/a"), EPERM);
	FAILS(acct("/work/a"), EPERM);
	FAILS(syscall(SYS_name_to_handle_at, AT_FDCWD, "/work/a", NULL, NULL, 0), EPERM);
}

static void *pin_thread(void *arg)
{
	cpu_set_t set;

	sched_getaffinity(0, sizeof(set), &set);
	WORKS(sched_setaffinity((pid_t)syscall(SYS_gettid), sizeof(set), &set));
#ifdef __GLIBC__
	SAME(pthread_setaffinity_np(pthread_self(), sizeof(set), &set), 0);
#endif
	return arg;
}

static void test_sched(void)
{
	struct sched_param param = {0};
	struct rlimit limit;
	pthread_t thread;
	cpu_set_t set;

	WORKS(sched_getaffinity(0, sizeof(set), &set));
	WORKS(sched_setaffinity(getpid(), sizeof(set), &set));
#ifdef __GLIBC__ /* musl has only ENOSYS for these */
	WORKS(sched_setscheduler(getpid(), SCHED_OTHER, &param));
	WORKS(sched_setparam(getpid(), &param));
#endif
	SAME(pthread_setschedparam(pthread_self(), SCHED_OTHER, &param), 0);
	WORKS(setpriority(PRIO_PROCESS, (id_t)getpid(), getpriority(PRIO_PROCESS, 0)));
	WORKS(prlimit(getpid(), RLIMIT_NOFILE, NULL, &limit));
	WORKS(prlimit(getpid(), RLIMIT_NOFILE, &limit, NULL));
	pthread_create(&thread, NULL, pin_thread, NULL);
	pthread_join(thread, NULL);
}

int main(void)
{
	test_chdir();
	test_vfork();
	test_syscall();
	test_refused();
	test_sched();
	return failures != 0;
}
