/*
 * Readers of small texts that people write: sizes, durations, numbers, ports, names. Pure, no locale, the whole
 * text must fit: nothing is cut, wrapped or ignored. All return 0, -EINVAL (not of that form) or -ERANGE.
 */
#ifndef TURF_BASE_PARSE_H
#define TURF_BASE_PARSE_H

#include <stddef.h>
#include <stdint.h>

/* A sandbox's or profile's name, without the NUL. */
#define TF_NAME_MAX 64

/* Decimal digits only (no sign, no space): 0 .. max. */
int tf_parse_uint(const char *text, uint64_t max, uint64_t *ret);

/* Bytes: "512", "64m", "1.5GiB", "2gb", "100b". Units are powers of 1024, as docker and podman read them. */
int tf_parse_size(const char *text, uint64_t *ret_bytes);

/* Milliseconds: "100ms", "1.5s", "2m", "1h30m", "1d"; a bare number is seconds. */
int tf_parse_duration(const char *text, uint64_t *ret_ms);

/* "443" or "8000-8010": 0 .. 65535, first <= last. */
int tf_parse_ports(const char *text, uint16_t *ret_first, uint16_t *ret_last);

/* yes no true false on off 1 0. */
int tf_parse_bool(const char *text, int *ret);

/* [A-Za-z0-9_+-][A-Za-z0-9_+.-]*, at most TF_NAME_MAX, no leading "-" (it would read as an option). */
int tf_parse_name(const char *text);

/* The index of text in a table of n words, or -EINVAL. */
int tf_parse_word(const char *text, const char *const *words, unsigned int n);

/* All of words as "a, b, c" into buf (cut when too long), for messages. Returns buf. */
const char *tf_parse_list_words(const char *const *words, unsigned int n, char *buf, size_t size);

#endif
