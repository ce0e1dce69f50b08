/*
 * Runs the suites of all tests/unit/test_*.c (list generated from the file names), or those named on the
 * command line, and prints the closing line that tests/check.sh reads. Output of passing tests is dropped
 * by nobody: libcheck prints failures only.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "unit.h"

#define SUITE(module) Suite *test_##module##_suite(void);
#include "unit_suites.h"
#undef SUITE

struct entry {
	const char *name;
	Suite *(*make)(void);
};

static const struct entry entries[] = {
#define SUITE(module) {#module, test_##module##_suite},
#include "unit_suites.h"
#undef SUITE
};

#define MAX_SKIPS 256
struct skips {
	unsigned int n;
	char line[MAX_SKIPS][192];
};
/* Shared with the children that libcheck forks, one for each test. */
static struct skips *skips;

void unit_note_skip(const char *name, const char *reason)
{
	unsigned int i = __atomic_fetch_add(&skips->n, 1, __ATOMIC_RELAXED);
	size_t len = strlen(name);

	/* START_TEST(name) makes a function name_fn. */
	if (len > 3 && !strcmp(name + len - 3, "_fn"))
		len -= 3;
	if (i < MAX_SKIPS)
		snprintf(skips->line[i], sizeof(skips->line[i]), "%.*s: %s", (int)len, name,
		         reason);
}

static int is_wanted(const char *name, int argc, char **argv)
{
	if (argc < 2)
		return 1;
	for (int i = 1; i < argc; i++)
		if (!strcmp(name, argv[i]))
			return 1;
	return 0;
}

static int is_known(const char *name)
{
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
		if (!strcmp(name, entries[i].name))
			return 1;
	return 0;
}

int main(int argc, char **argv)
{
	SRunner *runner = srunner_create(NULL);
	int run, failed, skipped;

	for (int i = 1; i < argc; i++) {
		if (!is_known(argv[i])) {
			fprintf(stderr, "unit: no suite %s\n", argv[i]);
			return 2;
		}
	}
	skips = mmap(NULL, sizeof(*skips), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
	             0);
	if (skips == MAP_FAILED) {
		perror("unit: mmap");
		return 2;
	}
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
		if (is_wanted(entries[i].name, argc, argv))
			srunner_add_suite(runner, entries[i].make());
	srunner_run_all(runner, CK_NORMAL);

	run = srunner_ntests_run(runner);
	failed = srunner_ntests_failed(runner);
	skipped = (int)skips->n;
	for (int i = 0; i < skipped && i < MAX_SKIPS; i++)
		printf("skip: %s\n", skips->line[i]);
	printf("%d passed, %d failed, %d skipped\n", run - failed - skipped, failed, skipped);
	srunner_free(runner);
	return failed || !run ? EXIT_FAILURE : EXIT_SUCCESS;
}
