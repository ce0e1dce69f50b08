/*
 * The shipped profiles, compiled at build time and carried in turf's own file. See profile.h.
 */
#include "../base/embedded.h"
#include "profile.h"

extern const struct tf_embedded tf_profile_plans[];

const void *tf_profile_embedded(const char *name, size_t *ret_size)
{
	const struct tf_embedded *found = tf_embedded_find(tf_profile_plans, name);

	if (!found)
		return NULL;
	*ret_size = (size_t)(found->end - found->start);
	return found->start;
}
