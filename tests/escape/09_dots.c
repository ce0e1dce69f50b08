/*
 * Attack 9: spellings: "..", ".", doubled slashes, very long paths, chains of links, directory descriptors.
 * The links are made by the program itself, in its own directory.
 * An escape: the secret's bytes.
 */
#include "escape.h"

static char path[8192];

static int way_dotdot(void)
{
	snprintf(path, sizeof(path), "/usr/../%s", esc_secret() + 1);
	return esc_open_libc(path);
}

/* From the own directory up to the root, more often than there are directories. */
static int way_relative(void)
{
	snprintf(path, sizeof(path), "../../../../../../../../../../../../../../../../..%s",
	         esc_secret());
	return esc_open_libc(path);
}

static int way_slashes(void)
{
	snprintf(path, sizeof(path), "//..//./..///%s", esc_secret());
	return esc_open_libc(path);
}

static int way_long(void)
{
	size_t n = 0;

	while (n < 3800)
		n += (size_t)snprintf(path + n, sizeof(path) - n, "/usr/..");
	snprintf(path + n, sizeof(path) - n, "%s", esc_secret());
	return esc_open_libc(path);
}

static int way_proc_cwd(void)
{
	snprintf(path, sizeof(path), "/proc/self/cwd/../../../../../../../../../..%s",
	         esc_secret());
	return esc_open_libc(path);
}

static int way_dirfd(void)
{
	int dir = open("/usr/lib", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0)
		return CANNOT;
	snprintf(path, sizeof(path), "../../../../../..%s", esc_secret());
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	return esc_opened(path, fd < 0 ? -errno : fd);
}

static int way_link(void)
{
	unlink("link");
	return symlink(esc_secret(), "link") < 0 ? CANNOT : esc_open_libc("link");
}

static int way_link_relative(void)
{
	unlink("link");
	snprintf(path, sizeof(path), "../../../../../../../../../../../..%s", esc_secret());
	return symlink(path, "link") < 0 ? CANNOT : esc_open_libc("link");
}

static int way_link_directory(void)
{
	unlink("link");
	return symlink(esc_at("outside"), "link") < 0 ? CANNOT : esc_open_libc("link/secret");
}

static int way_link_slash(void)
{
	unlink("link");
	return symlink("/", "link") < 0 ? CANNOT
	                                : (snprintf(path, sizeof(path), "link%s", esc_secret()),
	                                   esc_open_libc(path));
}

/* Forty links, the most the kernel follows, the last one to the secret. */
static int way_chain(void)
{
	char from[32], to[32];

	for (int i = 0; i < 39; i++) {
		snprintf(from, sizeof(from), "l%d", i);
		snprintf(to, sizeof(to), "l%d", i + 1);
		unlink(from);
		if (symlink(to, from) < 0)
			return CANNOT;
	}
	unlink("l39");
	return symlink(esc_secret(), "l39") < 0 ? CANNOT : esc_open_libc("l0");
}

/* A directory of the own is walked into, then renamed away under it, then left by "..". */
static int way_moved_cwd(void)
{
	mkdir("a", 0700);
	mkdir("a/b", 0700);
	if (chdir("a/b") < 0 || rename("../../a/b", "../../moved") < 0) {
		perror("rename");
		return CANNOT;
	}
	snprintf(path, sizeof(path), "../../../../../../../../..%s", esc_secret());
	return esc_open_libc(path);
}

static int way_chdir(void)
{
	if (chdir(esc_at("outside")) < 0)
		return esc_libc("chdir", -1);
	return esc_open_libc("secret");
}

static int way_chdir_link(void)
{
	unlink("link");
	if (symlink(esc_at("outside"), "link") < 0)
		return CANNOT;
	if (chdir("link") < 0)
		return esc_libc("chdir", -1);
	return esc_open_libc("secret");
}

static const struct esc_way ways[] = {
        {"dotdot", way_dotdot},
        {"relative", way_relative},
        {"slashes", way_slashes},
        {"long", way_long},
        {"proc_cwd", way_proc_cwd},
        {"dirfd", way_dirfd},
        {"link", way_link},
        {"link_relative", way_link_relative},
        {"link_directory", way_link_directory},
        {"link_slash", way_link_slash},
        {"chain", way_chain},
        {"moved_cwd", way_moved_cwd},
        {"chdir", way_chdir},
        {"chdir_link", way_chdir_link},
};
ESC_MAIN(ways)
