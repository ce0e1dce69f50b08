/*
 * The policy of the seccomp filter as data: which system call gets which answer, and on which arguments it
 * depends. Read by the generator (seccomp.c) and by the tests; nobody else decides anything from it.
 */
#ifndef TURF_KERNEL_SECCOMP_RULES_H
#define TURF_KERNEL_SECCOMP_RULES_H

#include <stdint.h>

/* What a clause is for: it counts when one of its bits is set for the run. 0 = always. */
#define TF_WHEN_NET_NONE 1u
#define TF_WHEN_NET_HOST 2u
#define TF_WHEN_NET_LIST 4u
#define TF_WHEN_UNIX 8u
#define TF_WHEN_NO_UNIX 16u
#define TF_WHEN_CONNECT_ONLY 32u

/*
 * One comparison of half an argument: (word & mask) == value, or != with is_not. word counts 32-bit halves,
 * low half first: argument n is 2n and 2n+1. The kernel reads an int from the low half alone, so the high half
 * is compared only where the call takes a pointer or a long.
 */
struct tf_seccomp_cond {
	uint8_t word;
	uint8_t is_not;
	uint32_t mask, value;
};

/* When all conditions hold, the verdict (SECCOMP_RET_*) is given; the first clause that fits wins. */
#define TF_SECCOMP_CONDS 3
struct tf_seccomp_clause {
	uint32_t when;
	uint32_t verdict;
	uint8_t nconds;
	struct tf_seccomp_cond cond[TF_SECCOMP_CONDS];
};

/* One system call, or a range of numbers. Numbers between rules are allowed. */
struct tf_seccomp_rule {
	uint32_t first, last;
	const char *name;
	uint32_t verdict; /* when no clause fits */
	const struct tf_seccomp_clause *clause;
	unsigned int nclauses;
};

/* Sorted by number, without overlap. */
extern const struct tf_seccomp_rule tf_seccomp_rules[];
extern const unsigned int tf_seccomp_nrules;

/* The highest number that turf knows; above it every call is ENOSYS. */
#define TF_SECCOMP_LAST_KNOWN 469u

#endif
