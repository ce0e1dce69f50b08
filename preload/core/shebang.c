/*
 * The "#!" line. See shebang.h; the rules are those of the kernel's fs/binfmt_script.c.
 */
#include "shebang.h"

#include <errno.h>
#include <string.h>

static int is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && is_blank(*p))
		p++;
	return p;
}

int tf_shebang_parse(const char *head, size_t size, struct tf_shebang *ret)
{
	if (size < 2 || head[0] != '#' || head[1] != '!')
		return -ENOENT;
	if (size > TF_SHEBANG_MAX - 1)
		size = TF_SHEBANG_MAX - 1;

	const char *end = memchr(head, '\n', size);
	int is_cut = end == NULL && size == TF_SHEBANG_MAX - 1;
	if (!end)
		end = head + size;
	/* A NUL ends the line as well: the file may be shorter than the kernel's buffer. */
	const char *nul = memchr(head, '\0', (size_t)(end - head));
	if (nul) {
		end = nul;
		is_cut = 0;
	}
	while (end > head + 2 && is_blank(end[-1]))
		end--;

	const char *interp = skip_blanks(head + 2, end);
	if (interp == end)
		return -ENOEXEC;
	const char *p = interp;
	while (p < end && !is_blank(*p))
		p++;
	/* Without a line end in the buffer the name itself might be cut: refused since Linux 5.1. */
	if (is_cut && p == end)
		return -ENOEXEC;
	const char *arg = skip_blanks(p, end);

	memcpy(ret->interp, interp, (size_t)(p - interp));
	ret->interp[p - interp] = '\0';
	memcpy(ret->arg, arg, (size_t)(end - arg));
	ret->arg[end - arg] = '\0';
	return 0;
}
