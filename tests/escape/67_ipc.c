/*
 * Attack 67 and the kernel's other doors: objects that all processes of a user share without any file: SysV
 * memory, semaphores, queues, the user's keyring; and calls with a long record of holes (bpf, perf, userfaultfd).
 * An escape: a call that works.
 */
#include <linux/bpf.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "escape.h"

static int way_shm(void)
{
	long id = esc_sys(SYS_shmget, IPC_PRIVATE, 4096, IPC_CREAT | 0600);

	if (id >= 0)
		esc_sys(SYS_shmctl, id, IPC_RMID, 0);
	return esc_verdict("shmget", id);
}

static int way_sem(void)
{
	long id = esc_sys(SYS_semget, IPC_PRIVATE, 1, IPC_CREAT | 0600);

	if (id >= 0)
		esc_sys(SYS_semctl, id, 0, IPC_RMID, 0);
	return esc_verdict("semget", id);
}

static int way_msg(void)
{
	long id = esc_sys(SYS_msgget, IPC_PRIVATE, IPC_CREAT | 0600);

	if (id >= 0)
		esc_sys(SYS_msgctl, id, IPC_RMID, 0);
	return esc_verdict("msgget", id);
}

static int way_keyring(void)
{
	return esc_verdict("keyctl",
	                   esc_sys(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_USER_KEYRING, 1));
}

static int way_add_key(void)
{
	return esc_verdict("add_key", esc_sys(SYS_add_key, "user", "turf-escape", "x", 1,
	                                      KEY_SPEC_PROCESS_KEYRING));
}

static int way_perf(void)
{
	struct perf_event_attr attr = {.type = PERF_TYPE_SOFTWARE,
	                               .size = sizeof(attr),
	                               .config = PERF_COUNT_SW_TASK_CLOCK,
	                               .exclude_kernel = 1,
	                               .exclude_hv = 1};

	return esc_verdict("perf_event_open", esc_sys(SYS_perf_event_open, &attr, 0, -1, -1, 0));
}

static int way_bpf(void)
{
	union bpf_attr attr = {
	        .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};

	return esc_verdict("bpf", esc_sys(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr)));
}

static int way_userfaultfd(void)
{
	return esc_verdict("userfaultfd", esc_sys(SYS_userfaultfd, 1 /* UFFD_USER_MODE_ONLY */));
}

static int way_name_to_handle(void)
{
	struct {
		unsigned int bytes;
		int type;
		char handle[128];
	} handle = {.bytes = 128};
	int mount_id;

	return esc_verdict("name_to_handle_at", esc_sys(SYS_name_to_handle_at, AT_FDCWD,
	                                                esc_secret(), &handle, &mount_id, 0));
}

static const struct esc_way ways[] = {
        {"shm", way_shm},
        {"sem", way_sem},
        {"msg", way_msg},
        {"keyring", way_keyring},
        {"add_key", way_add_key},
        {"perf", way_perf},
        {"bpf", way_bpf},
        {"userfaultfd", way_userfaultfd},
        {"name_to_handle", way_name_to_handle},
};
ESC_MAIN(ways)
