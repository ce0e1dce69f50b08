/*
 * The nearest known word. See suggest.h.
 */
#include "suggest.h"

#include <stddef.h>
#include <string.h>

static unsigned int min(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* Optimal string alignment: Levenshtein with neighbours swapped; three rows are enough. */
unsigned int tf_suggest_distance(const char *a, const char *b)
{
	unsigned int row[3][TF_SUGGEST_MAX + 1];
	size_t na = strlen(a), nb = strlen(b);

	if (na > TF_SUGGEST_MAX || nb > TF_SUGGEST_MAX)
		return TF_SUGGEST_MAX;
	for (unsigned int j = 0; j <= nb; j++)
		row[0][j] = j;
	for (unsigned int i = 1; i <= na; i++) {
		unsigned int *now = row[i % 3], *last = row[(i + 2) % 3],
		             *before = row[(i + 1) % 3];

		now[0] = i;
		for (unsigned int j = 1; j <= nb; j++) {
			unsigned int cost = a[i - 1] != b[j - 1];

			now[j] = min(min(last[j], now[j - 1]) + 1, last[j - 1] + cost);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = min(now[j], before[j - 2] + 1);
		}
	}
	return row[na % 3][nb];
}

const char *tf_suggest(const char *word, const char *(*name)(unsigned int i), unsigned int n)
{
	size_t len = strlen(word);
	unsigned int best = (unsigned int)(len < 3 ? 0 : len < 6 ? 1 : len / 3), begins = 0;
	const char *found = NULL, *completed = NULL;

	if (len == 0 || len > TF_SUGGEST_MAX)
		return NULL;
	for (unsigned int i = 0; i < n; i++) {
		const char *known = name(i);
		unsigned int d;

		if (!known)
			continue;
		d = tf_suggest_distance(word, known);
		if (d < best || (d == best && !found && best)) {
			best = d;
			found = known;
		}
		if (len >= 2 && strncmp(known, word, len) == 0) {
			begins++;
			completed = known;
		}
	}
	return begins == 1 ? completed : found;
}
