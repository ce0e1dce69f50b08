/*
 * The cache of verified prefixes. See verified.h. One word an entry, so that it needs no lock: threads and signal
 * handlers may overwrite each other's, never mix them.
 */
#include "verified.h"

#include <string.h>

#include "rt.h"

#define NENTRIES 512
#define MIX 0x9e3779b97f4a7c15u

static uint64_t entries[NENTRIES];

uint64_t tf_rt_verified_key(const char *path, size_t len, uint64_t epoch)
{
	uint64_t h = (len ^ epoch << 32) * MIX, word;

	for (; len >= 8; path += 8, len -= 8) {
		__builtin_memcpy(&word, path, 8);
		h = (h ^ word) * MIX;
		h ^= h >> 32;
	}
	for (word = 0; len; len--)
		word = word << 8 | (unsigned char)path[len - 1];
	h = (h ^ word) * MIX;
	return h ^ h >> 29;
}

/* What an entry reads while its key holds; never 0, which is an empty entry. */
static uint64_t stamped(uint64_t key)
{
	return (key + tf_rt_generation() * MIX) | 1;
}

int tf_rt_is_verified(uint64_t key)
{
	return __atomic_load_n(&entries[key % NENTRIES], __ATOMIC_RELAXED) == stamped(key);
}

void tf_rt_verified_add(uint64_t key)
{
	__atomic_store_n(&entries[key % NENTRIES], stamped(key), __ATOMIC_RELAXED);
}
