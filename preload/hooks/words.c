/*
 * wordexp over the view. libc's own expands file names and runs $(...) by internal calls. Here the guest's
 * shell expands the words, started like system()'s, and gives them back with NULs between.
 *
 * The text is checked first as POSIX wants it: no unquoted newline or |&;<>(){} outside of $(...), ${...}
 * and `...`; with WRDE_NOCMD no command at all. So nothing but expansion can happen in the shell.
 */
#include <wordexp.h>
#include "compose.h"

#pragma weak waitpid
#pragma weak posix_spawn_file_actions_init
#pragma weak posix_spawn_file_actions_destroy
#pragma weak posix_spawn_file_actions_adddup2

#define FIRST "x" /* printed before the words: an empty list differs from a failed shell */

/* ---- is it words only? ---- */

struct scan {
	const char *at;
	int flags;
	int quoted; /* inside "..." */
};

static int scan_dollar(struct scan *s);

/* To the closing single quote. */
static int scan_single(struct scan *s)
{
	for (s->at++; *s->at && *s->at != '\''; s->at++)
		;
	return *s->at ? 0 : WRDE_SYNTAX;
}

/* From "(" or "{" to its partner, over what is quoted in between. */
static int scan_group(struct scan *s, char open, char close)
{
	int depth = 0, quoted = 0, r = 0;

	for (; *s->at && r == 0; s->at++) {
		if (*s->at == '\\' && s->at[1])
			s->at++;
		else if (*s->at == '\'' && !quoted)
			r = scan_single(s);
		else if (*s->at == '"')
			quoted = !quoted;
		else if (*s->at == '`' && s->flags & WRDE_NOCMD)
			r = WRDE_CMDSUB;
		else if (*s->at == '$' && s->at[1] == '(' && s->flags & WRDE_NOCMD)
			r = scan_dollar(s);
		else if (*s->at == open && !quoted)
			depth++;
		else if (*s->at == close && !quoted && --depth == 0)
			return 0;
	}
	return r ? r : WRDE_SYNTAX;
}

/* At a '$': leaves s->at on the last character of the expansion. */
static int scan_dollar(struct scan *s)
{
	if (s->at[1] == '{') {
		s->at++;
		return scan_group(s, '{', '}');
	}
	if (s->at[1] != '(')
		return 0;
	if (s->flags & WRDE_NOCMD && s->at[2] != '(')
		return WRDE_CMDSUB;
	s->at++;
	return scan_group(s, '(', ')');
}

static int scan_backquote(struct scan *s)
{
	if (s->flags & WRDE_NOCMD)
		return WRDE_CMDSUB;
	for (s->at++; *s->at && *s->at != '`'; s->at++)
		if (*s->at == '\\' && s->at[1])
			s->at++;
	return *s->at ? 0 : WRDE_SYNTAX;
}

static int scan_char(struct scan *s)
{
	switch (*s->at) {
	case '\\':
		if (!s->at[1])
			return WRDE_SYNTAX;
		s->at++;
		return 0;
	case '"':
		s->quoted = !s->quoted;
		return 0;
	case '\'':
		return s->quoted ? 0 : scan_single(s);
	case '$':
		return scan_dollar(s);
	case '`':
		return scan_backquote(s);
	default:
		return !s->quoted && strchr("\n|&;<>(){}", *s->at) ? WRDE_BADCHAR : 0;
	}
}

static int check(const char *words, int flags)
{
	struct scan s = {words, flags, 0};

	for (; *s.at; s.at++) {
		int r = scan_char(&s);

		if (r)
			return r;
	}
	return s.quoted ? WRDE_SYNTAX : 0;
}

/*
 * A copy in which no '#' begins a comment: for wordexp(3) it is a letter. Inside quotes and expansions a '#' after a
 * blank stays as it is: found by the same scan, which has said that the words are good.
 */
static char *without_comments(const char *words)
{
	struct scan s = {words, 0, 0};
	char *copy = malloc(2 * strlen(words) + 1), *to = copy;

	if (!copy)
		return NULL;
	for (; *s.at; s.at++) {
		const char *from = s.at;
		int is_begin = from == words || from[-1] == ' ' || from[-1] == '\t';

		if (*from == '#' && is_begin && !s.quoted)
			*to++ = '\\';
		scan_char(&s);
		memcpy(to, from, (size_t)(s.at - from) + 1);
		to += s.at - from + 1;
	}
	*to = 0;
	return copy;
}

/* ---- the shell ---- */

struct bytes {
	char *at;
	size_t len, size;
};

