/*
 * dlopen and dlmopen of a library named by a path. The loader opens it by itself, so it is given the
 * host path.
 *
 * The loader looks at its return address: the caller's RUNPATH, $ORIGIN and namespace depend on it. So all
 * that needs no translation (bare names, $ORIGIN/..., a path that is the same on the host) is a jump to the real
 * function, as if libturf.so were not there. For an absolute path in another place the caller does not matter; it
 * is called from here, which also says how long the translated name has to live.
 *
 * The jump is written in assembly: clang makes a call of a tail call as soon as it inlines something with locals.
 */
#include <dlfcn.h>
#include "compose.h"

/* Where nothing is, for a library that the guest cannot see: dlerror() then still ends with its name. */
#define NOWHERE "/proc/self/fd/-1"

/* Whether the loader would take another file than the guest means. */
static int differs(const char *file)
{
	struct tf_place place;
	int r;

	if (!file || !tf_rt_view() || file[0] == '$' || !strchr(file, '/'))
		return 0;
	if (tf_compose_host(&place, file, TF_HOW_FOLLOW) < 0)
		return 1;
	r = strcmp(place.path, file);
	tf_rt_release(&place);
	return r;
}

typedef void *open_fn(void *ctx, const char *file, int mode);

static void *open_other(open_fn *open, void *ctx, const char *file, int mode)
{
	struct tf_place place;
	struct tf_slot *slot;
	size_t len = strlen(file);
	void *handle;

	if (tf_compose_host(&place, file, TF_HOW_FOLLOW) == 0) {
		handle = open(ctx, place.path, mode);
		tf_rt_release(&place);
		return handle;
	}
	slot = tf_rt_slot_take();
	if (!slot || len + sizeof(NOWHERE) + 1 > sizeof(slot->path)) {
		handle = open(ctx, NOWHERE, mode);
	} else {
		memcpy(slot->path, NOWHERE "/", sizeof(NOWHERE));
		memcpy(slot->path + sizeof(NOWHERE) - (file[0] == '/'), file, len + 1);
		handle = open(ctx, slot->path, mode);
	}
	if (slot)
		tf_rt_slot_give(slot);
	return handle;
}

static void *call_dlopen(void *ctx, const char *file, int mode)
{
	return TF_REAL(dlopen)(file, mode);
}

static void *call_dlmopen(void *ctx, const char *file, int mode)
{
	return TF_REAL(dlmopen)(*(Lmid_t *)ctx, file, mode);
}

static void *dlopen_other(const char *file, int mode)
{
	return open_other(call_dlopen, NULL, file, mode);
}

static void *dlmopen_other(Lmid_t space, const char *file, int mode)
{
	return open_other(call_dlmopen, &space, file, mode);
}

/* Which function the two entries below jump to. */
__attribute__((used)) void *tf_dl_target(const char *file);
__attribute__((used)) void *tf_dl_target_in(Lmid_t space, const char *file);

void *tf_dl_target(const char *file)
{
	return differs(file) ? (void *)dlopen_other : (void *)TF_REAL(dlopen);
}

void *tf_dl_target_in(Lmid_t space, const char *file)
{
	return differs(file) ? (void *)dlmopen_other : (void *)TF_REAL(dlmopen);
}

/* Arguments and stack as they came; the return address stays the caller's. */
#define ENTRY(name, target)                                                                        \
	__asm__(".pushsection .text\n"                                                             \
	        ".globl " #name "\n"                                                               \
	        ".type " #name ", @function\n" #name ":\n"                                         \
	        "	push %rdi\n"                                                                     \
	        "	push %rsi\n"                                                                     \
	        "	push %rdx\n"                                                                     \
	        "	call " #target "\n"                                                        \
	        "	pop %rdx\n"                                                                      \
	        "	pop %rsi\n"                                                                      \
	        "	pop %rdi\n"                                                                      \
	        "	jmp *%rax\n"                                                                     \
	        ".size " #name ", . - " #name "\n"                                                 \
	        ".popsection\n")

ENTRY(dlopen, tf_dl_target);
ENTRY(dlmopen, tf_dl_target_in);
