/*
 * Landlock's system calls, and the translation of the view's access into its rights. Keeps no state besides the
 * caller's struct; decides nothing about paths.
 *
 * The constants are turf's own: the headers that it is built with know ABI 2, and a ruleset must handle whatever
 * the running kernel has, since what is not handled is not held.
 */
#include "landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NR_CREATE_RULESET 444
#define NR_ADD_RULE 445
#define NR_RESTRICT_SELF 446
#define CREATE_RULESET_VERSION 1u
#define RULE_PATH_BENEATH 1
#define RULE_NET_PORT 2

#define FS_EXECUTE (1ull << 0)
#define FS_WRITE_FILE (1ull << 1)
#define FS_READ_FILE (1ull << 2)
#define FS_READ_DIR (1ull << 3)
#define FS_REMOVE_DIR (1ull << 4)
#define FS_REMOVE_FILE (1ull << 5)
#define FS_MAKE_CHAR (1ull << 6)
#define FS_MAKE_DIR (1ull << 7)
#define FS_MAKE_REG (1ull << 8)
#define FS_MAKE_SOCK (1ull << 9)
#define FS_MAKE_FIFO (1ull << 10)
#define FS_MAKE_BLOCK (1ull << 11)
#define FS_MAKE_SYM (1ull << 12)
#define FS_REFER (1ull << 13)
#define FS_TRUNCATE (1ull << 14)
#define FS_IOCTL_DEV (1ull << 15)
#define FS_RESOLVE_UNIX (1ull << 16)
#define FS_ABI_1 ((1ull << 13) - 1)

#define NET_BIND_TCP (1ull << 0)
#define NET_CONNECT_TCP (1ull << 1)
#define SCOPE_ABSTRACT_UNIX (1ull << 0)
#define SCOPE_SIGNAL (1ull << 1)

/* A rule on anything but a directory may name these only, or the kernel says EINVAL. */
#define FS_OF_FILES                                                                                \
	(FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV | FS_RESOLVE_UNIX)

/* Device nodes are never made inside; all else that changes something is writing. */
#define FS_OF_WRITE                                                                                \
	(FS_WRITE_FILE | FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_DIR | FS_MAKE_REG |              \
	 FS_MAKE_SOCK | FS_MAKE_FIFO | FS_MAKE_SYM | FS_REFER | FS_TRUNCATE | FS_RESOLVE_UNIX)

/* struct landlock_ruleset_attr of ABI 6; an older kernel takes the longer one while the rest is zero. */
struct ruleset_attr {
	uint64_t handled_fs, handled_net, scoped;
};

struct path_rule {
	uint64_t allowed;
	int32_t parent_fd;
} __attribute__((packed));

struct port_rule {
	uint64_t allowed, port;
};

int tf_landlock_abi(void)
{
	long abi = syscall(NR_CREATE_RULESET, NULL, 0, CREATE_RULESET_VERSION);

	/* ENOSYS: not built in, or an outer filter; EOPNOTSUPP: built in, switched off at boot. */
	return abi > 0 ? (int)abi : 0;
}

uint64_t tf_landlock_known_rights(int abi)
{
	uint64_t rights = FS_ABI_1;

	if (abi >= TF_LL_ABI_REFER)
		rights |= FS_REFER;
	if (abi >= TF_LL_ABI_TRUNCATE)
		rights |= FS_TRUNCATE;
	if (abi >= TF_LL_ABI_IOCTL)
		rights |= FS_IOCTL_DEV;
	if (abi >= TF_LL_ABI_UNIX)
		rights |= FS_RESOLVE_UNIX;
	return abi > 0 ? rights : 0;
}

uint64_t tf_landlock_rights(int abi, unsigned int access, int is_dir)
{
	uint64_t rights = 0;

	if (access & TF_LL_READ)
		rights |= FS_READ_FILE | FS_READ_DIR;
	if (access & TF_LL_LIST)
		rights |= FS_READ_DIR;
	if (access & TF_LL_WRITE)
		rights |= FS_OF_WRITE;
	if (access & TF_LL_EXEC)
		rights |= FS_EXECUTE;
	if (access & TF_LL_IOCTL)
		rights |= FS_IOCTL_DEV;
	if (!is_dir)
		rights &= FS_OF_FILES;
	return rights & tf_landlock_known_rights(abi);
}

static struct ruleset_attr attr_of(int abi, unsigned int what)
{
	struct ruleset_attr attr = {0, 0, 0};

	if (what & TF_LL_ONLY_SIGNALS) {
		attr.scoped = abi >= TF_LL_ABI_SCOPES ? SCOPE_SIGNAL : 0;
		/* A layer that does not handle REFER denies it (landlock(7)): rename and link across directories
		 * would fail in every domain below. So it is handled, and granted everywhere (allow_refer). */
		attr.handled_fs = attr.scoped ? FS_REFER : 0;
		return attr;
	}
	attr.handled_fs = tf_landlock_known_rights(abi);
	if ((what & TF_LL_NET) && abi >= TF_LL_ABI_NET)
		attr.handled_net = NET_BIND_TCP | NET_CONNECT_TCP;
	if ((what & TF_LL_SCOPES) && abi >= TF_LL_ABI_SCOPES)
		attr.scoped = SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL;
	return attr;
}

