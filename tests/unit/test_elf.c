/*
 * preload/core/elf: what the kernel would do with an ELF file, from its first bytes.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "preload/core/elf.h"
#include "unit.h"

struct file {
	Elf64_Ehdr eh;
	Elf64_Phdr ph[4];
	char interp[32];
};

static struct file make_file(void)
{
	struct file f = {
	        .eh = {.e_type = ET_DYN,
	               .e_machine = EM_X86_64,
	               .e_version = EV_CURRENT,
	               .e_phoff = offsetof(struct file, ph),
	               .e_ehsize = sizeof(Elf64_Ehdr),
	               .e_phentsize = sizeof(Elf64_Phdr),
	               .e_phnum = 3},
	        .ph = {{.p_type = PT_PHDR},
	               {.p_type = PT_INTERP,
	                .p_offset = offsetof(struct file, interp),
	                .p_filesz = 28},
	               {.p_type = PT_LOAD}},
	        .interp = "/lib64/ld-linux-x86-64.so.2",
	};

	memcpy(f.eh.e_ident, ELFMAG, SELFMAG);
	f.eh.e_ident[EI_CLASS] = ELFCLASS64;
	f.eh.e_ident[EI_DATA] = ELFDATA2LSB;
	f.eh.e_ident[EI_VERSION] = EV_CURRENT;
	return f;
}

START_TEST(a_dynamic_program_names_its_interpreter)
{
	struct file f = make_file();
	struct tf_elf elf;

	ck_assert_int_eq(tf_elf_read(&f, sizeof(f), &elf), 0);
	ck_assert_int_eq(elf.is_native, 1);
	ck_assert_int_eq(elf.is_executable, 1);
	ck_assert_uint_eq(elf.interp_size, 28);
	ck_assert_str_eq((const char *)&f + elf.interp_offset, "/lib64/ld-linux-x86-64.so.2");
}
END_TEST

START_TEST(a_static_program_has_none)
{
	struct file f = make_file();
	struct tf_elf elf;

	f.ph[1].p_type = PT_NOTE;
	f.eh.e_type = ET_EXEC;
	ck_assert_int_eq(tf_elf_read(&f, sizeof(f), &elf), 0);
	ck_assert_int_eq(elf.is_executable, 1);
	ck_assert_uint_eq(elf.interp_size, 0);
	ck_assert_uint_eq(elf.interp_offset, 0);
}
END_TEST

START_TEST(other_files_are_not_ELF)
{
	struct tf_elf elf;

	ck_assert_int_eq(tf_elf_read("#!/bin/sh\n.........", 18, &elf), -ENOEXEC);
	ck_assert_int_eq(tf_elf_read("", 0, &elf), -ENOEXEC);
	ck_assert_int_eq(tf_elf_read("\177ELF", 4, &elf), -ENOEXEC);
}
END_TEST

START_TEST(foreign_machines_are_not_native)
{
	struct file f = make_file();
	struct tf_elf elf;

	f.eh.e_machine = EM_AARCH64;
	ck_assert_int_eq(tf_elf_read(&f, sizeof(f), &elf), 0);
	ck_assert_int_eq(elf.is_native, 0);
	f = make_file();
	f.eh.e_ident[EI_CLASS] = ELFCLASS32;
	f.eh.e_machine = EM_386;
	ck_assert_int_eq(tf_elf_read(&f, sizeof(f), &elf), 0);
	ck_assert_int_eq(elf.is_native, 0);
	/* x32: the right machine, the wrong class */
	f.eh.e_machine = EM_X86_64;
	ck_assert_int_eq(tf_elf_read(&f, sizeof(f), &elf), 0);
	ck_assert_int_eq(elf.is_native, 0);
	f = make_file();
	f.eh.e_ident[EI_DATA] = ELFDATA2MSB;
	ck_assert_int_eq(tf_elf_read(&f, sizeof(f), &elf), 0);
	ck_assert_int_eq(elf.is_native, 0);
}
END_TEST

START_TEST(objects_and_cores_are_not_executable)
{
	struct file f = make_file();
	struct tf_elf elf;

	f.eh.e_type = ET_REL;
	ck_assert_int_eq(tf_elf_read(&f, sizeof(f), &elf), 0);
	ck_assert_int_eq(elf.is_executable, 0);
	f.eh.e_type = ET_CORE;
	ck_assert_int_eq(tf_elf_read(&f, sizeof(f), &elf), 0);
	ck_assert_int_eq(elf.is_executable, 0);
}
END_TEST

START_TEST(program_headers_beyond_what_was_read_are_said_so)
{
	struct file f = make_file();
	struct tf_elf elf;

	ck_assert_int_eq(tf_elf_read(&f, sizeof(f.eh) + sizeof(f.ph[0]), &elf), -E2BIG);
	f.eh.e_phoff = UINT64_MAX - 8;
	ck_assert_int_eq(tf_elf_read(&f, sizeof(f), &elf), -E2BIG);
	f = make_file();
	f.eh.e_phnum = UINT16_MAX;
	ck_assert_int_eq(tf_elf_read(&f, sizeof(f), &elf), -E2BIG);
}
END_TEST

START_TEST(odd_program_headers_are_refused)
{
	struct file f = make_file();
	struct tf_elf elf;

	f.eh.e_phentsize = 32;
	ck_assert_int_eq(tf_elf_read(&f, sizeof(f), &elf), -ENOEXEC);
	f = make_file();
	f.ph[1].p_filesz = 1;
	ck_assert_int_eq(tf_elf_read(&f, sizeof(f), &elf), -ENOEXEC);
	f.ph[1].p_filesz = 1u << 20;
	ck_assert_int_eq(tf_elf_read(&f, sizeof(f), &elf), -ENOEXEC);
}
END_TEST

START_TEST(every_cut_of_the_head_is_survived)
{
	struct file f = make_file();
	struct tf_elf elf;

	for (size_t size = 0; size < offsetof(struct file, ph) + 3 * sizeof(Elf64_Phdr); size++) {
		int rc = tf_elf_read(&f, size, &elf);
		ck_assert_msg(rc == -ENOEXEC || rc == -E2BIG, "size %zu: %d", size, rc);
	}
}
END_TEST

START_TEST(this_program_is_read_right)
{
	char head[1024]; /* ld's usual 13 program headers end at 792 */
	struct tf_elf elf;
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	ssize_t n = read(fd, head, sizeof(head));
	close(fd);
	ck_assert_int_eq((int)n, (int)sizeof(head));
	ck_assert_int_eq(tf_elf_read(head, sizeof(head), &elf), 0);
	ck_assert_int_eq(elf.is_native, 1);
	ck_assert_int_eq(elf.is_executable, 1);
}
END_TEST

Suite *test_elf_suite(void)
{
	Suite *suite = suite_create("elf");
	TCase *tc = tcase_create("elf");

	tcase_add_test(tc, a_dynamic_program_names_its_interpreter);
	tcase_add_test(tc, a_static_program_has_none);
	tcase_add_test(tc, other_files_are_not_ELF);
	tcase_add_test(tc, foreign_machines_are_not_native);
	tcase_add_test(tc, objects_and_cores_are_not_executable);
	tcase_add_test(tc, program_headers_beyond_what_was_read_are_said_so);
	tcase_add_test(tc, odd_program_headers_are_refused);
	tcase_add_test(tc, every_cut_of_the_head_is_survived);
	tcase_add_test(tc, this_program_is_read_right);
	suite_add_tcase(suite, tc);
	return suite;
}
