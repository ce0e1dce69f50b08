/*
 * fopen, freopen, tmpfile; mkstemp and its family; realpath.
 */
#include "drv.h"

#include <limits.h>
#include <wchar.h>

extern FILE *fopen64(const char *path, const char *mode);
extern int mkstemp64(char *template);

/* The first line of a stream, closed. */
static const char *line_of(FILE *f)
{
	static char buf[256];

	if (!f) {
		snprintf(buf, sizeof(buf), "(errno %d)", errno);
		return buf;
	}
	if (!fgets(buf, sizeof(buf), f))
		buf[0] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	fclose(f);
	return buf;
}

/* Writes a line and closes. */
static int put(FILE *f, const char *text)
{
	if (!f)
		return -1;
	fprintf(f, "%s\n", text);
	return fclose(f);
}

#define NO_STREAM(call, error)                                                                     \
	do {                                                                                       \
		errno = 0;                                                                         \
		FILE *f_ = call;                                                                   \
		drv_error(f_ ? 0 : -1, errno, (error), #call " = " #error, __LINE__);              \
	} while (0)

static void test_fopen(void)
{
	TEXT(line_of(fopen("/work/a", "r")), "one a");
	TEXT(line_of(fopen("a", "re")), "one a");
	TEXT(line_of(fopen("link_up", "r")), "two r");
	TEXT(line_of(fopen("../ro/r", "rb")), "two r");
	TEXT(line_of(fopen64("/ro/r", "r")), "two r");
	SAME(put(fopen("/work/s", "w"), "written"), 0);
	TEXT(host_text("one/s"), "written");
	SAME(put(fopen("/work/s", "a"), "more"), 0);
	SAME(put(fopen("/tmp/s", "wx"), "new"), 0);
	TEXT(host_text("three/s"), "new");
	NO_STREAM(fopen("/tmp/s", "wx"), EEXIST);
	NO_STREAM(fopen("/work/nothing", "r"), ENOENT);
	NO_STREAM(fopen("/work/nothing", "r+"), ENOENT);
	NO_STREAM(fopen("/ro/r", "w"), EROFS);
	NO_STREAM(fopen("/ro/r", "r+"), EROFS);
	NO_STREAM(fopen(on_host("one/a"), "r"), ENOENT);
	NO_STREAM(fopen("/work/a", "q"), EINVAL);
	NO_STREAM(fopen("", "r"), ENOENT);
	TEXT(host_text("two/r"), "two r");
	unlink("/tmp/s");
}

static void test_modes(void)
{
	FILE *f = fopen("/work/s", "r+");
	char buf[32] = "";

	SAME(fread(buf, 1, 7, f), 7);
	TEXT(buf, "written");
	rewind(f);
	SAME(fwrite("W", 1, 1, f), 1);
	fclose(f);
	TEXT(host_text("one/s"), "Written");
	f = fopen("/work/s", "a+");
	SAME(fgetc(f), 'W');
	fseek(f, 0, SEEK_SET);
	fputs("end\n", f);
	SAME(ftell(f), 17);
	fclose(f);
	f = fopen("/work/s", "re");
	SAME(fcntl(fileno(f), F_GETFD), FD_CLOEXEC);
	fclose(f);
	f = fopen("/work/s", "r");
	SAME(fcntl(fileno(f), F_GETFD), 0);
	fclose(f);
#ifdef __GLIBC__
	/* A conversion makes the stream a wide one. */
	f = fopen("/work/a", "r,ccs=UTF-8");
	SAME(f ? fgetwc(f) : WEOF, L'o');
	fclose(f);
	f = fopen("/work/wide", "wx,ccs=UTF-8");
	SAME(f ? fputws(L"wide", f) : -1, 1);
	fclose(f);
	TEXT(host_text("one/wide"), "wide");
#endif
}

static void test_freopen(void)
{
	FILE *f = fopen("/work/a", "r");
	int fd = fileno(f);

	f = freopen("/ro/r", "r", f);
	SAME(f != NULL && fileno(f) == fd, 1);
	TEXT(line_of(f), "two r");
	f = fopen("/work/a", "r");
	f = freopen("/work/again", "wx", f);
	SAME(put(f, "again"), 0);
	TEXT(host_text("one/again"), "again");
	f = fopen("/work/a", "r");
	NO_STREAM(freopen("/work/nothing", "r", f), ENOENT);
	f = fopen("/work/a", "r");
	NO_STREAM(freopen("/ro/r", "w", f), EROFS);
	f = fopen("/work/a", "r+");
	f = freopen(NULL, "r", f);
	TEXT(line_of(f), "one a");
}

static void test_tmpfile(void)
{
	FILE *f = tmpfile();
	char link[64], target[512];
	long n;

	SAME(f != NULL, 1);
	fputs("unnamed", f);
	fflush(f);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fileno(f));
	n = tf_sys(SYS_readlink, link, target, sizeof(target) - 1);
	target[n > 0 ? n : 0] = '\0';
	/* It lies in the guest's /tmp. */
	SAME(strncmp(target, on_host("three/"), strlen(on_host("three/"))), 0);
	SAME(lseek(fileno(f), 0, SEEK_END), 7);
	fclose(f);
}

