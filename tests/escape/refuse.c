/*
 * A host that lacks something: installs a seccomp filter that refuses one kernel feature, then runs a command.
 *
 *     refuse userns|landlock|landlock-eperm|seccomp CMD...
 *
 * Shows what turf does on such a host. Needs no privilege; sets no_new_privs as every filter must.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NR_LANDLOCK_FIRST 444
#define NR_LANDLOCK_LAST 446
#define NEWUSER 0x10000000u

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define IF_EQ(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no)
#define RETURN(value) BPF_STMT(BPF_RET | BPF_K, value)
#define REFUSE(error) RETURN(SECCOMP_RET_ERRNO | (error))
#define ALLOW RETURN(SECCOMP_RET_ALLOW)

static struct sock_filter no_userns[] = {
        LOAD(nr),
        IF_EQ(SYS_clone3, 0, 1),
        REFUSE(ENOSYS), /* its flags lie in memory */
        IF_EQ(SYS_clone, 2, 0),
        IF_EQ(SYS_unshare, 1, 0),
        ALLOW,
        LOAD(args[0]),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, NEWUSER, 0, 1),
        REFUSE(EPERM),
        ALLOW,
};

#define NO_LANDLOCK(error)                                                                         \
	{                                                                                          \
		LOAD(nr), BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, NR_LANDLOCK_FIRST, 0, 2),            \
		        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, NR_LANDLOCK_LAST, 1, 0),               \
		        REFUSE(error), ALLOW,                                                      \
	}
static struct sock_filter no_landlock[] = NO_LANDLOCK(ENOSYS);
static struct sock_filter landlock_eperm[] = NO_LANDLOCK(EPERM);

static struct sock_filter no_seccomp[] = {
        LOAD(nr),      IF_EQ(SYS_seccomp, 0, 1),    REFUSE(EPERM),  IF_EQ(SYS_prctl, 0, 3),
        LOAD(args[0]), IF_EQ(PR_SET_SECCOMP, 0, 1), REFUSE(EINVAL), ALLOW,
};

#define FILTER(name, insns)                                                                        \
	{                                                                                          \
		name, insns, sizeof(insns) / sizeof((insns)[0])                                    \
	}
static const struct {
	const char *name;
	struct sock_filter *insn;
	unsigned short len;
} filters[] = {
        FILTER("userns", no_userns),
        FILTER("landlock", no_landlock),
        FILTER("landlock-eperm", landlock_eperm),
        FILTER("seccomp", no_seccomp),
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 2 && i < sizeof(filters) / sizeof(filters[0]); i++) {
		struct sock_fprog prog = {.len = filters[i].len, .filter = filters[i].insn};

		if (strcmp(argv[1], filters[i].name) != 0)
			continue;
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
		    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) < 0) {
			perror("refuse");
			return 2;
		}
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		return 2;
	}
	fprintf(stderr, "usage: refuse userns|landlock|landlock-eperm|seccomp CMD...\n");
	return 2;
}
