/*
 * A 32-bit program without any library (attack 2): opens the file named by argv[1] and exits 101 when it could
 * read from it, 0 when not. Built with -m32 -nostdlib -static; the kernel may have no 32-bit support at all.
 */
static int call3(int nr, int a, int b, int c)
{
	int ret;

	__asm__ volatile("int $0x80" : "=a"(ret) : "a"(nr), "b"(a), "c"(b), "d"(c) : "memory");
	return ret;
}

/* The stack as the kernel left it: argc, argv[0], argv[1]. */
__attribute__((used)) static void run(int *stack)
{
	char byte;
	int fd = call3(5 /* open */, stack[2], 0, 0);
	int got = fd >= 0 && call3(3 /* read */, fd, (int)&byte, 1) == 1;

	call3(1 /* exit */, got ? 101 : 0, 0, 0);
	for (;;)
		;
}

__asm__(".globl _start\n_start:\n\tmov %esp, %eax\n\tpush %eax\n\tcall run\n\thlt\n");
