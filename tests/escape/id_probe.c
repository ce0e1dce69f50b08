/*
 * Helper of attack 53: exits 101 when it runs with another identity than the caller's, or with any capability.
 */
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {{0}};

	if (geteuid() != getuid() || getegid() != getgid())
		return 101;
	if (syscall(SYS_capget, &head, data) < 0)
		return 77;
	return data[0].effective || data[1].effective || data[0].permitted || data[1].permitted
	               ? 101
	               : 0;
}
