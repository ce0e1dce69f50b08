/* The texts of the shipped profiles, so that a profile can be based on one of them on any host. */
#include "../embed.inc"

	table tf_profile_texts
#include "profile_texts.inc"
	table_end

	.section .note.GNU-stack, "", @progbits
