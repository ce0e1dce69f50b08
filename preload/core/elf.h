/*
 * Reads just enough of an ELF file to know how the kernel would start it (elf(5)).
 * Pure; every offset is checked against what was given.
 */
#ifndef TURF_CORE_ELF_H
#define TURF_CORE_ELF_H

#include <stddef.h>
#include <stdint.h>

struct tf_elf {
	int is_native;          /* 64-bit little-endian x86-64 */
	int is_executable;      /* ET_EXEC or ET_DYN */
	uint64_t interp_offset; /* of the PT_INTERP string in the file; 0 with size 0 = static */
	uint32_t interp_size;   /* with the NUL */
};

/*
 * head: the first bytes of the file (512 are enough for every linker's output; all program headers
 * have to lie within). Returns 0, -ENOEXEC (no ELF file), -E2BIG (program headers beyond head).
 */
int tf_elf_read(const void *head, size_t size, struct tf_elf *ret);

#endif
