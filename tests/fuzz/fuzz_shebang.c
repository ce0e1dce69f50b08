/*
 * tf_shebang_parse: any bytes.
 */
#include <errno.h>
#include <string.h>

#include "preload/core/shebang.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tf_shebang sb;

	memset(&sb, 0x5a, sizeof(sb));
	int rc = tf_shebang_parse((const char *)data, size, &sb);
	CLAIM(rc == 0 || rc == -ENOENT || rc == -ENOEXEC);
	int is_script = size >= 2 && data[0] == '#' && data[1] == '!';
	CLAIM((rc == -ENOENT) == !is_script);
	if (rc < 0)
		return 0;
	CLAIM(memchr(sb.interp, '\0', sizeof(sb.interp)) != NULL);
	CLAIM(memchr(sb.arg, '\0', sizeof(sb.arg)) != NULL);
	size_t interp = strlen(sb.interp), arg = strlen(sb.arg);
	CLAIM(interp > 0);
	CLAIM(interp + arg + 2 < TF_SHEBANG_MAX);
	CLAIM(strpbrk(sb.interp, " \t\n") == NULL);
	CLAIM(strchr(sb.arg, '\n') == NULL);
	CLAIM(arg == 0 || (!strchr(" \t", sb.arg[0]) && !strchr(" \t", sb.arg[arg - 1])));
	return 0;
}
