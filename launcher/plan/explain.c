/*
 * --explain: the plan for people. One line a mapping in the order of the guest's paths, then the rules that the kernel will
 * be given, the network and the limits. Writes to a descriptor, changes nothing.
 */
#include "plan.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../base/fd.h"

static void say(int fd, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(int fd, const char *format, ...)
{
	char line[2 * TF_PATH_MAX + 128];
	va_list ap;

	va_start(ap, format);
	int n = vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	if (n > 0)
		tf_fd_write(fd, line, (size_t)n < sizeof(line) ? (size_t)n : sizeof(line) - 1);
}

static const char *access_text(unsigned int access, char text[8])
{
	text[0] = access & (TF_READ | TF_RULE_LIST) ? 'r' : '-';
	text[1] = access & TF_WRITE ? 'w' : '-';
	text[2] = access & TF_EXEC ? 'x' : '-';
	text[3] = '\0';
	return text;
}

static const char *kind_text(const struct tf_mapping *map)
{
	static const char *const names[] = {
	        [TF_KIND_IDENTITY] = "identity",
	        [TF_KIND_BIND] = "bind",
	        [TF_KIND_PRIVATE] = "private",
	        [TF_KIND_HIDDEN] = "hidden",
	};

	if (map->flags & TF_MAP_LINK)
		return "link";
	return map->guest.len == 1 && map->flags & TF_MAP_SKELETON ? "skeleton" : names[map->kind];
}

static void say_network(const struct tf_settings *set, int fd)
{
	static const char *const names[] = {
	        [TF_NETWORK_NONE] = "none", [TF_NETWORK_HOST] = "host", [TF_NETWORK_LIST] = "list"};

	say(fd, "\nnetwork %s\n", names[set->network]);
	for (unsigned int i = 0; i < set->nports; i++)
		say(fd, "  tcp %u%s%s\n", set->ports[i].port, set->ports[i].may_bind ? " bind" : "",
		    set->ports[i].may_connect ? " connect" : "");
	say(fd, "unix sockets by name: %s\n", set->may_unix ? "yes" : "no");
}

static void say_limit(int fd, const char *name, unsigned long long value, const char *unit)
{
	if (value)
		say(fd, "  %-10s %llu%s\n", name, value, unit);
	else
		say(fd, "  %-10s none\n", name);
}

void tf_plan_explain(const struct tf_plan *plan, const struct tf_settings *set, int fd)
{
	const struct tf_view *view = &plan->view;
	char text[8];

	say(fd, "view (guest, access, kind, host)\n");
	for (uint32_t i = 0; i < view->head->nmappings; i++) {
		const struct tf_mapping *m = &view->map[i];

		say(fd, "  %-32s %s %-8s %s\n", tf_view_str(view, m->guest),
		    access_text(m->access, text), kind_text(m), tf_view_str(view, m->host));
	}
	say(fd, "\nrules (what the kernel lets through)\n");
	for (unsigned int i = 0; i < plan->nrules; i++) {
		const struct tf_rule *r = &plan->rule[i];

		say(fd, "  %s%s %s\n", access_text(r->access, text),
		    r->access & TF_RULE_LIST ? " list only" : "", r->host);
	}
	say_network(set, fd);
	say(fd, "\nlimits\n");
	say_limit(fd, "memory", set->memory_bytes, " bytes");
	say_limit(fd, "timeout", set->wall_ms, " ms");
	say_limit(fd, "cpu-time", set->cpu_ms, " ms");
	say_limit(fd, "pids", set->pids, "");
	say(fd, "\nstarts in %s\n", plan->cwd);
}
