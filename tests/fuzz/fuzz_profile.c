/*
 * tf_profile_apply: a compiled profile is only a file in a cache that anybody may have written. Input: 'R', then
 * records {u8 key, u8 line, u8 length, text} that get a good head; anything else is the blob itself.
 */
#include <errno.h>
#include <string.h>

#include "launcher/plan/profile.h"
#include "fuzz.h"

static _Alignas(8) uint8_t blob[64 << 10];

static size_t put_records(const uint8_t *data, size_t size)
{
	struct tf_profile_head head = {.magic = TF_PROFILE_MAGIC, .version = TF_PROFILE_VERSION};
	size_t at = sizeof(head);

	while (size >= 3 && at + 8 + 255 + 4 < sizeof(blob)) {
		uint16_t key = data[0], line = data[1];
		uint32_t n = data[2];

		if (n > size - 3)
			n = (uint32_t)size - 3;
		memcpy(blob + at, &key, 2);
		memcpy(blob + at + 2, &line, 2);
		memcpy(blob + at + 4, &n, 4);
		memcpy(blob + at + 8, data + 3, n);
		memset(blob + at + 8 + n, 0, 4);
		at += (8 + n + 1 + 3) / 4 * 4;
		data += 3 + n;
		size -= 3 + n;
		head.nrecords++;
	}
	head.bytes = (uint32_t)at;
	memcpy(blob, &head, sizeof(head));
	return at;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct tf_settings set;
	struct tf_err err = {.code = TF_E_NONE};
	size_t n = size < sizeof(blob) ? size : sizeof(blob);

	if (size && data[0] == 'R')
		n = put_records(data + 1, size - 1);
	else
		memcpy(blob, data, n);
	setenv("HOME", "/home/fuzz", 1);
	tf_settings_init(&set);
	int rc = tf_profile_apply(blob, n, "profile fuzz", &set, &err);
	CLAIM(rc <= 0);
	CLAIM((rc < 0) == (err.code != TF_E_NONE));
	if (rc < 0) {
		CLAIM(memchr(err.text, '\0', sizeof(err.text)) != NULL && err.text[0]);
		return 0;
	}
	CLAIM(set.nrequests <= TF_MAX_REQUESTS && set.nenv <= TF_MAX_ENV);
	CLAIM(set.nports <= TF_MAX_PORTS && set.nulimits <= TF_MAX_ULIMITS);
	for (unsigned int i = 0; i < set.nrequests; i++)
		CLAIM(set.requests[i].guest && set.requests[i].guest[0] == '/');
	return 0;
}
