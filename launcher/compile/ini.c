/*
 * INI text, strictly. See ini.h. inih cuts comments and long lines, joins indented lines, passes over what follows
 * "]" and takes ":" for "=": in a policy each of these could hide a rule, so each line is looked at before inih gets it.
 */
#include "ini.h"

#include <errno.h>
#include <ini.h>
#include <string.h>

/* inih as Debian builds it can be told its longest line; elsewhere 200 stays (and is said, see next_line()). */
extern int ini_max_line __attribute__((weak));
#define LONGEST_LINE 8192

#define MAX_SECTION 48

struct reading {
	const char *file, *text, *end;
	unsigned int line;
	int rc;
	struct tf_err *err;
	int (*entry)(void *user, const struct tf_ini_entry *entry, struct tf_err *err);
	void *user;
	char seen[TF_INI_MAX_SECTIONS][MAX_SECTION];
	unsigned int nseen;
};

static int is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Says what is wrong with the line that is being read. */
static int complain(struct reading *r, const char *what)
{
	return tf_err_set(r->err, TF_E_PROFILE, 0, "%s", what);
}

/* A heading: known once, nothing behind it. */
static int check_heading(struct reading *r, const char *line, size_t n)
{
	struct tf_ini_entry entry = {.line = r->line};
	char *name;

	if (line[n - 1] != ']' || memchr(line, ']', n) != line + n - 1)
		return complain(r, "a heading is [name] with nothing behind it");
	if (n - 2 >= MAX_SECTION)
		return complain(r, "the heading is too long");
	if (r->nseen == TF_INI_MAX_SECTIONS)
		return complain(r, "too many sections");
	name = r->seen[r->nseen];
	memcpy(name, line + 1, n - 2);
	name[n - 2] = '\0';
	for (unsigned int i = 0; i < r->nseen; i++)
		if (strcmp(r->seen[i], name) == 0)
			return tf_err_set(r->err, TF_E_PROFILE, 0, "section [%s] is there twice",
			                  name);
	r->nseen++;
	entry.section = name;
	return r->entry(r->user, &entry, r->err);
}

/* "key = value": "=" first, no comment that would be cut off. */
static int check_pair(struct reading *r, const char *line, size_t n)
{
	size_t key = 0;

	while (key < n && line[key] != '=' && line[key] != ':')
		key++;
	if (key == n || line[key] != '=')
		return complain(r, "this line is not \"key = value\"");
	for (size_t i = 1; i < n; i++)
		if ((line[i] == ';' || line[i] == '#') && is_blank(line[i - 1]))
			return complain(r, "a comment needs a line of its own");
	return 0;
}

static int check_line(struct reading *r, const char *line, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (((unsigned char)line[i] < ' ' && !is_blank(line[i])) || line[i] == 0x7f)
			return complain(r, "control characters");
	while (n && is_blank(line[n - 1]))
		n--;
	if (n == 0 || line[0] == '#' || line[0] == ';')
		return 0;
	if (is_blank(line[0]))
		return complain(r,
		                "this line is indented: a value does not go on in the next line");
	return line[0] == '[' ? check_heading(r, line, n) : check_pair(r, line, n);
}

/* inih's fgets(): num is what it has room for. */
static char *next_line(char *str, int num, void *user)
{
	struct reading *r = user;
	const char *end;
	size_t n;

	if (r->rc < 0 || r->text == r->end)
		return NULL;
	r->line++;
	end = memchr(r->text, '\n', (size_t)(r->end - r->text));
	n = (size_t)((end ? end : r->end) - r->text);
	if (n + 2 > (size_t)num)
		r->rc = tf_err_set(r->err, TF_E_PROFILE, 0,
		                   "the line is too long (at most %d characters)", num - 2);
	else
		r->rc = check_line(r, r->text, n);
	if (r->rc < 0)
		return NULL;
	memcpy(str, r->text, n);
	str[n] = '\n';
	str[n + 1] = '\0';
	r->text += end ? n + 1 : n;
	return str;
}

static int take_pair(void *user, const char *section, const char *name, const char *value)
{
	struct reading *r = user;
	const struct tf_ini_entry entry = {
	        .section = section, .key = name, .value = value, .line = r->line};

	if (r->rc == 0)
		r->rc = r->entry(r->user, &entry, r->err);
	return r->rc == 0;
}

int tf_ini_read(const char *file, const char *text, size_t n,
                int (*entry)(void *user, const struct tf_ini_entry *entry, struct tf_err *err),
                void *user, struct tf_err *err)
{
	struct reading r = {.file = file,
	                    .text = text,
	                    .end = text + n,
	                    .err = err,
	                    .entry = entry,
	                    .user = user};
	int bad_line;

	if (memchr(text, '\0', n))
		return tf_err_set(err, TF_E_PROFILE, 0, "%s: a NUL byte", file);
	if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		r.text += 3;
	if (&ini_max_line)
		ini_max_line = LONGEST_LINE;
	bad_line = ini_parse_stream(next_line, &r, take_pair, &r);
	if (r.rc < 0)
		return tf_err_context(err, r.rc, "%s:%u", file, r.line);
	if (bad_line < 0)
		return tf_err_set(err, TF_E_SYSTEM, ENOMEM, "%s", file);
	if (bad_line > 0)
		return tf_err_set(err, TF_E_PROFILE, 0, "%s:%d: this line cannot be read", file,
		                  bad_line);
	return 0;
}
