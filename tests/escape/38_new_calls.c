/*
 * Attack 38: system calls that are younger than most filters, and numbers that nobody has given out yet. They
 * do what an older call does that the filter knows.
 * An escape: a call that works; for numbers that are free today, any answer but ENOSYS or EPERM.
 */
#include "escape.h"

/* x86-64 numbers; the headers of many hosts end before them. */
#define NR_setxattrat 463
#define NR_getxattrat 464
#define NR_open_tree_attr 467
#define NR_file_getattr 468
#define NR_file_setattr 469
#define NR_statmount 457
#define NR_listmount 458
#define NR_cachestat 451

struct file_attr {
	uint64_t xflags;
	uint32_t extsize, nextents, projid, cowextsize;
};

static int way_file_getattr(void)
{
	struct file_attr attr;

	return esc_verdict("file_getattr", esc_sys(NR_file_getattr, AT_FDCWD, esc_secret(), &attr,
	                                           sizeof(attr), 0));
}

static int way_file_setattr(void)
{
	struct file_attr attr = {.xflags = 0x40 /* FS_XFLAG_NOATIME */};

	return esc_verdict("file_setattr", esc_sys(NR_file_setattr, AT_FDCWD,
	                                           esc_at("outside/file"), &attr, sizeof(attr), 0));
}

static int way_setxattrat(void)
{
	struct {
		uint64_t value;
		uint32_t size, flags;
	} args = {(uintptr_t) "x", 1, 0};

	return esc_verdict("setxattrat", esc_sys(NR_setxattrat, AT_FDCWD, esc_at("outside/file"), 0,
	                                         "user.turf", &args, sizeof(args)));
}

static int way_listmount(void)
{
	struct {
		uint32_t size, fd;
		uint64_t id, param, ns;
	} req = {.size = 32, .id = UINT64_MAX};
	uint64_t ids[8];

	return esc_verdict("listmount", esc_sys(NR_listmount, &req, ids, 8, 0));
}

static int way_open_tree_attr(void)
{
	return esc_verdict("open_tree_attr",
	                   esc_sys(NR_open_tree_attr, AT_FDCWD, esc_secret(), 0, 0, 0));
}

static int is_refused(long nr)
{
	long r = esc_sys(nr, 0, 0, 0, 0, 0, 0);

	fprintf(stderr, "%ld: %ld\n", nr, r);
	return r == -ENOSYS || r == -EPERM;
}

static int way_unknown(void)
{
	static const long numbers[] = {480, 500, 547, 600, 1000, 4095, 0x3fffffff};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (!is_refused(numbers[i]))
			return ESCAPED;
	return CONTAINED;
}

static const struct esc_way ways[] = {
        {"file_getattr", way_file_getattr},     {"file_setattr", way_file_setattr},
        {"setxattrat", way_setxattrat},         {"listmount", way_listmount},
        {"open_tree_attr", way_open_tree_attr}, {"unknown", way_unknown},
};
ESC_MAIN(ways)
