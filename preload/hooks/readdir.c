/*
 * Listing a directory that holds something hidden. A hidden path does not exist for the guest, so its name must not be
 * listed either. Only where the view hides something inside a host's directory does a listing cost more than before:
 * one comparison of names an entry.
 */
#include <dirent.h>
#include <string.h>

#include "call.h"

/* Whether name is the last component of some hidden mapping. */
static int is_hidden_name(const struct tf_view *view, const char *name)
{
	size_t n = strlen(name);

	for (uint32_t i = 0; i < view->head->nmappings; i++) {
		const struct tf_mapping *map = &view->map[i];
		const char *guest = tf_view_str(view, map->guest);

		if (map->kind == TF_KIND_HIDDEN && map->guest.len > n &&
		    guest[map->guest.len - n - 1] == '/' &&
		    memcmp(guest + map->guest.len - n, name, n) == 0)
			return 1;
	}
	return 0;
}

/* Whether name in the directory that fd is open on is hidden. */
static int is_hidden(int fd, const char *name)
{
	const struct tf_view *view = tf_rt_view();
	struct tf_slot *slot;
	int n, ret = 0;

	if (!view || !(view->head->flags & TF_VIEW_NESTED) || !is_hidden_name(view, name))
		return 0;
	slot = tf_rt_slot_take();
	if (!slot)
		return 1;
	n = tf_rt_guest_path(fd, name, TF_HOW_NOFOLLOW, slot->path, sizeof(slot->path));
	ret = n == -ENOENT;
	tf_rt_slot_give(slot);
	return ret;
}

extern int dirfd(DIR *dir) __attribute__((weak));

TF_EXPORT struct dirent *tf_hook_readdir(DIR *dir) TF_NAMED(readdir);
TF_EXPORT int tf_hook_readdir_r(DIR *dir, struct dirent *entry, struct dirent **ret)
        TF_NAMED(readdir_r);

struct dirent *tf_hook_readdir(DIR *dir)
{
	struct dirent *d;

	do
		d = TF_REAL(readdir)(dir);
	while (d && is_hidden(dirfd(dir), d->d_name));
	return d;
}
TF_TWIN(readdir64, readdir);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
int tf_hook_readdir_r(DIR *dir, struct dirent *entry, struct dirent **ret)
{
	int rc;

	do
		rc = TF_REAL(readdir_r)(dir, entry, ret);
	while (rc == 0 && *ret && is_hidden(dirfd(dir), (*ret)->d_name));
	return rc;
}
#pragma GCC diagnostic pop
TF_TWIN(readdir64_r, readdir_r);
