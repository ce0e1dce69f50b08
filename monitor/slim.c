/*
 * madvise(MADV_DONTNEED) on what the kernel can fetch again (read-only pages of the executable) or nobody can
 * read any more (below the stack pointer). It must not touch a writable mapping: that would lose what is in it.
 */
#include <link.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>
#include "slim.h"

#define STACK_BELOW (512u << 10) /* how deep earlier calls may have gone */
#define BLOCK (16u << 10)
#define DIVIDE_MAX (1u << 20)
#define STACK_SPARE (16u << 10) /* for this call and those to come */

/*
 * One fault maps 64 KiB around it, as far as the mapping goes: three of them and all code is back. Blocks with
 * different advice are mappings of their own, so each fault brings back one block.
 */
static void divide(uintptr_t start, uintptr_t end)
{
	for (uintptr_t at = start; at < end && at - start < DIVIDE_MAX; at += BLOCK + BLOCK)
		madvise((void *)at, end - at < BLOCK ? end - at : BLOCK, MADV_RANDOM);
}

static int drop_segments(struct dl_phdr_info *info, size_t size, void *page_size)
{
	uintptr_t mask = *(uintptr_t *)page_size - 1;

	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
		uintptr_t start = (info->dlpi_addr + ph->p_vaddr + mask) & ~mask;
		uintptr_t end = (info->dlpi_addr + ph->p_vaddr + ph->p_memsz) & ~mask;

		/* Whole pages only, and none that shares a page with something writable. */
		if (ph->p_type != PT_LOAD || (ph->p_flags & PF_W) || start >= end)
			continue;
		divide(start, end);
		madvise((void *)start, end - start, MADV_DONTNEED);
	}
	return 1; /* the program itself comes first: the rest is libraries, shared with everybody */
}

void tf_slim(void)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t here = (uintptr_t)__builtin_frame_address(0) & ~(page - 1);

	dl_iterate_phdr(drop_segments, &page);
	if (here > STACK_BELOW)
		madvise((void *)(here - STACK_BELOW), STACK_BELOW - STACK_SPARE, MADV_DONTNEED);
}
