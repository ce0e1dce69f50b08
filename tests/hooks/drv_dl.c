/*
 * dlopen of libraries named by guest paths. The library is a copy of libturf.so itself: it loads into both libcs.
 */
#include "drv.h"

#include <dlfcn.h>
#include <link.h>

static void copy_library(const char *name)
{
	static char buf[1 << 16];
	long in = tf_sys(SYS_open, getenv("LD_PRELOAD"), O_RDONLY, 0), n;
	long out = tf_sys(SYS_open, on_host(name), O_WRONLY | O_CREAT | O_TRUNC, 0755);

	while ((n = tf_sys(SYS_read, in, buf, sizeof(buf))) > 0)
		tf_sys(SYS_write, out, buf, n);
	tf_sys(SYS_close, in);
	tf_sys(SYS_close, out);
}

/* The host file that was loaded, or why none was. */
static const char *loaded(const char *file)
{
	static char buf[512];
	void *handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
	struct link_map *map = NULL;

	if (!handle) {
		snprintf(buf, sizeof(buf), "(%s)", dlerror());
		return strstr(buf, "open shared object") || strstr(buf, "loading shared") ? "(none)"
		                                                                          : buf;
	}
	if (dlsym(handle, "open") == (void *)open || !dlsym(handle, "open"))
		return "(another one)";
	dlinfo(handle, RTLD_DI_LINKMAP, &map);
	snprintf(buf, sizeof(buf), "%s", map->l_name);
	dlclose(handle);
	return buf;
}

int main(void)
{
	copy_library("one/lib.so");
	copy_library("two/lib.so");
	copy_library("one/secret/lib.so");
	TEXT(loaded("/work/lib.so"), on_host("one/lib.so"));
	TEXT(loaded("/ro/lib.so"), on_host("two/lib.so"));
	TEXT(loaded("./lib.so"), on_host("one/lib.so"));
	TEXT(loaded("../ro/lib.so"), on_host("two/lib.so"));
	TEXT(loaded("link_absdir/lib.so"), on_host("two/lib.so"));
	TEXT(loaded("/work/nothing.so"), "(none)");
	TEXT(loaded(on_host("one/lib.so")), "(none)");
	if (is_nested())
		TEXT(loaded("/work/secret/lib.so"), "(none)");
	SAME(dlopen(NULL, RTLD_NOW) != NULL, 1);
#ifdef __GLIBC__
	/* The loader has to see who calls: the driver lies above the tree, libturf.so somewhere else. */
	TEXT(loaded("$ORIGIN/tree/one/lib.so"), on_host("one/lib.so"));
	void *handle = dlmopen(LM_ID_BASE, "/work/lib.so", RTLD_NOW | RTLD_LOCAL);
	SAME(handle != NULL, 1);
	SAME(dlmopen(LM_ID_BASE, on_host("one/lib.so"), RTLD_NOW) == NULL, 1);
#endif
	return failures != 0;
}