static void test_mkstemp(void)
{
	char a[] = "/tmp/aXXXXXX", b[] = "/tmp/bXXXXXX.txt", c[] = "cXXXXXX", d[] = "/ro/XXXXXX";
	char e[] = "/tmp/XXXXX", dir[] = "/tmp/dXXXXXX", g[] = "/tmp/gXXXXXX", host[64];
	struct stat st;
	int fd = mkstemp(a);

	SAME(fd >= 0, 1);
	SAME(strcmp(a, "/tmp/aXXXXXX") != 0, 1);
	snprintf(host, sizeof(host), "three/%s", a + 5);
	SAME(host_mode(host), S_IFREG | 0600);
	close(fd);
	fd = mkostemps(b, 4, O_CLOEXEC);
	SAME(fcntl(fd, F_GETFD), FD_CLOEXEC);
	TEXT(b + 12, ".txt");
	close(fd);
	fd = mkstemp(c);
	snprintf(host, sizeof(host), "one/%s", c);
	SAME(host_mode(host), S_IFREG | 0600);
	close(fd);
	SAME(close(mkstemp64(g)), 0);
	FAILS(mkstemp(d), EROFS);
	FAILS(mkstemp(e), EINVAL);
	TEXT(mkdtemp(dir), dir);
	snprintf(host, sizeof(host), "three/%s", dir + 5);
	SAME(host_mode(host), S_IFDIR | 0700);
	SAME(stat(dir, &st), 0);
}

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

static void test_names(void)
{
	char a[] = "/tmp/nXXXXXX", buf[L_tmpnam], *name;

	TEXT(mktemp(a), a);
	SAME(is_on_host(a), 0);
	SAME(strncmp(a, "/tmp/n", 6), 0);
	TEXT(tmpnam(buf), buf);
	SAME(strncmp(buf, "/tmp/", 5), 0);
	setenv("TMPDIR", "/work/dir", 1);
	name = tempnam("/tmp", "prefix");
#ifdef __GLIBC__
	SAME(strncmp(name, "/work/dir/prefi", 15), 0);
#else
	SAME(name != NULL, 1);
#endif
	free(name);
	unsetenv("TMPDIR");
	name = tempnam("/nothing", NULL);
	SAME(strncmp(name, "/tmp/", 5), 0);
	free(name);
}

static const char *real(const char *path)
{
	static char buf[PATH_MAX];

	errno = 0;
	if (!realpath(path, buf))
		snprintf(buf, sizeof(buf), "(errno %d)", errno);
	return buf;
}

static void test_realpath(void)
{
	char *own, expected[32];

	TEXT(real("/work/a"), "/work/a");
	TEXT(real("a"), "/work/a");
	TEXT(real("."), "/work");
	TEXT(real("/"), "/");
	TEXT(real("/work/.././ro//r"), "/ro/r");
	TEXT(real("/work/link_abs"), "/work/dir/b");
	TEXT(real("link_absdir/../work/link_rel"), "/work/a");
	TEXT(real("link_dir/.."), "/work");
	TEXT(real("/file"), "/file");
	snprintf(expected, sizeof(expected), "(errno %d)", ENOENT);
	TEXT(real("/work/nothing"), expected);
	TEXT(real("/work/dangling"), expected);
	TEXT(real("/work/link_host"), expected);
	TEXT(real(""), expected);
	TEXT(real(on_host("one")), expected);
	snprintf(expected, sizeof(expected), "(errno %d)", ENOTDIR);
	TEXT(real("/work/a/"), expected);
	TEXT(real("/work/a/b"), expected);
	snprintf(expected, sizeof(expected), "(errno %d)", ELOOP);
	TEXT(real("/work/loop"), expected);
	own = realpath("link_up", NULL);
	TEXT(own, "/ro/r");
	free(own);
#ifdef __GLIBC__
	own = canonicalize_file_name("/work/link_absdir/d");
	TEXT(own, "/ro/d");
	free(own);
#endif
	chdir("/ro/d");
	TEXT(real(".."), "/ro");
	TEXT(real("../../work/a"), "/work/a");
	chdir("/work");
	if (is_nested()) {
		TEXT(real("link_in"), "/work/in/i");
		snprintf(expected, sizeof(expected), "(errno %d)", ENOENT);
		TEXT(real("/work/secret"), expected);
		TEXT(real("link_secret"), expected);
	}
}

int main(void)
{
	test_fopen();
	test_modes();
	test_freopen();
	test_tmpfile();
	test_mkstemp();
	test_names();
	test_realpath();
	return failures != 0;
}
