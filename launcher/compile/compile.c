/*
 * Profiles compiled. See compile.h. The values are parsed here with the parsers that turf itself uses when it applies
 * the result, so what passes here is accepted there; the parsed form is thrown away, because it depends on HOME.
 */
#include "compile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "../base/embedded.h"
#include "../base/fd.h"
#include "../base/parse.h"
#include "ini.h"

#define MAX_ENTRIES 2048

extern const struct tf_embedded tf_profile_texts[];

/* A text that is being compiled, and what it was based on from. */
struct source {
	const struct source *derived; /* the one that names this as its base; NULL = the first */
	const char *file;
	const char *shipped; /* its name when it is a built-in one */
	dev_t dev;
	ino_t ino;
	const char *text;
	size_t n;
	unsigned int depth;
};

struct entry {
	const struct tf_key *key;
	const char *value;
	unsigned int line;
};

/* One text while it is read. */
struct unit {
	const struct tf_compile *job;
	struct tf_settings *check;
	struct entry entry[MAX_ENTRIES];
	unsigned int nentries;
	const char *base;
	unsigned int base_line;
	char values[TF_SOURCE_MAX]; /* inih's texts live only during the call */
	size_t used;
};

const char *tf_compile_shipped(const char *name, size_t *ret_n)
{
	const struct tf_embedded *found = tf_embedded_find(tf_profile_texts, name);

	if (!found)
		return NULL;
	*ret_n = (size_t)(found->end - found->start);
	return (const char *)found->start;
}

static int is_section(const struct tf_compile *job, const char *name)
{
	if (job->is_conf)
		return strcmp(name, "turf") == 0;
	for (unsigned int i = 0; i < tf_nkeys; i++)
		if ((tf_keys[i].where & TF_KEY_PROFILE) && strcmp(tf_keys[i].section, name) == 0)
			return 1;
	return 0;
}

static int is_key_of(const struct tf_compile *job, const struct tf_key *key, const char *section)
{
	if (job->is_conf)
		return (key->where & TF_KEY_CONF) != 0;
	return (key->where & TF_KEY_PROFILE) && strcmp(key->section, section) == 0;
}

static int check_section(const struct tf_compile *job, const char *name, struct tf_err *err)
{
	if (is_section(job, name))
		return 0;
	return tf_err_set(err, TF_E_PROFILE, 0, "unknown section [%s] (%s)", name,
	                  job->is_conf ? "turf.conf has only [turf]"
	                               : "profile, view, environment, limits, network, run");
}

static int say_unknown_key(const struct tf_compile *job, const char *section, const char *name,
                           struct tf_err *err)
{
	const char *words[64];
	unsigned int n = 0;
	char known[256];

	for (unsigned int i = 0; i < tf_nkeys && n < 64; i++)
		if (is_key_of(job, &tf_keys[i], section))
			words[n++] = tf_keys[i].name;
	return tf_err_set(err, TF_E_PROFILE, 0, "[%s] %s: unknown key (%s)", section, name,
	                  tf_parse_list_words(words, n, known, sizeof(known)));
}

/* The same key again: never for a single value, never with the same value. */
static int check_double(const struct unit *unit, const struct tf_key *key,
                        const struct tf_ini_entry *entry, struct tf_err *err)
{
	for (unsigned int i = 0; i < unit->nentries; i++) {
		const struct entry *old = &unit->entry[i];

		if (old->key == key && (!key->is_multiple || strcmp(old->value, entry->value) == 0))
			return tf_err_set(err, TF_E_PROFILE, 0, "[%s] %s: %s already in line %u",
			                  entry->section, entry->key,
			                  key->is_multiple ? "the same is" : "is", old->line);
	}
	return 0;
}

static int keep_entry(struct unit *unit, const struct tf_key *key, const struct tf_ini_entry *entry,
                      struct tf_err *err)
{
	size_t n = strlen(entry->value) + 1;

