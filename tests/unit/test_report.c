/*
 * monitor/report: the document, letter by letter. (tests/cli reads it with a JSON parser.)
 */
#include <errno.h>
#include <string.h>

#include "monitor/report.h"
#include "unit.h"

static void check_document(const struct tf_outcome *outcome, const char *want)
{
	char buf[TF_REPORT_MAX];
	int len = tf_report_json(outcome, buf, sizeof(buf));

	ck_assert_int_gt(len, 0);
	ck_assert_uint_eq(strlen(buf), (size_t)len);
	ck_assert_str_eq(buf, want);
}

START_TEST(a_success)
{
	struct tf_outcome o = {.reason = TF_REASON_EXITED,
	                       .usage = {.cpu_user_us = 1500000,
	                                 .cpu_system_us = 7,
	                                 .wall_us = 2000001,
	                                 .peak_rss_bytes = 8192,
	                                 .peak_process_rss_bytes = 4096,
	                                 .peak_processes = 1}};

	check_document(&o, "{\n \"version\": 1,\n \"result\": \"ok\",\n \"reason\": \"exited\",\n"
	                   " \"exit_code\": 0,\n \"signal\": null,\n \"walltime_s\": 2.000001,\n"
	                   " \"cputime_s\": 1.500007,\n \"cputime_user_s\": 1.500000,\n"
	                   " \"cputime_system_s\": 0.000007,\n \"cpu_accounting\": \"reaped\",\n"
	                   " \"memory_peak_rss_bytes\": 8192,\n"
	                   " \"memory_peak_process_rss_bytes\": 4096,\n"
	                   " \"memory_peak_pss_bytes\": null,\n"
	                   " \"memory_accounting\": \"largest_process\",\n"
	                   " \"processes_peak\": null,\n \"looks\": 0\n}\n");
}
END_TEST

START_TEST(a_signal_and_the_largest_numbers)
{
	struct tf_outcome o = {.reason = TF_REASON_SIGNALLED,
	                       .exit_code = -1,
	                       .signal = 64,
	                       .usage = {.cpu_user_us = UINT64_MAX / 2,
	                                 .cpu_system_us = UINT64_MAX / 2,
	                                 .wall_us = UINT64_MAX,
	                                 .peak_rss_bytes = UINT64_MAX,
	                                 .peak_process_rss_bytes = UINT64_MAX,
	                                 .peak_pss_bytes = UINT64_MAX,
	                                 .peak_processes = UINT32_MAX,
	                                 .looks = UINT32_MAX,
	                                 .is_cpu_sampled = 1}};

	check_document(
	        &o, "{\n \"version\": 1,\n \"result\": \"crashed\",\n \"reason\": \"signalled\",\n"
	            " \"exit_code\": null,\n \"signal\": 64,\n"
	            " \"walltime_s\": 18446744073709.551615,\n"
	            " \"cputime_s\": 18446744073709.551614,\n"
	            " \"cputime_user_s\": 9223372036854.775807,\n"
	            " \"cputime_system_s\": 9223372036854.775807,\n"
	            " \"cpu_accounting\": \"sampled\",\n"
	            " \"memory_peak_rss_bytes\": 18446744073709551615,\n"
	            " \"memory_peak_process_rss_bytes\": 18446744073709551615,\n"
	            " \"memory_peak_pss_bytes\": 18446744073709551615,\n"
	            " \"memory_accounting\": \"sampled\",\n"
	            " \"processes_peak\": 4294967295,\n \"looks\": 4294967295\n}\n");
}
END_TEST

START_TEST(words_of_all_reasons)
{
	static const struct {
		struct tf_outcome outcome;
		const char *words;
	} want[] = {
	        {{.reason = TF_REASON_EXITED, .exit_code = 3},
	         "\"failed\",\n \"reason\": \"exited\""},
	        {{.reason = TF_REASON_WALLTIME}, "\"limit\",\n \"reason\": \"walltime\""},
	        {{.reason = TF_REASON_CPUTIME}, "\"limit\",\n \"reason\": \"cputime\""},
	        {{.reason = TF_REASON_MEMORY}, "\"limit\",\n \"reason\": \"memory\""},
	        {{.reason = TF_REASON_PIDS}, "\"limit\",\n \"reason\": \"pids\""},
	        {{.reason = TF_REASON_KILLED}, "\"killed\",\n \"reason\": \"killed\""},
	};

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		char buf[TF_REPORT_MAX];

		ck_assert_int_gt(tf_report_json(&want[i].outcome, buf, sizeof(buf)), 0);
		ck_assert_msg(strstr(buf, want[i].words) != NULL, "%s in %s", want[i].words, buf);
	}
	ck_assert_str_eq(tf_reason_name((enum tf_reason)99), "unknown");
}
END_TEST

START_TEST(too_little_room)
{
	struct tf_outcome o = {.reason = TF_REASON_EXITED};
	char buf[TF_REPORT_MAX];
	int len = tf_report_json(&o, buf, sizeof(buf));

	ck_assert_int_eq(tf_report_json(&o, buf, 0), -ENOSPC);
	ck_assert_int_eq(tf_report_json(&o, buf, 10), -ENOSPC);
	ck_assert_int_eq(tf_report_json(&o, buf, (size_t)len), -ENOSPC);
	ck_assert_int_eq(tf_report_json(&o, buf, (size_t)len + 1), len);
}
END_TEST

Suite *test_report_suite(void)
{
	Suite *s = suite_create("report");
	TCase *t = tcase_create("report");

	tcase_add_test(t, a_success);
	tcase_add_test(t, words_of_all_reasons);
	tcase_add_test(t, a_signal_and_the_largest_numbers);
	tcase_add_test(t, too_little_room);
	suite_add_tcase(s, t);
	return s;
}
