/*
 * ELF head reader. See elf.h.
 */
#include "elf.h"

#include <elf.h>
#include <errno.h>
#include <string.h>

static int read_interp(const unsigned char *head, size_t size, const Elf64_Ehdr *eh,
                       struct tf_elf *elf)
{
	if (eh->e_phentsize != sizeof(Elf64_Phdr))
		return -ENOEXEC;
	if (eh->e_phoff > size || (size - eh->e_phoff) / sizeof(Elf64_Phdr) < eh->e_phnum)
		return -E2BIG;
	for (unsigned int i = 0; i < eh->e_phnum; i++) {
		Elf64_Phdr ph;

		memcpy(&ph, head + eh->e_phoff + i * sizeof(ph), sizeof(ph));
		if (ph.p_type != PT_INTERP)
			continue;
		if (ph.p_filesz < 2 || ph.p_filesz > 4096)
			return -ENOEXEC;
		elf->interp_offset = ph.p_offset;
		elf->interp_size = (uint32_t)ph.p_filesz;
		break;
	}
	return 0;
}

int tf_elf_read(const void *head, size_t size, struct tf_elf *ret)
{
	struct tf_elf elf = {0};
	Elf64_Ehdr eh;
	int rc;

	if (size < EI_NIDENT || memcmp(head, ELFMAG, SELFMAG) != 0)
		return -ENOEXEC;
	memcpy(&eh, head, size < sizeof(eh) ? EI_NIDENT : sizeof(eh));
	if (eh.e_ident[EI_CLASS] != ELFCLASS64 || eh.e_ident[EI_DATA] != ELFDATA2LSB) {
		*ret = elf; /* an ELF file, but of another class: the caller says so */
		return 0;
	}
	if (size < sizeof(eh))
		return -ENOEXEC;
	elf.is_native = eh.e_machine == EM_X86_64;
	elf.is_executable = eh.e_type == ET_EXEC || eh.e_type == ET_DYN;
	if (elf.is_native && elf.is_executable) {
		rc = read_interp(head, size, &eh, &elf);
		if (rc < 0)
			return rc;
	}
	*ret = elf;
	return 0;
}
