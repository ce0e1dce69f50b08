/*
 * Runs a fuzz target over the files and directories named on the command line, once each, without libFuzzer.
 * A target that breaks a claim or crashes ends the run with the input's name already printed (-v).
 */
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

#define INPUT_BYTES (1u << 20)

static unsigned int ninputs;

/* An exact-size heap copy, so that a sanitizer sees a read past the end. */
static int replay_file(const char *path)
{
	static uint8_t big[INPUT_BYTES];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, big, sizeof(big));

	if (fd >= 0)
		close(fd);
	if (n < 0) {
		perror(path);
		return -1;
	}
	uint8_t *data = malloc(n ? (size_t)n : 1);
	if (!data)
		return -1;
	memcpy(data, big, (size_t)n);
	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(data, (size_t)n);
	free(data);
	ninputs++;
	return 0;
}

static int replay_dir(const char *path)
{
	DIR *dir = opendir(path);
	int rc = 0;

	if (!dir) {
		perror(path);
		return -1;
	}
	for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
		char file[4096];

		if (e->d_name[0] == '.')
			continue;
		snprintf(file, sizeof(file), "%s/%s", path, e->d_name);
		if (replay_file(file) < 0)
			rc = -1;
	}
	closedir(dir);
	return rc;
}

int main(int argc, char **argv)
{
	int rc = 0;

	for (int i = 1; i < argc; i++) {
		struct stat st;

		if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode))
			rc |= replay_dir(argv[i]);
		else
			rc |= replay_file(argv[i]);
	}
	printf("%u\n", ninputs);
	return rc || !ninputs ? EXIT_FAILURE : EXIT_SUCCESS;
}
