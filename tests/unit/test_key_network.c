/*
 * launcher/plan/key_network: none, host, ports.
 */
#include "apply_key.h"

START_TEST(words_are_none_and_host)
{
	fresh_settings();
	accepted(TF_FROM_PROFILE, "network", "host");
	ck_assert_int_eq(set.network, TF_NETWORK_HOST);
	accepted(TF_FROM_OPTION, "network", "none");
	ck_assert_int_eq(set.network, TF_NETWORK_NONE);
	ck_assert_uint_eq(set.nports, 0);
}
END_TEST

START_TEST(a_list_says_what_each_port_may)
{
	fresh_settings();
	accepted(TF_FROM_OPTION, "network", "443,bind:8080,connect:8080,connect:9000-9002,bind:0");
	ck_assert_int_eq(set.network, TF_NETWORK_LIST);
	ck_assert_uint_eq(set.nports, 6);
	ck_assert_uint_eq(set.ports[0].port, 443);
	ck_assert_uint_eq(set.ports[0].may_connect, 1);
	ck_assert_uint_eq(set.ports[0].may_bind, 0);
	ck_assert_uint_eq(set.ports[1].port, 8080);
	ck_assert_uint_eq(set.ports[1].may_bind, 1);
	ck_assert_uint_eq(set.ports[1].may_connect, 1);
	ck_assert_uint_eq(set.ports[4].port, 9002);
	ck_assert_uint_eq(set.ports[5].port, 0);
	ck_assert_uint_eq(set.ports[5].may_bind, 1);
}
END_TEST

START_TEST(the_command_line_replaces_the_profiles_list)
{
	fresh_settings();
	accepted(TF_FROM_PROFILE, "network", "1,2,3");
	accepted(TF_FROM_OPTION, "network", "4");
	ck_assert_uint_eq(set.nports, 1);
	ck_assert_uint_eq(set.ports[0].port, 4);
}
END_TEST

START_TEST(the_last_port_ends_the_range)
{
	fresh_settings();
	accepted(TF_FROM_OPTION, "network", "65534-65535");
	ck_assert_uint_eq(set.nports, 2);
}
END_TEST

START_TEST(bad_words_are_named)
{
	static const char *const bad[][2] = {
	        {"", "for no network: none"},
	        {"443,", "empty word"},
	        {",443", "empty word"},
	        {"http", "\"http\""},
	        {"443,none", "\"none\""},
	        {"bind:", "\"bind:\""},
	        {"0", "port 0"},
	        {"connect:0", "port 0"},
	        {"bind:0-5", "port 0"},
	        {"65536", "65535"},
	        {"9-1", "65535"},
	        {"listen:80", "\"listen:80\""},
	        {"udp:53", "\"udp:53\""},
	        {"1-1000", "more than 256"},
	        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	         "no port"},
	};

	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		fresh_settings();
		refused(TF_FROM_OPTION, "network", bad[i][0], TF_E_VALUE, bad[i][1]);
		/* whatever was read of it, it is not "everything" */
		ck_assert_int_ne(set.network, TF_NETWORK_HOST);
	}
}
END_TEST

Suite *test_key_network_suite(void)
{
	Suite *s = suite_create("key_network");
	TCase *tc = tcase_create("key_network");

	tcase_add_test(tc, words_are_none_and_host);
	tcase_add_test(tc, a_list_says_what_each_port_may);
	tcase_add_test(tc, the_command_line_replaces_the_profiles_list);
	tcase_add_test(tc, the_last_port_ends_the_range);
	tcase_add_test(tc, bad_words_are_named);
	suite_add_tcase(s, tc);
	return s;
}
