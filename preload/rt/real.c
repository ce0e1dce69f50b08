/*
 * Finds the program's own definition of a function: what dlsym(RTLD_NEXT) does, but without its locks, allocations
 * and caller tricks, so that it may be used in signal handlers, in vfork children and before libc is set up. Reads the
 * loader's list of objects (<link.h>, the debugger interface: glibc has _r_debug, musl _dl_debug_addr) and their
 * symbol tables.
 */
#include "rt.h"

#include <link.h>
#include <string.h>

/* By reference and weak: each libc has one of the two. */
extern struct r_debug tf_glibc_debug __asm__("_r_debug") __attribute__((weak));
extern struct r_debug *tf_musl_debug __asm__("_dl_debug_addr") __attribute__((weak));
extern ElfW(Dyn) tf_own_dynamic[] __asm__("_DYNAMIC") __attribute__((visibility("hidden")));

struct tables {
	const ElfW(Sym) * sym;
	const char *str;
	const uint32_t *gnu_hash;
	const uint16_t *versym;
};

/* glibc relocates the pointers of a dynamic section in place, musl does not. */
static const void *pointer_of(const struct link_map *map, const ElfW(Dyn) * dyn)
{
	uintptr_t p = dyn->d_un.d_ptr;

	return (const void *)(p < map->l_addr ? map->l_addr + p : p);
}

static int read_tables(const struct link_map *map, struct tables *ret)
{
	*ret = (struct tables){0};
	for (const ElfW(Dyn) *d = map->l_ld; d && d->d_tag != DT_NULL; d++) {
		if (d->d_tag == DT_SYMTAB)
			ret->sym = pointer_of(map, d);
		else if (d->d_tag == DT_STRTAB)
			ret->str = pointer_of(map, d);
		else if (d->d_tag == DT_GNU_HASH)
			ret->gnu_hash = pointer_of(map, d);
		else if (d->d_tag == DT_VERSYM)
			ret->versym = pointer_of(map, d);
	}
	return ret->sym && ret->str && ret->gnu_hash;
}

static uint32_t hash_of(const char *name)
{
	uint32_t h = 5381;

	for (; *name; name++)
		h = h * 33 + (unsigned char)*name;
	return h;
}

/* A defined symbol in its default version (bit 15 of versym marks the hidden, old ones). */
static int is_wanted(const struct tables *t, uint32_t i, const char *name)
{
	if (t->sym[i].st_shndx == SHN_UNDEF || (t->versym && t->versym[i] & 0x8000))
		return 0;
	return strcmp(t->str + t->sym[i].st_name, name) == 0;
}

/* The layout of DT_GNU_HASH: nbuckets, first symbol, bloom words, shift; bloom; buckets; chains. */
static const ElfW(Sym) * look_up(const struct tables *t, const char *name, uint32_t hash)
{
	const uint32_t *head = t->gnu_hash;
	const uint32_t *bucket = head + 4 + head[2] * (sizeof(ElfW(Addr)) / 4);
	const uint32_t *chain = bucket + head[0];
	uint32_t i = head[0] ? bucket[hash % head[0]] : 0;

	if (i < head[1])
		return NULL;
	for (;; i++) {
		uint32_t h = chain[i - head[1]];

		if ((h | 1) == (hash | 1) && is_wanted(t, i, name))
			return &t->sym[i];
		if (h & 1)
			return NULL;
	}
}

static void *address_of(const struct link_map *map, const ElfW(Sym) * sym)
{
	uintptr_t p = map->l_addr + sym->st_value;

	if (ELF64_ST_TYPE(sym->st_info) == STT_GNU_IFUNC)
		p = ((uintptr_t(*)(void))p)();
	return (void *)p;
}

static const struct link_map *first_map(void)
{
	if (&tf_glibc_debug)
		return tf_glibc_debug.r_map;
	if (&tf_musl_debug && tf_musl_debug)
		return tf_musl_debug->r_map;
	return NULL;
}

void *tf_rt_real(const char *name)
{
	uint32_t hash = hash_of(name);
	int is_after_us = 0;

	for (const struct link_map *map = first_map(); map; map = map->l_next) {
		struct tables t;

		if (map->l_ld == tf_own_dynamic) {
			is_after_us = 1;
			continue;
		}
		if (!is_after_us || !read_tables(map, &t))
			continue;
		const ElfW(Sym) *sym = look_up(&t, name, hash);
		if (sym)
			return address_of(map, sym);
	}
	return NULL;
}
