/*
 * Writes one JSON document to a stream, indented, in the order of the calls. Texts are escaped (bytes that are
 * no UTF-8 become U+FFFD), so that what comes out always parses. Errors of the stream are the caller's to see (ferror).
 */
#ifndef TURF_BASE_JSON_H
#define TURF_BASE_JSON_H

#include <stdint.h>
#include <stdio.h>

struct tf_json {
	FILE *out;
	unsigned int depth;
	int has_members; /* of the object or list that is open */
};

void tf_json_init(struct tf_json *json, FILE *out);

/* key: the member's name, NULL in a list and for the document itself. */
void tf_json_open(struct tf_json *json, const char *key, char bracket);     /* '{' or '[' */
void tf_json_close(struct tf_json *json, char bracket);                     /* '}' or ']' */
void tf_json_text(struct tf_json *json, const char *key, const char *text); /* NULL = null */
void tf_json_int(struct tf_json *json, const char *key, int64_t value);
void tf_json_bool(struct tf_json *json, const char *key, int is_true);

/* Ends the document: a newline. */
void tf_json_end(struct tf_json *json);

#endif
