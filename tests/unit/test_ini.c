/*
 * launcher/compile/ini: INI text, strictly.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "launcher/compile/ini.h"
#include "unit.h"

static char seen[4096];

static int note(void *user, const struct tf_ini_entry *entry, struct tf_err *err)
{
	size_t n = strlen(seen);

	if (entry->key && strcmp(entry->key, "stop") == 0)
		return tf_err_set(err, TF_E_VALUE, 0, "stopped");
	if (entry->key)
		snprintf(seen + n, sizeof(seen) - n, "%u:%s.%s=%s|", entry->line, entry->section,
		         entry->key, entry->value);
	else
		snprintf(seen + n, sizeof(seen) - n, "%u:[%s]|", entry->line, entry->section);
	return 0;
}

static int read_text(const char *text, size_t n, struct tf_err *err)
{
	seen[0] = err->text[0] = '\0';
	return tf_ini_read("f", text, n, note, NULL, err);
}

static const struct {
	const char *text, *seen;
} good[] = {
        {"", ""},
        {"\n \n# c\n; c\n", ""},
        {"[a]\nk = v\n", "1:[a]|2:a.k=v|"},
        {"[a]\nk=v", "1:[a]|2:a.k=v|"},
        {"[a]\r\nk = v \t\r\n", "1:[a]|2:a.k=v|"},
        {"[a]\n[b]\nk = a = b: c;d#e\nk =\n", "1:[a]|2:[b]|3:b.k=a = b: c;d#e|4:b.k=|"},
        {"\xef\xbb\xbf[a]\nk = v\n", "1:[a]|2:a.k=v|"},
        {"k = v\n", "1:.k=v|"},
        {"[a]\nk = \"v\"\n", "1:[a]|2:a.k=\"v\"|"},
};

START_TEST(sections_and_keys_are_read_in_order)
{
	struct tf_err err;

	ck_assert_msg(read_text(good[_i].text, strlen(good[_i].text), &err) == 0, "%s", err.text);
	ck_assert_str_eq(seen, good[_i].seen);
}
END_TEST

static const struct {
	const char *text, *error;
} bad[] = {
        {"[a]\nk v\n", "f:2: this line is not \"key = value\""},
        {"[a]\nk: v\n", "f:2: this line is not \"key = value\""},
        {"[a]\nk:x = v\n", "f:2: this line is not \"key = value\""},
        {"[a]\nk = v ; c\n", "f:2: a comment needs a line of its own"},
        {"[a]\nk = v # c\n", "f:2: a comment needs a line of its own"},
        {"[a]\nk = v\n  more\n",
         "f:3: this line is indented: a value does not go on in the next line"},
        {"[a]\n k = v\n", "f:2: this line is indented: a value does not go on in the next line"},
        {"[a] x\n", "f:1: a heading is [name] with nothing behind it"},
        {"[a\n", "f:1: a heading is [name] with nothing behind it"},
        {"[\n", "f:1: a heading is [name] with nothing behind it"},
        {"[a]]\n", "f:1: a heading is [name] with nothing behind it"},
        {"[a]\n[b]\n[a]\n", "f:3: section [a] is there twice"},
        {"[a]\nk = v\x1b\n", "f:2: control characters"},
        {"[a]\n# \x01\n", "f:2: control characters"},
        {"[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]\n",
         "f:1: the heading is too long"},
        {"[a]\nstop = 1\nk = v\n", "f:2: stopped"},
};

START_TEST(what_could_hide_a_rule_is_an_error)
{
	struct tf_err err;

	ck_assert_int_lt(read_text(bad[_i].text, strlen(bad[_i].text), &err), 0);
	ck_assert_str_eq(err.text, bad[_i].error);
}
END_TEST

START_TEST(nothing_is_called_after_an_error)
{
	struct tf_err err;

	read_text("[a]\nstop = 1\nk = v\n[b]\n", 23, &err);
	ck_assert_str_eq(seen, "1:[a]|");
}
END_TEST

START_TEST(nul_bytes_are_refused)
{
	struct tf_err err;

	ck_assert_int_lt(read_text("[a]\nk = v\0w\n", 12, &err), 0);
	ck_assert_str_eq(err.text, "f: a NUL byte");
}
END_TEST

START_TEST(long_lines_are_whole_or_refused)
{
	struct tf_err err;
	char *text = malloc(20000);
	int longest = 0;

	for (int n = 100; n < 10000; n += 99) {
		int len = snprintf(text, 20000, "[a]\nk = %0*d\n", n, 1);

		if (read_text(text, (size_t)len, &err) == 0) {
			ck_assert_int_eq(longest, n == 100 ? 0 : n - 99);
			longest = n;
		} else {
			ck_assert_msg(strstr(err.text, "f:2: the line is too long") != NULL, "%s",
			              err.text);
		}
	}
	/* inih as shipped reads 200 characters, as Debian builds it as many as it is told */
	ck_assert_int_gt(longest, 100);
	ck_assert_int_lt(longest, 9999);
	free(text);
}
END_TEST

#define NELEM(a) ((int)(sizeof(a) / sizeof((a)[0])))

Suite *test_ini_suite(void)
{
	Suite *s = suite_create("ini");
	TCase *tc = tcase_create("ini");

	tcase_add_loop_test(tc, sections_and_keys_are_read_in_order, 0, NELEM(good));
	tcase_add_loop_test(tc, what_could_hide_a_rule_is_an_error, 0, NELEM(bad));
	tcase_add_test(tc, nothing_is_called_after_an_error);
	tcase_add_test(tc, nul_bytes_are_refused);
	tcase_add_test(tc, long_lines_are_whole_or_refused);
	suite_add_tcase(s, tc);
	return s;
}
