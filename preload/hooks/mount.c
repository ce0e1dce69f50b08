/*
 * Calls that change what the host mounts, swaps to or accounts for: refused inside, whatever rights the
 * process may have. Outside turf they pass untouched. Nobody calls them often: no care for speed.
 */
#include "call.h"

#include <sys/mount.h>
#include <sys/quota.h>
#include <sys/swap.h>
#include <unistd.h>

/* Defines the hook `symbol` for system call nr, up to five arguments. The types are those of registers. */
#define REFUSE(symbol, nr, error)                                                                  \
	TF_EXPORT int tf_hook_##symbol(long a, long b, long c, long d, long e) TF_NAMED(symbol);   \
	int tf_hook_##symbol(long a, long b, long c, long d, long e)                               \
	{                                                                                          \
		return (int)tf_rt_ret(tf_rt_view() ? -(error) : tf_sys(nr, a, b, c, d, e));        \
	}

REFUSE(mount, SYS_mount, EPERM)
REFUSE(umount2, SYS_umount2, EPERM)
REFUSE(pivot_root, SYS_pivot_root, EPERM)
REFUSE(chroot, SYS_chroot, EPERM)
REFUSE(swapon, SYS_swapon, EPERM)
REFUSE(swapoff, SYS_swapoff, EPERM)
REFUSE(acct, SYS_acct, EPERM)
REFUSE(quotactl, SYS_quotactl, EPERM)
REFUSE(uselib, SYS_uselib, EPERM)
REFUSE(open_tree, SYS_open_tree, EPERM)
REFUSE(move_mount, SYS_move_mount, EPERM)
REFUSE(fsopen, SYS_fsopen, EPERM)
REFUSE(fsconfig, SYS_fsconfig, EPERM)
REFUSE(fsmount, SYS_fsmount, EPERM)
REFUSE(fspick, SYS_fspick, EPERM)
REFUSE(mount_setattr, SYS_mount_setattr, EPERM)

/* umount(path) is umount2(path, 0): its second register holds anything. */
TF_EXPORT int umount(const char *path)
{
	return tf_hook_umount2((long)path, 0, 0, 0, 0);
}
