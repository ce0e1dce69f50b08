/*
 * What turf carries inside itself: libturf.so (from tf_embed_libturf to tf_embed_libturf_end) and the compiled
 * profiles (tf_profile_plans, base/embedded.h). LIBTURF, LIBTURF_ID (changes with its content) and the list of profiles
 * come from conf/module.mk.
 */
#include "embed.inc"

	.section .rodata.libturf, "a"
	.balign 4096
	.global tf_embed_libturf, tf_embed_libturf_end, tf_embed_libturf_id
tf_embed_libturf:
	.incbin LIBTURF
tf_embed_libturf_end:
	.byte 0
tf_embed_libturf_id:
	.asciz LIBTURF_ID

	table tf_profile_plans
#include "profile_plans.inc"
	table_end

	.section .note.GNU-stack, "", @progbits
