/*
 * launcher/cli/help_completion: scripts for three shells.
 */
#include <errno.h>

#include "launcher/cli/help.h"
#include "launcher/plan/settings.h"
#include "printed.h"
#include "scratch_dir.h"

static const char *const shells[] = {"bash", "zsh", "fish"};

static const char *script(const char *shell)
{
	FILE *out = printed_open();

	ck_assert_int_eq(tf_help_completion(out, shell), 0);
	return printed_close(out);
}

START_TEST(every_option_is_in_every_script)
{
	const char *text = script(shells[_i]);

	for (unsigned int i = 0; i < tf_nkeys; i++) {
		char name[64];

		if (!(tf_keys[i].where & TF_KEY_OPTION))
			continue;
		snprintf(name, sizeof(name), "%s%s", _i == 2 ? "-l " : "--", tf_keys[i].name);
		holds(text, name);
	}
	holds(text, "doctor");
	ck_assert_ptr_null(strstr(text, "create"));
}
END_TEST

START_TEST(bash_completes)
{
	scratch_write("s", script("bash"));
	ck_assert_int_eq(system("cat >t <<'EOF'\n"
	                        "set -eu; shopt -u progcomp_alias 2>/dev/null || true\n"
	                        ". ./s\n"
	                        "c() { COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); "
	                        "_turf; echo \"${COMPREPLY[*]-}\"; }\n"
	                        "test \"$(c turf do)\" = doctor\n"
	                        "test \"$(c turf run --pids)\" = --pids-limit\n"
	                        "test \"$(c turf run --memory '')\" = ''\n"
	                        "touch file1; test \"$(c turf run --ro fil)\" = file1\n"
	                        "test \"$(c turf run -- fil)\" = file1\n"
	                        "EOF\nbash t"),
	                 0);
}
END_TEST

START_TEST(other_shells_are_refused)
{
	FILE *out = printed_open();

	ck_assert_int_eq(tf_help_completion(out, "csh"), -EINVAL);
	ck_assert_str_eq(printed_close(out), "");
}
END_TEST

Suite *test_help_completion_suite(void)
{
	Suite *s = suite_create("help_completion");
	TCase *tc = tcase_create("help_completion");

	tcase_add_checked_fixture(tc, scratch_make, scratch_drop);
	tcase_add_loop_test(tc, every_option_is_in_every_script, 0, 3);
	tcase_add_test(tc, bash_completes);
	tcase_add_test(tc, other_shells_are_refused);
	suite_add_tcase(s, tc);
	return s;
}
