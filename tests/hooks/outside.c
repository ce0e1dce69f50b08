/*
 * With libturf.so preloaded but no view (TURF_VIEW unset) every hook passes its arguments on untouched.
 */
#include "drv.h"

#include <dirent.h>
#include <limits.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/un.h>

int main(void)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "outside.sock"}, back;
	socklen_t len = sizeof(back);
	char buf[PATH_MAX];
	struct stat st;
	struct statvfs vfs;

	TEXT(getcwd(buf, sizeof(buf)), on_host("one"));
	TEXT(text_of(open(on_host("one/a"), O_RDONLY)), "one a");
	TEXT(text_of(open("../two/r", O_RDONLY)), "two r");
	TEXT(text_of(open("link_host", O_RDONLY)), "two r");
	FAILS(open("/work/a", O_RDONLY), ENOENT);
	WORKS(stat(on_host("two"), &st));
	WORKS(lstat("link_rel", &st));
	SAME(S_ISLNK(st.st_mode), 1);
	WORKS(access(on_host("two/r"), W_OK));
	WORKS(statvfs(on_host("two"), &vfs));
	SAME(vfs.f_flag & ST_RDONLY, 0);
	WORKS(mkdir("o", 0700));
	WORKS(rename("o", on_host("two/o")));
	SAME(is_on_host("two/o"), 1);
	WORKS(chdir(on_host("two/o")));
	TEXT(getcwd(buf, sizeof(buf)), on_host("two/o"));
	WORKS(chdir(on_host("one")));
	WORKS(rmdir(on_host("two/o")));
	WORKS(chmod(on_host("two/r"), 0644));
	SAME(opendir(on_host("five")) != NULL, 1);
	SAME(readlink("link_abs", buf, sizeof(buf)), 11);
	WORKS(syscall(SYS_access, on_host("two/r"), R_OK));
	/* Refused by the kernel here, not by a hook: another errno for a bad name. */
	FAILS(umount2("/nothing-there", 1 << 30), EINVAL);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	WORKS(bind(fd, (struct sockaddr *)&un, sizeof(un)));
	WORKS(getsockname(fd, (struct sockaddr *)&back, &len));
	TEXT(back.sun_path, "outside.sock");
	WORKS(unlink("outside.sock"));
	return failures != 0;
}
