/*
 * The network setting: none, host, or a list of TCP ports. An empty list is an error, never "everything".
 */
#include "keys.h"

#include <errno.h>
#include <string.h>

#include "../base/parse.h"

static struct tf_port *find_port(struct tf_port *ports, unsigned int n, uint16_t port)
{
	for (unsigned int i = 0; i < n; i++)
		if (ports[i].port == port)
			return &ports[i];
	return NULL;
}

static int add_port(struct tf_settings *set, uint16_t number, int may_bind, struct tf_err *err)
{
	struct tf_port *port = find_port(set->ports, set->nports, number);

	if (!port) {
		if (set->nports == TF_MAX_PORTS)
			return tf_err_set(err, TF_E_VALUE, 0,
			                  "more than %d ports (--network host allows all)",
			                  TF_MAX_PORTS);
		port = &set->ports[set->nports++];
		*port = (struct tf_port){.port = number};
	}
	if (may_bind)
		port->may_bind = 1;
	else
		port->may_connect = 1;
	return 0;
}

/* One word of the list: "443", "connect:443", "bind:8000-8010". */
static int add_word(struct tf_settings *set, const char *word, struct tf_err *err)
{
	const char *ports = word;
	int may_bind = 0, rc;
	uint16_t first, last;

	if (strncmp(word, "bind:", 5) == 0) {
		may_bind = 1;
		ports = word + 5;
	} else if (strncmp(word, "connect:", 8) == 0) {
		ports = word + 8;
	}
	rc = tf_parse_ports(ports, &first, &last);
	if (rc == -ERANGE)
		return tf_err_set(err, TF_E_VALUE, 0,
		                  "\"%s\": ports go from 1 to 65535, the lower one first", word);
	if (rc < 0)
		return tf_err_set(err, TF_E_VALUE, 0,
		                  "\"%s\" is no port (none, host, or a list as "
		                  "443,bind:8080,connect:8000-8010)",
		                  word);
	/* bind(0) asks the kernel for any free port; connecting to 0 means nothing */
	if (first == 0 && !(may_bind && last == 0))
		return tf_err_set(err, TF_E_VALUE, 0,
		                  "\"%s\": port 0 is only for bind:0, any free port", word);
	for (unsigned int port = first; port <= last && rc == 0; port++)
		rc = add_port(set, (uint16_t)port, may_bind, err);
	return rc;
}

int tf_key_network(struct tf_settings *set, const struct tf_key *key, const char *text,
                   struct tf_err *err)
{
	static const char *const words[] = {"none", "host"};
	int which = tf_parse_word(text, words, 2), rc = 0;

	/* the command line's list replaces the profile's */
	set->nports = 0;
	set->network = which == 0   ? TF_NETWORK_NONE
	               : which == 1 ? TF_NETWORK_HOST
	                            : TF_NETWORK_LIST;
	if (which >= 0)
		return 0;
	for (const char *p = text; rc == 0; p++) {
		size_t n = strcspn(p, ",");
		char word[64];

		if (n == 0)
			return tf_err_set(err, TF_E_VALUE, 0,
			                  "\"%s\" has an empty word (for no network: none)", text);
		if (n >= sizeof(word))
			return tf_err_set(err, TF_E_VALUE, 0, "\"%.20s...\" is no port", p);
		memcpy(word, p, n);
		word[n] = '\0';
		rc = add_word(set, word, err);
		p += n;
		if (*p == '\0')
			break;
	}
	return rc;
}