	if (unit->nentries == MAX_ENTRIES || n > sizeof(unit->values) - unit->used)
		return tf_err_set(err, TF_E_PROFILE, 0, "more than %d keys", MAX_ENTRIES);
	memcpy(unit->values + unit->used, entry->value, n);
	unit->entry[unit->nentries++] =
	        (struct entry){.key = key, .value = unit->values + unit->used, .line = entry->line};
	unit->used += n;
	return 0;
}

static int take_entry(void *user, const struct tf_ini_entry *entry, struct tf_err *err)
{
	struct unit *unit = user;
	unsigned int before = unit->check->nrequests;
	const struct tf_key *key;
	int rc;

	if (!entry->key)
		return check_section(unit->job, entry->section, err);
	if (entry->section[0] == '\0')
		return tf_err_set(err, TF_E_PROFILE, 0, "%s stands before the first [section]",
		                  entry->key);
	key = tf_key_find(entry->key);
	if (!key || !is_key_of(unit->job, key, entry->section))
		return say_unknown_key(unit->job, entry->section, entry->key, err);
	rc = check_double(unit, key, entry, err);
	if (rc == 0)
		rc = keep_entry(unit, key, entry, err);
	if (rc == 0)
		rc = tf_settings_apply(unit->check, key, unit->entry[unit->nentries - 1].value,
		                       unit->job->is_conf ? TF_FROM_CONF : TF_FROM_PROFILE, err);
	/* the settings would let the later one win: right between a profile and its base, a mistake in one file */
	if (rc == 0 && strcmp(key->section, "view") == 0 && unit->check->nrequests == before)
		rc = tf_err_set(err, TF_E_PROFILE, 0, "[view] %s: %s is mapped twice in this file",
		                entry->key, entry->value);
	if (rc == 0 && strcmp(key->name, "base") == 0) {
		unit->base = unit->entry[unit->nentries - 1].value;
		unit->base_line = entry->line;
	}
	return rc;
}

static int is_in_chain(const struct source *source, const struct stat *st, const char *shipped)
{
	for (; source; source = source->derived) {
		if (st && source->ino == st->st_ino && source->dev == st->st_dev)
			return 1;
		if (shipped && source->shipped && strcmp(source->shipped, shipped) == 0)
			return 1;
	}
	return 0;
}

/* Reads DIR/NAME.conf into buf. 1, 0 = not there (or already in the chain), -errno with err. */
static int read_base(const char *dir, const char *name, struct source *base, char *buf, char *path,
                     struct tf_err *err)
{
	tf_autoclose int fd = -1;
	struct stat st;
	ssize_t n;

	if (snprintf(path, 4096, "%s/%s.conf", dir, name) >= 4096)
		return tf_err_set(err, TF_E_PROFILE, ENAMETOOLONG, "%.60s...", dir);
	fd = tf_fd_open(AT_FDCWD, path, O_RDONLY | O_NONBLOCK, 0);
	if (fd == -ENOENT || fd == -ENOTDIR)
		return 0;
	if (fd < 0 || fstat(fd, &st) < 0)
		return tf_err_set(err, TF_E_PROFILE, fd < 0 ? -fd : errno, "%s", path);
	if (!S_ISREG(st.st_mode))
		return tf_err_set(err, TF_E_PROFILE, 0, "%s is not a file", path);
	if (is_in_chain(base->derived, &st, NULL))
		return 0;
	n = tf_fd_read(fd, buf, TF_SOURCE_MAX);
	if (n < 0 || n == TF_SOURCE_MAX)
		return tf_err_set(err, TF_E_PROFILE, n < 0 ? (int)-n : EFBIG, "%s", path);
	base->file = path;
	base->dev = st.st_dev;
	base->ino = st.st_ino;
	base->text = buf;
	base->n = (size_t)n;
	return 1;
}

