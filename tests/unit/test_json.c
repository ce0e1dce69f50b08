/*
 * The JSON writer: form, escapes, long texts.
 */
#include <stdlib.h>
#include <string.h>

#include "launcher/base/json.h"
#include "unit.h"

static char *text;
static size_t size;
static struct tf_json json;

static void begin(void)
{
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	tf_json_init(&json, out);
}

static void end(void)
{
	tf_json_end(&json);
	fclose(json.out);
}

START_TEST(members_and_lists_are_separated)
{
	begin();
	tf_json_open(&json, NULL, '{');
	tf_json_text(&json, "a", "b");
	tf_json_open(&json, "list", '[');
	tf_json_int(&json, NULL, -1);
	tf_json_int(&json, NULL, INT64_MAX);
	tf_json_close(&json, ']');
	tf_json_open(&json, "empty", '{');
	tf_json_close(&json, '}');
	tf_json_bool(&json, "yes", 2);
	tf_json_text(&json, "no", NULL);
	tf_json_close(&json, '}');
	end();
	ck_assert_str_eq(text, "{\n"
	                       "  \"a\": \"b\",\n"
	                       "  \"list\": [\n"
	                       "    -1,\n"
	                       "    9223372036854775807\n"
	                       "  ],\n"
	                       "  \"empty\": {},\n"
	                       "  \"yes\": true,\n"
	                       "  \"no\": null\n"
	                       "}\n");
	free(text);
}
END_TEST

START_TEST(texts_are_escaped)
{
	begin();
	tf_json_text(&json, NULL, "a\"\\\n\x1b[31m\x7f\xff\xc3\xa4");
	end();
	ck_assert_str_eq(text, "\"a\\\"\\\\\\u000a\\u001b[31m\\u007f\\ufffd\xc3\xa4\"\n");
	free(text);
}
END_TEST

/* Pieces are cut between characters, wherever those begin. */
START_TEST(long_texts_are_whole)
{
	char in[4096];

	for (size_t shift = 0; shift < 5; shift++) {
		size_t n = shift;

		memset(in, 'x', shift);
		for (; n + 3 < sizeof(in); n += 3)
			memcpy(in + n, "\xe2\x82\xac", 3);
		in[n] = '\0';
		begin();
		tf_json_text(&json, NULL, in);
		end();
		ck_assert_uint_eq(size, n + 3);
		ck_assert_msg(!memcmp(text + 1, in, n), "shift %zu", shift);
		free(text);
	}
	/* the most that a byte can grow to */
	memset(in, 1, sizeof(in) - 1);
	in[sizeof(in) - 1] = '\0';
	begin();
	tf_json_text(&json, NULL, in);
	end();
	ck_assert_uint_eq(size, (sizeof(in) - 1) * 6 + 3);
	ck_assert_ptr_null(strstr(text, "..."));
	free(text);
}
END_TEST

Suite *test_json_suite(void)
{
	Suite *suite = suite_create("json");
	TCase *tcase = tcase_create("writer");

	tcase_add_test(tcase, members_and_lists_are_separated);
	tcase_add_test(tcase, texts_are_escaped);
	tcase_add_test(tcase, long_texts_are_whole);
	suite_add_tcase(suite, tcase);
	return suite;
}
