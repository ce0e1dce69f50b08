/*
 * Raw system calls: one instruction, -errno as the kernel returns it. The only way libturf.so enters
 * the kernel by itself, so that the gate (design.md) has one place to change.
 */
#ifndef TURF_RT_SYS_H
#define TURF_RT_SYS_H

#include <sys/syscall.h>

static inline long tf_sys6(long nr, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long ret;

	__asm__ volatile("syscall"
	                 : "=a"(ret)
	                 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
	                 : "rcx", "r11", "memory");
	return ret;
}

static inline long tf_sys4(long nr, long a, long b, long c, long d)
{
	register long r10 __asm__("r10") = d;
	long ret;

	__asm__ volatile("syscall"
	                 : "=a"(ret)
	                 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10)
	                 : "rcx", "r11", "memory");
	return ret;
}

#define TF_SYS_PICK(a0, a1, a2, a3, a4, a5, a6, f, ...) f
/* tf_sys(SYS_x, ...): up to six arguments, each cast to long. */
#define tf_sys(...)                                                                                \
	TF_SYS_PICK(__VA_ARGS__, TF_SYS_6, TF_SYS_5, TF_SYS_4, TF_SYS_3, TF_SYS_2, TF_SYS_1,       \
	            TF_SYS_0)                                                                      \
	(__VA_ARGS__)
#define TF_L(x) ((long)(x))
#define TF_SYS_0(n) tf_sys4(n, 0, 0, 0, 0)
#define TF_SYS_1(n, a) tf_sys4(n, TF_L(a), 0, 0, 0)
#define TF_SYS_2(n, a, b) tf_sys4(n, TF_L(a), TF_L(b), 0, 0)
#define TF_SYS_3(n, a, b, c) tf_sys4(n, TF_L(a), TF_L(b), TF_L(c), 0)
#define TF_SYS_4(n, a, b, c, d) tf_sys4(n, TF_L(a), TF_L(b), TF_L(c), TF_L(d))
#define TF_SYS_5(n, a, b, c, d, e) tf_sys6(n, TF_L(a), TF_L(b), TF_L(c), TF_L(d), TF_L(e), 0)
#define TF_SYS_6(n, a, b, c, d, e, f)                                                              \
	tf_sys6(n, TF_L(a), TF_L(b), TF_L(c), TF_L(d), TF_L(e), TF_L(f))

#endif
