/*
 * A JSON writer. Keeps no tree: the caller says what comes next, and closes what it opened. Keys are turf's own
 * words and are not escaped.
 */
#include "json.h"

#include <inttypes.h>
#include <string.h>

#include "log.h"

/* Long texts are escaped in pieces of this many bytes. */
#define PIECE 256

void tf_json_init(struct tf_json *json, FILE *out)
{
	json->out = out;
	json->depth = 0;
	json->has_members = 0;
}

static void line(const struct tf_json *json)
{
	fprintf(json->out, "\n%*s", (int)json->depth * 2, "");
}

/* What stands before a value: comma, new line, key. */
static void start(struct tf_json *json, const char *key)
{
	if (json->has_members)
		fputc(',', json->out);
	if (json->depth)
		line(json);
	if (key)
		fprintf(json->out, "\"%s\": ", key);
	json->has_members = 1;
}

void tf_json_open(struct tf_json *json, const char *key, char bracket)
{
	start(json, key);
	fputc(bracket, json->out);
	json->depth++;
	json->has_members = 0;
}

void tf_json_close(struct tf_json *json, char bracket)
{
	json->depth--;
	if (json->has_members)
		line(json);
	fputc(bracket, json->out);
	json->has_members = 1;
}

/* At most PIECE bytes, and no character cut in two: continuation bytes go to the next piece. */
static size_t piece_of(const char *text, size_t n)
{
	size_t cut = PIECE;

	if (n <= PIECE)
		return n;
	while (cut > PIECE - 4 && ((unsigned char)text[cut] & 0xc0) == 0x80)
		cut--;
	return cut;
}

void tf_json_text(struct tf_json *json, const char *key, const char *text)
{
	char piece[PIECE * 6 + 16]; /* "\u0001" is the longest that a byte becomes */
	size_t left;

	start(json, key);
	if (!text) {
		fputs("null", json->out);
		return;
	}
	fputc('"', json->out);
	for (left = strlen(text); left;) {
		size_t n = piece_of(text, left);

		tf_log_escape(text, n, 1, piece, sizeof(piece));
		fputs(piece, json->out);
		text += n;
		left -= n;
	}
	fputc('"', json->out);
}

void tf_json_int(struct tf_json *json, const char *key, int64_t value)
{
	start(json, key);
	fprintf(json->out, "%" PRId64, value);
}

void tf_json_bool(struct tf_json *json, const char *key, int is_true)
{
	start(json, key);
	fputs(is_true ? "true" : "false", json->out);
}

void tf_json_end(struct tf_json *json)
{
	fputc('\n', json->out);
}
