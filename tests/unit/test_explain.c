/*
 * launcher/plan/explain: what --explain prints is what the plan holds.
 */
#include "plan_scene.h"

static const char *explained(void)
{
	int fd = open("out", O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);

	ck_assert_int_ge(fd, 0);
	tf_plan_explain(&plan, &set, fd);
	close(fd);
	return scratch_read("out");
}

/* A line that holds all of these words, in this order. */
static void has_line(const char *text, const char *first, const char *second, const char *third)
{
	for (const char *line = text; line && *line;
	     line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
		const char *end = line + strcspn(line, "\n");
		const char *a = strstr(line, first), *b = a ? strstr(a, second) : NULL,
		           *c = b ? strstr(b, third) : NULL;

		if (c && c < end)
			return;
	}
	ck_abort_msg("no line '%s ... %s ... %s' in:\n%s", first, second, third, text);
}

START_TEST(mappings_are_shown_with_access_kind_and_host)
{
	const char *text;

	ask(TF_WANT_RO, below("data"), "/d");
	ask(TF_WANT_RW, below("file"), below("file"));
	ask(TF_WANT_HIDE, NULL, "/d/secret");
	must_plan();
	ck_assert_int_eq(tf_plan_rules(&plan, &places, &err), 0);
	text = explained();
	has_line(text, "  /d ", "r-x bind", below("data"));
	has_line(text, below("file"), "rwx identity", below("file"));
	has_line(text, "/d/secret", "hidden", "");
	has_line(text, "  / ", "skeleton", "");
	has_line(text, "r-- list only", below("data"), "");
	has_line(text, "r-x", below("data/sub"), "");
	has_line(text, "starts in /work", "", "");
}
END_TEST

START_TEST(network_and_limits_are_shown)
{
	const char *text;

	must_plan();
	text = explained();
	has_line(text, "network none", "", "");
	has_line(text, "memory", "none", "");
	set.network = TF_NETWORK_LIST;
	set.ports[set.nports++] = (struct tf_port){.port = 443, .may_connect = 1};
	set.ports[set.nports++] = (struct tf_port){.port = 8080, .may_bind = 1};
	set.memory_bytes = 64u << 20;
	set.wall_ms = 1500;
	set.pids = 9;
	set.may_unix = 1;
	text = explained();
	has_line(text, "network list", "", "");
	has_line(text, "tcp 443 connect", "", "");
	has_line(text, "tcp 8080 bind", "", "");
	has_line(text, "unix sockets by name: yes", "", "");
	has_line(text, "memory", "67108864 bytes", "");
	has_line(text, "timeout", "1500 ms", "");
	has_line(text, "pids", "9", "");
}
END_TEST

Suite *test_explain_suite(void)
{
	Suite *suite = suite_create("explain");
	TCase *tc = tcase_create("explain");

	tcase_add_checked_fixture(tc, plan_scene_make, plan_scene_drop);
	tcase_add_test(tc, mappings_are_shown_with_access_kind_and_host);
	tcase_add_test(tc, network_and_limits_are_shown);
	suite_add_tcase(suite, tc);
	return suite;
}
