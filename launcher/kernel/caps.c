/*
 * Capabilities by the bare system calls; libcap allocates, and this runs between clone and exec.
 *
 * Order: what needs CAP_SETPCAP (bounding set, securebits) comes first, the empty sets last.
 */
#include "caps.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MAX_CAPS 64 /* what the kernel's sets can hold; today 41 are used */

#define LOCKED_BITS                                                                                \
	(SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |                           \
	 SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE |   \
	 SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED)

struct caps {
	uint64_t effective, permitted, inheritable;
};

static int read_caps(struct caps *ret)
{
	struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[2] = {{0, 0, 0}, {0, 0, 0}};

	if (syscall(SYS_capget, &head, data))
		return -errno;
	ret->effective = data[0].effective | (uint64_t)data[1].effective << 32;
	ret->permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
	ret->inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
	return 0;
}

static int write_caps(const struct caps *caps)
{
	struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[2] = {
	        {(uint32_t)caps->effective, (uint32_t)caps->permitted, (uint32_t)caps->inheritable},
	        {(uint32_t)(caps->effective >> 32), (uint32_t)(caps->permitted >> 32),
	         (uint32_t)(caps->inheritable >> 32)},
	};

	return syscall(SYS_capset, &head, data) ? -errno : 0;
}

/* EINVAL marks the end: the running kernel knows no such capability. */
static int drop_bounding(void)
{
	for (int cap = 0; cap < MAX_CAPS; cap++) {
		if (!prctl(PR_CAPBSET_DROP, cap, 0, 0, 0))
			continue;
		return errno == EINVAL && cap ? 0 : -errno;
	}
	return 0;
}

/* What CAP_SETPCAP can do; it need not be effective yet. */
static int lock(const struct caps *caps)
{
	struct caps all = *caps;
	int rc;

	if (!(caps->permitted & (1ull << CAP_SETPCAP)))
		return 0; /* no_new_privs has to do: see caps.h */
	all.effective = caps->permitted;
	rc = write_caps(&all);
	if (!rc)
		rc = drop_bounding();
	if (!rc && prctl(PR_SET_SECUREBITS, LOCKED_BITS, 0, 0, 0))
		rc = -errno;
	return rc;
}

int tf_caps_drop(void)
{
	static const struct caps none;
	struct caps caps;
	int rc = read_caps(&caps);

	if (rc)
		return rc;
	if (!caps.permitted && !caps.inheritable && getuid() && geteuid())
		return 0;
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0,
	      0); /* EINVAL before 4.3: there were none */
	rc = lock(&caps);
	return rc ? rc : write_caps(&none);
}

int tf_caps_any(void)
{
	struct caps caps;
	int rc = read_caps(&caps);

	return rc ? rc : caps.permitted != 0;
}
