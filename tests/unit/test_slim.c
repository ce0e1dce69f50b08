/*
 * monitor/slim: nothing is lost, and memory goes down.
 */
#include <string.h>
#include <unistd.h>

#include "monitor/proc.h"
#include "monitor/slim.h"
#include "unit.h"

static char written[64 << 10] = "data";
static const char constant[] = "constant";

static uint64_t rss(void)
{
	uint64_t bytes = 0;
	int root = tf_proc_root("/proc"), dir = tf_proc_open(root, getpid());

	ck_assert_int_eq(tf_proc_rss(dir, &bytes), 0);
	close(dir);
	close(root);
	return bytes;
}

static void __attribute__((noinline)) go_deep(void)
{
	volatile char deep[300 << 10];

	for (size_t i = 0; i < sizeof(deep); i += 1024)
		deep[i] = 1;
}

START_TEST(data_and_stack_are_intact)
{
	char here[1000];
	uint64_t before;

	memset(written, 7, sizeof(written));
	memset(here, 8, sizeof(here));
	go_deep();
	before = rss();
	tf_slim();
	ck_assert_uint_le(rss() + (100 << 10), before);
	for (size_t i = 0; i < sizeof(written); i++)
		ck_assert_int_eq(written[i], 7);
	for (size_t i = 0; i < sizeof(here); i++)
		ck_assert_int_eq(here[i], 8);
	ck_assert_str_eq(constant, "constant");
}
END_TEST

Suite *test_slim_suite(void)
{
	Suite *s = suite_create("slim");
	TCase *t = tcase_create("slim");

	tcase_add_test(t, data_and_stack_are_intact);
	suite_add_tcase(s, t);
	return s;
}
