/*
 * The writer of compiled profiles. See blob.h. Little-endian by being the machine's own order (x86-64).
 */
#include "blob.h"

#include <errno.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the format is little-endian");

void tf_blob_init(struct tf_blob *blob)
{
	blob->size = sizeof(struct tf_profile_head);
	blob->nrecords = 0;
	blob->hash = 0xcbf29ce484222325u;
}

void tf_blob_hash(struct tf_blob *blob, const void *text, size_t n)
{
	const unsigned char *p = text;

	for (size_t i = 0; i < n; i++)
		blob->hash = (blob->hash ^ p[i]) * 0x100000001b3u;
}

int tf_blob_add(struct tf_blob *blob, const struct tf_key *key, unsigned int line, const char *text)
{
	size_t len = strlen(text),
	       room = (sizeof(struct tf_profile_record) + len + 1 + 3) & ~(size_t)3;
	struct tf_profile_record record = {.line = (uint16_t)line, .length = (uint32_t)len};
	unsigned char *at = blob->data + blob->size;

	if (line > UINT16_MAX || len > TF_PROFILE_MAX_BYTES ||
	    room > sizeof(blob->data) - blob->size)
		return -E2BIG;
	record.key = (uint16_t)(key - tf_keys);
	memset(at, 0, room);
	memcpy(at, &record, sizeof(record));
	memcpy(at + sizeof(record), text, len);
	blob->size += room;
	blob->nrecords++;
	return 0;
}

void tf_blob_finish(struct tf_blob *blob)
{
	const struct tf_profile_head head = {
	        .magic = TF_PROFILE_MAGIC,
	        .version = TF_PROFILE_VERSION,
	        .bytes = (uint32_t)blob->size,
	        .nrecords = blob->nrecords,
	        .source_hash = blob->hash,
	};

	memcpy(blob->data, &head, sizeof(head));
}
