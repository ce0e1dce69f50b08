/*
 * Attack 7: past the hooks into libc: dlsym of its own symbols, a second copy of it in another namespace, a
 * private copy of the file, its generic syscall().
 * An escape: the secret's bytes.
 */
#include <dlfcn.h>

#include "escape.h"

typedef int (*open_fn)(const char *, int, ...);

static int use(void *symbol)
{
	open_fn fn;

	if (!symbol) {
		fprintf(stderr, "no symbol: %s\n", dlerror());
		return CONTAINED;
	}
	memcpy(&fn, &symbol, sizeof(fn));
	int fd = fn(esc_secret(), O_RDONLY);
	return esc_opened("open", fd < 0 ? -errno : fd);
}

static int way_syscall(void)
{
	long fd = syscall(SYS_openat, AT_FDCWD, esc_secret(), O_RDONLY);

	return esc_opened("syscall", fd < 0 ? -errno : fd);
}

static int way_dlsym_next(void)
{
	return use(dlsym(RTLD_NEXT, "open64"));
}

static int way_dlsym_handle(void)
{
	void *libc = dlopen("libc.so.6", RTLD_NOW);

	return libc ? use(dlsym(libc, "open64")) : CANNOT;
}

static int way_dlmopen(void)
{
	void *libc = dlmopen(LM_ID_NEWLM, "libc.so.6", RTLD_NOW);

	if (!libc) {
		fprintf(stderr, "dlmopen: %s\n", dlerror());
		return CONTAINED;
	}
	return use(dlsym(libc, "open64"));
}

static int way_private_copy(void)
{
	int fd = open("mine.so", O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0700);
	int rc = fd < 0 ? -errno : esc_copy("/lib/x86_64-linux-gnu/libc.so.6", fd);

	if (rc < 0)
		return CANNOT;
	close(fd);
	/* The same soname: in this namespace the loader would give back the libc that is there. */
	void *copy = dlmopen(LM_ID_NEWLM, "./mine.so", RTLD_NOW);
	if (!copy) {
		fprintf(stderr, "dlmopen: %s\n", dlerror());
		return CONTAINED;
	}
	return use(dlsym(copy, "open64"));
}

static const struct esc_way ways[] = {
        {"syscall", way_syscall},           {"dlsym_next", way_dlsym_next},
        {"dlsym_handle", way_dlsym_handle}, {"dlmopen", way_dlmopen},
        {"private_copy", way_private_copy},
};
ESC_MAIN(ways)
