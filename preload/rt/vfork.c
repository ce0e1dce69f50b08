/*
 * vfork(2): the child borrows the parent's memory, so what the child's chdir() leaves in our cache would be believed by
 * the parent. The parent forgets what it knew of its directory when the child lets it go on. The return address has to be
 * kept in a register: the child returns from here first and overwrites the stack.
 */
#include "rt.h"

#include <sys/syscall.h>

long tf_rt_vfork_end(long pid);

/* Called by the stub with the system call's result, in the parent only. */
__attribute__((used, visibility("hidden"))) long tf_rt_vfork_end(long pid)
{
	tf_rt_cwd_changed();
	return tf_rt_ret(pid);
}

__asm__(".text\n"
        ".globl vfork\n"
        ".type vfork, @function\n"
        "vfork:\n"
        "	pop %rdx\n"
        "	mov $58, %eax\n" /* SYS_vfork */
        "	syscall\n"
        "	push %rdx\n"
        "	test %rax, %rax\n"
        "	jz 1f\n"
        "	mov %rax, %rdi\n"
        "	jmp tf_rt_vfork_end\n"
        "1:	ret\n"
        ".size vfork, .-vfork\n");
