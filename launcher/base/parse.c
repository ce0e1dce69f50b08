/*
 * Readers of small texts. See parse.h. Integer arithmetic only: "1.5g" is exact, and strtoull's signs, spaces,
 * bases and silent wrap of "-1" are kept out.
 */
#include "parse.h"

#include <errno.h>
#include <string.h>

#define MAX_FRACTION 9 /* digits after the point */

struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit sizes[] = {
        {"", 1},           {"b", 1},          {"k", 1ull << 10},
        {"m", 1ull << 20}, {"g", 1ull << 30}, {"t", 1ull << 40},
};
static const struct unit times[] = {
        {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000},
};

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* ASCII only: toupper() follows the locale (Turkish i). */
static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Digits at *p into *ret, *p behind them. */
static int read_digits(const char **p, uint64_t *ret)
{
	const char *start = *p;
	uint64_t value = 0;

	for (; is_digit(**p); (*p)++) {
		if (__builtin_mul_overflow(value, 10u, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(**p - '0'), &value))
			return -ERANGE;
	}
	if (*p == start)
		return -EINVAL;
	*ret = value;
	return 0;
}

int tf_parse_uint(const char *text, uint64_t max, uint64_t *ret)
{
	uint64_t value;
	int rc = read_digits(&text, &value);

	if (rc < 0)
		return rc;
	if (*text)
		return -EINVAL;
	if (value > max)
		return -ERANGE;
	*ret = value;
	return 0;
}

/* A number with an optional fraction: whole + part / scale. */
struct decimal {
	uint64_t whole, part, scale;
};

static int read_decimal(const char **p, struct decimal *ret)
{
	const char *start;
	int rc = read_digits(p, &ret->whole);

	ret->part = 0;
	ret->scale = 1;
	if (rc < 0 || **p != '.')
		return rc;
	start = ++*p;
	rc = read_digits(p, &ret->part);
	if (rc < 0)
		return rc;
	if (*p - start > MAX_FRACTION)
		return -ERANGE;
	for (const char *q = start; q < *p; q++)
		ret->scale *= 10;
	return 0;
}

/* whole * factor + part * factor / scale; part < 10^9 and factor <= 2^40 need more than 64 bits between. */
static int scale_decimal(const struct decimal *d, uint64_t factor, uint64_t *ret)
{
	uint64_t value, part = (uint64_t)((unsigned __int128)d->part * factor / d->scale);

	if (__builtin_mul_overflow(d->whole, factor, &value) ||
	    __builtin_add_overflow(value, part, &value))
		return -ERANGE;
	*ret = value;
	return 0;
}

int tf_parse_size(const char *text, uint64_t *ret_bytes)
{
	struct decimal d;
	char unit[4] = {0};
	size_t n;
	int rc = read_decimal(&text, &d);

	if (rc < 0)
		return rc;
	n = strlen(text);
	if (n >= sizeof(unit))
		return -EINVAL;
	for (size_t i = 0; i < n; i++)
		unit[i] = lower(text[i]);
	/* "mib" and "mb" are "m" */
	if (n >= 2 && unit[0] != 'b' && unit[n - 1] == 'b')
		unit[--n] = '\0';
	if (n == 2 && unit[1] == 'i' && lower(text[2]) == 'b')
		unit[--n] = '\0';
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		if (strcmp(unit, sizes[i].name) != 0)
			continue;
		if (sizes[i].factor == 1 && d.scale != 1)
			return -EINVAL; /* half a byte */
		return scale_decimal(&d, sizes[i].factor, ret_bytes);
	}
	return -EINVAL;
}

/* The unit at *p (letters only), *p behind it; the longest match is the whole run of letters. */
static const struct unit *read_time_unit(const char **p)
{
	size_t n = 0;

	while ((*p)[n] >= 'a' && (*p)[n] <= 'z')
		n++;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		if (strlen(times[i].name) == n && strncmp(*p, times[i].name, n) == 0) {
			*p += n;
			return &times[i];
		}
	}
	return NULL;
}

int tf_parse_duration(const char *text, uint64_t *ret_ms)
{
	uint64_t total = 0, smallest = UINT64_MAX, value;
	const char *p = text;
	int rc;

	do {
		struct decimal d;
		const struct unit *unit = &times[1];

		rc = read_decimal(&p, &d);
		if (rc < 0)
			return rc;
		/* without a unit only as the whole text: "1h30" would be a guess */
		if (*p || smallest != UINT64_MAX)
			unit = read_time_unit(&p);
		if (!unit || unit->factor >= smallest)
			return -EINVAL;
		smallest = unit->factor;
		rc = scale_decimal(&d, unit->factor, &value);
		if (rc < 0 || __builtin_add_overflow(total, value, &total))
			return -ERANGE;
		/* "0.0001s" is not "no limit" */
		if (value == 0 && (d.whole || d.part))
			return -ERANGE;
	} while (*p);
	*ret_ms = total;
	return 0;
}

int tf_parse_ports(const char *text, uint16_t *ret_first, uint16_t *ret_last)
{
	uint64_t first, last;
	int rc = read_digits(&text, &first);

	if (rc < 0)
		return rc;
	last = first;
	if (*text == '-') {
		text++;
		rc = read_digits(&text, &last);
		if (rc < 0)
			return rc;
	}
	if (*text)
		return -EINVAL;
	if (first > 65535 || last > 65535 || first > last)
		return -ERANGE;
	*ret_first = (uint16_t)first;
	*ret_last = (uint16_t)last;
	return 0;
}

int tf_parse_bool(const char *text, int *ret)
{
	static const char *const words[] = {"no", "yes", "false", "true", "off", "on", "0", "1"};
	int i = tf_parse_word(text, words, sizeof(words) / sizeof(words[0]));

	if (i < 0)
		return i;
	*ret = i & 1;
	return 0;
}

int tf_parse_name(const char *text)
{
	size_t i = 0;

	for (; text[i]; i++) {
		char c = lower(text[i]);

		if (i >= TF_NAME_MAX)
			return -ERANGE;
		if ((c >= 'a' && c <= 'z') || is_digit(c) || c == '_' || c == '+')
			continue;
		/* no leading "." (hidden, "..") nor "-" (an option) */
		if (i == 0 || (c != '.' && c != '-'))
			return -EINVAL;
	}
	return i ? 0 : -EINVAL;
}

int tf_parse_word(const char *text, const char *const *words, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (strcmp(text, words[i]) == 0)
			return (int)i;
	return -EINVAL;
}

const char *tf_parse_list_words(const char *const *words, unsigned int n, char *buf, size_t size)
{
	size_t len = 0;

	buf[0] = '\0';
	for (unsigned int i = 0; i < n; i++) {
		size_t k = strlen(words[i]), sep = i ? 2 : 0;

		if (len + sep + k >= size)
			break;
		memcpy(buf + len, ", ", sep);
		memcpy(buf + len + sep, words[i], k + 1);
		len += sep + k;
	}
	return buf;
}
