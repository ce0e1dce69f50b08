/*
 * The "#!" line as the kernel reads it (execve(2), fs/binfmt_script.c of Linux 5.1+): interpreter and
 * at most one argument, which runs to the end of the line; at most 255 bytes. Pure.
 */
#ifndef TURF_CORE_SHEBANG_H
#define TURF_CORE_SHEBANG_H

#include <stddef.h>

#define TF_SHEBANG_MAX 256 /* BINPRM_BUF_SIZE */

struct tf_shebang {
	char interp[TF_SHEBANG_MAX];
	char arg[TF_SHEBANG_MAX]; /* "" = none */
};

/*
 * head: the file's first bytes. Returns 0, -ENOENT (does not begin with "#!"), -ENOEXEC (no
 * interpreter named, or cut off in the middle of its name).
 */
int tf_shebang_parse(const char *head, size_t size, struct tf_shebang *ret);

#endif
