/*
 * Compiled profiles, read. See profile.h. The blob may come from a cache file that anything could have written: every
 * bound is checked, and every value goes through the same parsers as the command line's.
 */
#include "profile.h"

#include <errno.h>
#include <string.h>

struct record {
	uint16_t key, line;
	uint32_t length; /* of the text, without the NUL */
};

static int damaged(const char *name, struct tf_err *err)
{
	return tf_err_set(
	        err, TF_E_PROFILE, 0,
	        "profile %s: the compiled form is damaged; remove it from the work dir's cache",
	        name);
}

/* The record at *at, and *at moved behind it. -EINVAL when it does not fit. */
static int next_record(const char *blob, size_t size, size_t *at, struct record *ret,
                       const char **text)
{
	if (size - *at < sizeof(*ret))
		return -EINVAL;
	memcpy(ret, blob + *at, sizeof(*ret));
	*at += sizeof(*ret);
	if (ret->length >= size - *at || ret->key >= tf_nkeys)
		return -EINVAL;
	*text = blob + *at;
	if ((*text)[ret->length] != '\0' || memchr(*text, '\0', ret->length))
		return -EINVAL;
	size_t step = ((size_t)ret->length + 1 + 3) & ~(size_t)3;
	*at = step < size - *at ? *at + step : size;
	return 0;
}

int tf_profile_apply(const void *blob, size_t size, const char *name, struct tf_settings *set,
                     struct tf_err *err)
{
	struct tf_profile_head head;
	size_t at = sizeof(head);

	if (size < sizeof(head) || size > TF_PROFILE_MAX_BYTES)
		return damaged(name, err);
	memcpy(&head, blob, sizeof(head));
	if (head.magic != TF_PROFILE_MAGIC || head.bytes != size)
		return damaged(name, err);
	if (head.version != TF_PROFILE_VERSION)
		return tf_err_set(err, TF_E_PROFILE, EPROTONOSUPPORT,
		                  "profile %s: compiled for another version of turf", name);
	for (uint32_t i = 0; i < head.nrecords; i++) {
		struct record record;
		const char *text;

		if (next_record(blob, size, &at, &record, &text) < 0)
			return damaged(name, err);
		const struct tf_key *key = &tf_keys[record.key];
		enum tf_origin origin =
		        key->where & TF_KEY_PROFILE ? TF_FROM_PROFILE : TF_FROM_CONF;
		int rc = tf_settings_apply(set, key, text, origin, err);
		if (rc < 0) {
			if (err)
				err->code = TF_E_PROFILE;
			return tf_err_context(err, rc, "profile %s, line %u", name, record.line);
		}
	}
	return 0;
}
