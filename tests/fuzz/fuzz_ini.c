/*
 * What people write: a profile's or turf.conf's text through inih and the table of settings to a compiled profile, which
 * must then apply. Input: the text; 'C' in front of it means turf.conf.
 */
#include <errno.h>
#include <string.h>

#include "launcher/compile/compile.h"
#include "launcher/plan/profile.h"
#include "fuzz.h"

static void check_error(const struct tf_err *err)
{
	CLAIM(err->code != TF_E_NONE);
	CLAIM(memchr(err->text, '\0', sizeof(err->text)) != NULL);
	/* The file is named, and nothing but one line is said. */
	CLAIM(strncmp(err->text, "fuzz.conf", 9) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct tf_blob blob;
	static struct tf_settings set;
	struct tf_compile job = {.blob = &blob};
	struct tf_err err = {.code = TF_E_NONE};

	setenv("HOME", "/home/fuzz", 1);
	if (size && data[0] == 'C') {
		job.is_conf = 1;
		data++;
		size--;
	}
	if (size > TF_SOURCE_MAX)
		return 0;
	int rc = tf_compile_text(&job, "fuzz.conf", -1, (const char *)data, size, &err);
	if (rc < 0) {
		check_error(&err);
		return 0;
	}
	CLAIM(rc == 0 && err.code == TF_E_NONE);
	/* What the compiler lets pass, turf takes. */
	tf_settings_init(&set);
	rc = tf_profile_apply(blob.data, blob.size, "fuzz", &set, &err);
	if (rc < 0)
		fprintf(stderr, "%s\n", err.text);
	CLAIM(rc == 0);
	return 0;
}