static int read_words(struct bytes *b, int fd)
{
	for (;;) {
		long n;

		if (b->size - b->len < 4096) {
			char *at = realloc(b->at, b->size * 2 + 8192);

			if (!at)
				return -ENOMEM;
			b->at = at;
			b->size = b->size * 2 + 8192;
		}
		n = tf_sys(SYS_read, fd, b->at + b->len, b->size - b->len);
		if (n == -EINTR)
			continue;
		if (n <= 0)
			return (int)n;
		b->len += (size_t)n;
	}
}

/*
 * eval sees the words between printf and the end of the line: what they could do beyond being arguments, check() has
 * refused. $1 = words, $2 = "u" for WRDE_UNDEF.
 */
static const char script[] = "[ \"$2\" ] && set -u; eval \"printf %s\\\\\\\\0 " FIRST " $1\"";

static int start(pid_t *ret_pid, const char *words, int flags, int out)
{
	char *argv[] = {(char *)(uintptr_t) "sh",
	                (char *)(uintptr_t) "-c",
	                (char *)(uintptr_t)script,
	                (char *)(uintptr_t) "sh",
	                (char *)(uintptr_t)words,
	                (char *)(uintptr_t)(flags & WRDE_UNDEF ? "u" : ""),
	                NULL};
	posix_spawn_file_actions_t actions;
	int e = posix_spawn_file_actions_init(&actions);

	if (e)
		return e;
	e = posix_spawn_file_actions_adddup2(&actions, out, 1);
	if (!e && !(flags & WRDE_SHOWERR))
		e = posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	if (!e)
		e = posix_spawn(ret_pid, "/bin/sh", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return e;
}

/* The shell's output into b; WRDE_*. */
static int expand(const char *words, int flags, struct bytes *b)
{
	int ends[2], status = 0, e;
	pid_t pid;

	if (tf_sys(SYS_pipe2, ends, O_CLOEXEC) < 0)
		return WRDE_NOSPACE;
	e = start(&pid, words, flags, ends[1]);
	tf_sys(SYS_close, ends[1]);
	if (!e)
		e = -read_words(b, ends[0]);
	tf_sys(SYS_close, ends[0]);
	if (e)
		return WRDE_NOSPACE;
	while (waitpid(pid, &status, 0) < 0 && tf_rt_errno() == EINTR)
		;
	if (status == 0 && b->len >= sizeof(FIRST) && b->at[b->len - 1] == 0)
		return 0;
	return flags & WRDE_UNDEF ? WRDE_BADVAL : WRDE_SYNTAX;
}

/* ---- the result ---- */

static int deliver(const struct bytes *b, wordexp_t *we, int flags)
{
	size_t offs = flags & WRDE_DOOFFS ? we->we_offs : 0;
	size_t old = flags & WRDE_APPEND ? we->we_wordc : 0, n = 0;
	char **v;

	for (size_t i = sizeof(FIRST); i < b->len; i++)
		n += b->at[i] == 0;
	v = realloc(flags & WRDE_APPEND ? we->we_wordv : NULL, (offs + old + n + 1) * sizeof(*v));
	if (!v)
		return WRDE_NOSPACE;
	we->we_wordv = v;
	for (size_t i = 0; i < offs; i++)
		v[i] = NULL;
	v[offs + old] = NULL;
	we->we_wordc = old;
	for (size_t i = sizeof(FIRST); i < b->len;) {
		size_t len = strlen(b->at + i) + 1;
		char *word = malloc(len);

		if (!word)
			return WRDE_NOSPACE;
		memcpy(word, b->at + i, len);
		v[offs + we->we_wordc++] = word;
		v[offs + we->we_wordc] = NULL;
		i += len;
	}
	return 0;
}

TF_EXPORT int wordexp(const char *words, wordexp_t *we, int flags)
{
	struct bytes b = {NULL, 0, 0};
	char *copy;
	int r;

	if (!tf_rt_view())
		return TF_REAL(wordexp)(words, we, flags);
	r = check(words, flags);
	if (r)
		return r;
	if (flags & WRDE_REUSE && !(flags & WRDE_APPEND))
		TF_REAL(wordfree)(we); /* the strings are malloc's on both sides */
	if (!(flags & WRDE_APPEND)) {
		we->we_wordc = 0;
		we->we_wordv = NULL;
		if (!(flags & WRDE_DOOFFS))
			we->we_offs = 0;
	}
	copy = without_comments(words);
	r = copy ? expand(copy, flags, &b) : WRDE_NOSPACE;
	free(copy);
	if (r == 0)
		r = deliver(&b, we, flags);
	free(b.at);
	return r;
}
