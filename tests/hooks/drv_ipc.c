/*
 * shm_open, sem_open between processes; mq_open refused; ftok.
 */
#include "drv.h"

#include <limits.h>
#include <mqueue.h>
#include <semaphore.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/wait.h>

/* Names that another run on this host does not have. */
static const char *name_of(const char *what)
{
	static char buf[2][64];
	static int i;

	i ^= 1;
	snprintf(buf[i], sizeof(buf[i]), "/turf-drv-%s-%d", what, (int)getpid());
	return buf[i];
}

static void test_shm(void)
{
	char name[64], path[128];
	struct stat st;
	int *shared, fd;
	pid_t pid;

	strcpy(name, name_of("shm"));
	fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	SAME(fd >= 0, 1);
	SAME(fcntl(fd, F_GETFD), FD_CLOEXEC);
	snprintf(path, sizeof(path), "/dev/shm%s", name);
	SAME(tf_sys(SYS_lstat, path, &st), 0); /* the test's view has the host's /dev */
	SAME(ftruncate(fd, 4096), 0);
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	pid = fork();
	if (pid == 0) {
		int other = shm_open(name, O_RDWR, 0);
		int *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, other, 0);

		*p = 17;
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	SAME(*shared, 17);
	TEXT(name, name_of("shm"));
	FAILS(shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600), EEXIST);
	SAME(shm_unlink(name), 0);
	FAILS(shm_unlink(name), ENOENT);
	FAILS(shm_open(name, O_RDWR, 0), ENOENT);
	FAILS(shm_open("/a/b", O_RDWR | O_CREAT, 0600), EINVAL);
	FAILS(shm_open("/", O_RDWR | O_CREAT, 0600), EINVAL);
	FAILS(shm_open("..", O_RDONLY, 0), EINVAL);
	close(fd);
	munmap(shared, 4096);
}

static int is_failed(const sem_t *sem)
{
	return sem == SEM_FAILED;
}

static void test_sem(void)
{
	char name[64], path[128];
	sem_t *sem, *again;
	struct stat st;
	int value;
	pid_t pid;

	strcpy(name, name_of("sem"));
	SAME(is_failed(sem_open(name, 0)) && errno == ENOENT, 1);
	sem = sem_open(name, O_CREAT | O_EXCL, 0640, 2);
	SAME(is_failed(sem), 0);
	snprintf(path, sizeof(path), "/dev/shm/sem.%s", name + 1);
	SAME(tf_sys(SYS_lstat, path, &st), 0);
	SAME(st.st_mode & 07777, 0640);
	SAME(st.st_size, sizeof(sem_t));
	SAME(st.st_nlink, 1);
	SAME(sem_getvalue(sem, &value), 0);
	SAME(value, 2);
	SAME(is_failed(sem_open(name, O_CREAT | O_EXCL, 0600, 1)) && errno == EEXIST, 1);
	again = sem_open(name, O_CREAT, 0600, 7);
	SAME(again == sem, 1);
	SAME(sem_close(again), 0);
	SAME(sem_wait(sem), 0);
	SAME(sem_wait(sem), 0);
	pid = fork();
	if (pid == 0) {
		sem_t *other = sem_open(name, 0);

		usleep(20000);
		_exit(sem_post(other));
	}
	SAME(sem_wait(sem), 0); /* the child's */
	waitpid(pid, &value, 0);
	SAME(value, 0);
	SAME(sem_close(sem), 0);
	SAME(sem_unlink(name), 0);
	FAILS(sem_unlink(name), ENOENT);
	SAME(is_failed(sem_open("/a/b", O_CREAT, 0600, 1)) && errno == EINVAL, 1);
	SAME(is_failed(sem_open("/big", O_CREAT, 0600, SEM_VALUE_MAX + 1u)) && errno == EINVAL, 1);
}

static void test_mq(void)
{
	FAILS(mq_open("/turf-queue", O_RDWR | O_CREAT, 0600, NULL), ENOSYS);
	FAILS(mq_open("/turf-queue", O_RDONLY), ENOSYS);
	FAILS(mq_unlink("/turf-queue"), ENOSYS);
}

static void test_ftok(void)
{
	struct stat st;
	key_t key = ftok("/work/a", 0x41);

	SAME(tf_sys(SYS_lstat, on_host("one/a"), &st), 0);
	SAME(key, (key_t)((st.st_ino & 0xffff) | (st.st_dev & 0xff) << 16 | 0x41u << 24));
	FAILS(ftok("/work/nothing", 1), ENOENT);
}

int main(void)
{
	test_shm();
	test_sem();
	test_mq();
	test_ftok();
	return failures != 0;
}