static int find_base(const struct tf_compile *job, const char *name, struct source *base, char *buf,
                     char *path, struct tf_err *err)
{
	for (unsigned int i = 0; i < job->npaths; i++) {
		int rc = read_base(job->paths[i], name, base, buf, path, err);

		if (rc != 0)
			return rc < 0 ? rc : 0;
	}
	if (!is_in_chain(base->derived, NULL, name)) {
		base->text = tf_compile_shipped(name, &base->n);
		base->file = base->shipped = name;
	}
	if (!base->text)
		return tf_err_set(err, TF_E_PROFILE, 0, "there is no profile %s to start from%s",
		                  name,
		                  is_in_chain(base->derived, NULL, name) ? " (but this one)" : "");
	return 0;
}

static int compile_source(const struct tf_compile *job, const struct source *source,
                          struct tf_err *err);

/* The base's records first. Its buffers are static, one set a level: the depth is bounded, the stack is not for this. */
static int compile_base(const struct tf_compile *job, const struct source *source, const char *name,
                        struct tf_err *err)
{
	static struct {
		char text[TF_SOURCE_MAX], path[4096];
	} level[TF_BASE_DEPTH];
	struct source base = {.derived = source, .depth = source->depth + 1};
	int rc;

	if (source->depth == TF_BASE_DEPTH)
		return tf_err_set(err, TF_E_PROFILE, 0, "more than %d profiles one upon the other",
		                  TF_BASE_DEPTH);
	rc = find_base(job, name, &base, level[source->depth].text, level[source->depth].path, err);
	return rc < 0 ? rc : compile_source(job, &base, err);
}

/* Records of a base have line 0: turf's messages about lines are about the file that was named. */
static int put_entries(const struct unit *unit, const struct source *source, struct tf_err *err)
{
	for (unsigned int i = 0; i < unit->nentries; i++) {
		const struct entry *entry = &unit->entry[i];

		if (strcmp(entry->key->name, "base") == 0)
			continue;
		if (tf_blob_add(unit->job->blob, entry->key, source->derived ? 0 : entry->line,
		                entry->value) < 0)
			return tf_err_set(err, TF_E_PROFILE, 0, "%s is too long", source->file);
	}
	return 0;
}

static int compile_source(const struct tf_compile *job, const struct source *source,
                          struct tf_err *err)
{
	static struct unit units[TF_BASE_DEPTH + 1];
	static struct tf_settings check;
	struct unit *unit = &units[source->depth];
	int rc;

	unit->job = job;
	unit->check = &check;
	unit->nentries = 0;
	unit->used = 0;
	unit->base = NULL;
	tf_settings_init(&check);
	check.home = "/~"; /* any: only the form is checked */
	tf_blob_hash(job->blob, source->text, source->n);
	rc = tf_ini_read(source->file, source->text, source->n, take_entry, unit, err);
	if (rc == 0 && unit->base) {
		if (tf_blob_add(job->blob, tf_key_find("base"),
		                source->derived ? 0 : unit->base_line, unit->base) < 0)
			rc = tf_err_set(err, TF_E_PROFILE, 0, "%s is too long", source->file);
		else
			rc = compile_base(job, source, unit->base, err);
		rc = tf_err_context(err, rc, "%s:%u: [profile] base", source->file,
		                    unit->base_line);
	}
	return rc < 0 ? rc : put_entries(unit, source, err);
}

int tf_compile_text(const struct tf_compile *job, const char *file, int fd, const char *text,
                    size_t n, struct tf_err *err)
{
	struct source source = {.file = file, .text = text, .n = n};
	struct stat st;
	int rc;

	if (fd >= 0 && fstat(fd, &st) == 0) {
		source.dev = st.st_dev;
		source.ino = st.st_ino;
	}
	tf_blob_init(job->blob);
	rc = compile_source(job, &source, err);
	if (rc == 0)
		tf_blob_finish(job->blob);
	return rc;
}
