/*
 * getpw*, getgr*: libc's answers where the guest's files are the host's, the guest's own where they are not.
 */
#include "drv.h"

#include <grp.h>
#include <pwd.h>

static const char *home_of(const char *name)
{
	struct passwd *pw = getpwnam(name);

	return pw ? pw->pw_dir : "(none)";
}

static const char *user_of(uid_t uid)
{
	struct passwd *pw = getpwuid(uid);

	return pw ? pw->pw_name : "(none)";
}

static void test_host(void)
{
	SAME(getpwnam("root") != NULL, 1);
	TEXT(user_of(0), "root");
	TEXT(home_of("root"), "/root");
	SAME(getgrgid(0) != NULL, 1);
	TEXT(home_of("alice-of-the-guest"), "(none)");
	setpwent();
	SAME(getpwent() != NULL, 1);
	endpwent();
}

static void test_users(void)
{
	struct passwd *pw = getpwnam("alice"), pwd, *result;
	char buf[256];
	int n = 0;

	TEXT(pw ? pw->pw_name : NULL, "alice");
	SAME(pw->pw_uid, 5000);
	SAME(pw->pw_gid, 600);
	TEXT(pw->pw_passwd, "x");
	TEXT(pw->pw_gecos, "Alice,,");
	TEXT(pw->pw_dir, "/home/alice");
	TEXT(pw->pw_shell, "/bin/bash");
	TEXT(home_of("root"), "/guest");
	TEXT(user_of(5001), "bob");
	TEXT(getpwnam("bob")->pw_shell, "");
	TEXT(home_of("broken"), "(none)");
	TEXT(home_of("ali"), "(none)");
	TEXT(home_of("+"), "(none)");
	TEXT(user_of(1), "(none)");
	SAME(getpwnam_r("alice", &pwd, buf, sizeof(buf), &result), 0);
	SAME(result == &pwd, 1);
	SAME(pwd.pw_name >= buf && pwd.pw_shell < buf + sizeof(buf), 1);
	SAME(getpwuid_r(5000, &pwd, buf, 10, &result), ERANGE);
	SAME(result == NULL, 1);
	SAME(getpwnam_r("nobody-here", &pwd, buf, sizeof(buf), &result), 0);
	SAME(result == NULL, 1);
	setpwent();
	while ((pw = getpwent()) && n < 10)
		n++;
	SAME(n, 3);
	setpwent();
	TEXT(getpwent()->pw_name, "root");
	endpwent();
}

static void test_groups(void)
{
	struct group *gr = getgrnam("staff"), group, *result;
	gid_t list[8];
	char buf[128];
	int n = 8;

	SAME(gr ? gr->gr_gid : 0, 600);
	TEXT(gr->gr_mem[0], "alice");
	TEXT(gr->gr_mem[1], "bob");
	SAME(gr->gr_mem[2] == NULL, 1);
	gr = getgrgid(602);
	TEXT(gr ? gr->gr_name : NULL, "empty");
	TEXT(gr->gr_passwd, "*");
	SAME(gr->gr_mem[0] == NULL, 1);
	SAME(getgrnam("bad") == NULL, 1);
	SAME(getgrgid_r(601, &group, buf, sizeof(buf), &result), 0);
	TEXT(result ? result->gr_mem[1] : NULL, "alice");
	SAME(getgrnam_r("staff", &group, buf, 24, &result), ERANGE);
	SAME(getgrouplist("alice", 600, list, &n), 2);
	SAME(n, 2);
	SAME(list[0], 600);
	SAME(list[1], 601);
	n = 1;
	FAILS((errno = 0, getgrouplist("bob", 5001, list, &n)), 0);
	SAME(n, 3);
	setgrent();
	for (n = 0; getgrent() && n < 10; n++)
		;
	SAME(n, 4);
	endgrent();
}

int main(void)
{
	if (is_nested()) {
		test_users();
		test_groups();
	} else {
		test_host();
	}
	return failures != 0;
}