static int allow_refer(const struct tf_landlock *ll)
{
	int root = (int)syscall(SYS_openat, AT_FDCWD, "/", O_PATH | O_CLOEXEC, 0);
	struct path_rule rule = {FS_REFER, root};
	int rc = root < 0 || syscall(NR_ADD_RULE, ll->fd, RULE_PATH_BENEATH, &rule, 0) ? -errno : 0;

	if (root >= 0)
		close(root);
	return rc;
}

int tf_landlock_open(struct tf_landlock *ll, unsigned int what, struct tf_err *err)
{
	int abi = tf_landlock_abi();
	struct ruleset_attr attr;
	long fd;

	if (!abi) {
		tf_err_set(err, TF_E_KERNEL, 0,
		           "Landlock is not there (it needs Linux 5.13 and lsm=...,landlock)");
		return -EOPNOTSUPP;
	}
	attr = attr_of(abi, what);
	if (!attr.handled_fs && !attr.scoped) {
		tf_err_set(err, TF_E_KERNEL, 0,
		           "Landlock ABI %d has no signal scope (it needs Linux 6.12)", abi);
		return -EOPNOTSUPP;
	}
	/* The descriptor is close-on-exec by itself. */
	fd = syscall(NR_CREATE_RULESET, &attr, sizeof(attr), 0);
	if (fd < 0)
		return tf_err_set(err, TF_E_SYSTEM, errno, "cannot make a Landlock ruleset");
	*ll = (struct tf_landlock){(int)fd, abi, attr.handled_fs, attr.handled_net, attr.scoped};
	int rc = what & TF_LL_ONLY_SIGNALS ? allow_refer(ll) : 0;
	if (rc == 0)
		return 0;
	tf_landlock_close(ll);
	return tf_err_set(err, TF_E_SYSTEM, -rc,
	                  "cannot grant renaming in the supervisor's domain");
}

int tf_landlock_allow_fd(struct tf_landlock *ll, int fd, int is_dir, unsigned int access)
{
	struct path_rule rule = {tf_landlock_rights(ll->abi, access, is_dir), fd};

	if (!rule.allowed)
		return 0; /* nothing to grant; the kernel would say ENOMSG */
	return syscall(NR_ADD_RULE, ll->fd, RULE_PATH_BENEATH, &rule, 0) ? -errno : 0;
}

static int add_path(struct tf_landlock *ll, int fd, unsigned int access)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if (S_ISLNK(st.st_mode))
		return -ELOOP; /* a rule on the link itself would grant nothing, without a word */
	return tf_landlock_allow_fd(ll, fd, S_ISDIR(st.st_mode), access);
}

int tf_landlock_allow_path(struct tf_landlock *ll, const char *host, unsigned int access,
                           struct tf_err *err)
{
	/* Not open(3): musl's sets the close-on-exec flag once more by a call of its own. */
	int fd = (int)syscall(SYS_openat, AT_FDCWD, host, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
	int rc = fd < 0 ? -errno : add_path(ll, fd, access);

	if (fd >= 0)
		close(fd);
	return rc ? tf_err_set(err, TF_E_PATH, -rc, "cannot grant access to %s", host) : 0;
}

int tf_landlock_allow_port(struct tf_landlock *ll, uint16_t port, int may_bind, int may_connect,
                           struct tf_err *err)
{
	struct port_rule rule = {0, port};

	if (!ll->net) {
		tf_err_set(err, TF_E_KERNEL, 0,
		           "Landlock ABI %d does not know TCP ports (it needs Linux 6.7)", ll->abi);
		return -EOPNOTSUPP;
	}
	if (may_bind)
		rule.allowed |= NET_BIND_TCP;
	if (may_connect)
		rule.allowed |= NET_CONNECT_TCP;
	if (rule.allowed && syscall(NR_ADD_RULE, ll->fd, RULE_NET_PORT, &rule, 0))
		return tf_err_set(err, TF_E_SYSTEM, errno, "cannot grant TCP port %u", port);
	return 0;
}

int tf_landlock_enter(const struct tf_landlock *ll)
{
	/* No flags: from ABI 7 on, denials after the exec are then kept out of the host's audit log, which a
	 * program could otherwise fill. */
	return syscall(NR_RESTRICT_SELF, ll->fd, 0) ? -errno : 0;
}

void tf_landlock_close(struct tf_landlock *ll)
{
	if (ll->fd >= 0)
		close(ll->fd);
	ll->fd = -1;
}
