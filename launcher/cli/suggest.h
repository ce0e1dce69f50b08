/*
 * "Did you mean": the nearest known word to one that is unknown. Pure.
 */
#ifndef TURF_CLI_SUGGEST_H
#define TURF_CLI_SUGGEST_H

/* Longer words are not compared. */
#define TF_SUGGEST_MAX 32u

/* Typing errors between two words (left out, added, changed, swapped neighbours); TF_SUGGEST_MAX when one is too long. */
unsigned int tf_suggest_distance(const char *a, const char *b);

/*
 * The best of n words for word, or NULL when none is near: at most a third of the letters wrong, or the only one
 * that begins with word. name(i) gives the words; NULL ones are passed over.
 */
const char *tf_suggest(const char *word, const char *(*name)(unsigned int i), unsigned int n);

#endif
