/*
 * Scratch memory for long paths: a few static slots taken with one atomic operation, else an anonymous mapping. No
 * malloc: hooks run inside malloc's own callers, in signal handlers and in vfork children. Untouched slots
 * cost no memory. A thread that is killed inside a hook loses its slot; then the mapping serves.
 */
#include "rt.h"

#include <sys/mman.h>

#include "sys.h"

#define NSLOTS 8

static struct tf_slot slots[NSLOTS];
static unsigned int taken;

struct tf_slot *tf_rt_slot_take(void)
{
	unsigned int now = __atomic_load_n(&taken, __ATOMIC_RELAXED);

	while (now != (1u << NSLOTS) - 1) {
		unsigned int bit = (unsigned int)__builtin_ctz(~now);

		if (__atomic_compare_exchange_n(&taken, &now, now | 1u << bit, 0, __ATOMIC_ACQUIRE,
		                                __ATOMIC_RELAXED))
			return &slots[bit];
	}
	long p = tf_sys(SYS_mmap, 0, sizeof(struct tf_slot), PROT_READ | PROT_WRITE,
	                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p < 0 && p > -4096 ? NULL : (struct tf_slot *)p;
}

void tf_rt_slot_give(struct tf_slot *slot)
{
	if (slot >= slots && slot < slots + NSLOTS)
		__atomic_fetch_and(&taken, ~(1u << (slot - slots)), __ATOMIC_RELEASE);
	else if (slot)
		tf_sys(SYS_munmap, slot, sizeof(*slot));
}

void tf_rt_forget(void)
{
	uintptr_t start = ((uintptr_t)slots + 4095) & ~(uintptr_t)4095;

	tf_sys(SYS_madvise, start, ((uintptr_t)(slots + NSLOTS) & ~(uintptr_t)4095) - start,
	       MADV_DONTNEED);
}
