/*
 * Writes the report without stdio: the supervisor stays small, and every value is a number or a fixed word, so that
 * nothing needs quoting.
 */
#include <errno.h>
#include <string.h>
#include "report.h"

struct text {
	char *buf;
	size_t size, len;
	int is_short;
};

static void put(struct text *t, const char *s, size_t len)
{
	if (t->is_short || len >= t->size - t->len) {
		t->is_short = 1;
		return;
	}
	memcpy(t->buf + t->len, s, len);
	t->len += len;
	t->buf[t->len] = '\0';
}

static void put_string(struct text *t, const char *s)
{
	put(t, s, strlen(s));
}

static void put_number(struct text *t, uint64_t value, int digits)
{
	char buf[24], *p = buf + sizeof(buf);

	do {
		*--p = (char)('0' + value % 10);
		value /= 10;
		digits--;
	} while (value || digits > 0);
	put(t, p, (size_t)(buf + sizeof(buf) - p));
}

/* ,"name":  - the first field has no comma. */
static void put_name(struct text *t, const char *name)
{
	put_string(t, t->len > 1 ? ",\n \"" : "\n \"");
	put_string(t, name);
	put_string(t, "\": ");
}

static void field_word(struct text *t, const char *name, const char *word)
{
	put_name(t, name);
	put_string(t, "\"");
	put_string(t, word);
	put_string(t, "\"");
}

static void field_seconds(struct text *t, const char *name, uint64_t us)
{
	put_name(t, name);
	put_number(t, us / 1000000, 1);
	put_string(t, ".");
	put_number(t, us % 1000000, 6);
}

static void field_number(struct text *t, const char *name, uint64_t value, int is_known)
{
	put_name(t, name);
	if (is_known)
		put_number(t, value, 1);
	else
		put_string(t, "null");
}

static const char *result(const struct tf_outcome *o)
{
	switch (o->reason) {
	case TF_REASON_EXITED:
		return o->exit_code == 0 ? "ok" : "failed";
	case TF_REASON_SIGNALLED:
		return "crashed";
	case TF_REASON_KILLED:
		return "killed";
	default:
		return "limit";
	}
}

int tf_report_json(const struct tf_outcome *o, char *buf, size_t size)
{
	struct text t = {.buf = buf, .size = size};
	const struct tf_usage *u = &o->usage;

	if (!size)
		return -ENOSPC;
	put_string(&t, "{");
	field_number(&t, "version", 1, 1);
	field_word(&t, "result", result(o));
	field_word(&t, "reason", tf_reason_name(o->reason));
	field_number(&t, "exit_code", (uint64_t)o->exit_code, o->exit_code >= 0);
	field_number(&t, "signal", (uint64_t)o->signal, o->signal > 0);
	field_seconds(&t, "walltime_s", u->wall_us);
	field_seconds(&t, "cputime_s", u->cpu_user_us + u->cpu_system_us);
	field_seconds(&t, "cputime_user_s", u->cpu_user_us);
	field_seconds(&t, "cputime_system_s", u->cpu_system_us);
	/* reaped: all that was waited for; sampled: a parent ignored its children, some was seen by looks only */
	field_word(&t, "cpu_accounting", u->is_cpu_sampled ? "sampled" : "reaped");
	field_number(&t, "memory_peak_rss_bytes", u->peak_rss_bytes, 1);
	field_number(&t, "memory_peak_process_rss_bytes", u->peak_process_rss_bytes, 1);
	field_number(&t, "memory_peak_pss_bytes", u->peak_pss_bytes, u->peak_pss_bytes > 0);
	field_word(&t, "memory_accounting", u->looks ? "sampled" : "largest_process");
	field_number(&t, "processes_peak", u->peak_processes, u->looks > 0);
	field_number(&t, "looks", u->looks, 1);
	put_string(&t, "\n}\n");
	return t.is_short ? -ENOSPC : (int)t.len;
}
