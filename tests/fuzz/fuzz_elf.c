/*
 * tf_elf_read: any bytes.
 */
#include <errno.h>
#include <string.h>

#include "preload/core/elf.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tf_elf elf, before;

	memset(&elf, 0x5a, sizeof(elf));
	before = elf;
	int rc = tf_elf_read(data, size, &elf);
	CLAIM(rc == 0 || rc == -ENOEXEC || rc == -E2BIG);
	if (rc < 0) {
		CLAIM(memcmp(&elf, &before, sizeof(elf)) == 0);
		return 0;
	}
	CLAIM(size >= 16 && memcmp(data, "\177ELF", 4) == 0);
	CLAIM(elf.interp_size <= 4096);
	CLAIM(elf.interp_size == 0 || (elf.is_native && elf.is_executable));
	return 0;
}
