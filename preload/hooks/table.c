/*
 * Holds hooks.def to its own rules at compile time: every family, class, path shape and follow rule is
 * one of those below, and no symbol has two rows. Leaves nothing in libturf.so.
 */

/* The words that hooks.def may use; new ones are added here. */
enum tf_table_class {
	TF_CLASS_SYSCALL,
	TF_CLASS_REAL,
	TF_CLASS_OWN,
	TF_CLASS_REFUSED,
	TF_CLASS_LISTED,
};

enum tf_table_paths {
	TF_PATHS_NONE,
	TF_PATHS_P1,
	TF_PATHS_P2,
	TF_PATHS_P3,
	TF_PATHS_P1P2,
	TF_PATHS_D1P2,
	TF_PATHS_D2P3,
	TF_PATHS_D4P5,
	TF_PATHS_D1P2D3P4,
	TF_PATHS_A2,
	TF_PATHS_M2,
	TF_PATHS_VAR,
	TF_PATHS_OUT,
};

enum tf_table_follow {
	TF_FOLLOW_NA,
	TF_FOLLOW_FOLLOW,
	TF_FOLLOW_NOFOLLOW,
	TF_FOLLOW_FLAGS,
};

enum tf_table_family {
#define TF_FAMILY(name, what) TF_FAMILY_##name,
#include "hooks.def"
};

/* Two rows for one symbol are two enumerators of one name. */
enum tf_table_symbol {
#define TF_HOOK(symbol, family, class, paths, follow, note) TF_SYMBOL_##symbol,
#include "hooks.def"
};

#define TF_HOOK(symbol, family, class, paths, follow, note)                                        \
	_Static_assert(TF_FAMILY_##family >= 0 && TF_PATHS_##paths >= 0 &&                         \
	                       TF_FOLLOW_##follow >= 0,                                            \
	               #symbol ": unknown family, paths or follow");                               \
	_Static_assert(                                                                            \
	        (TF_CLASS_##class != TF_CLASS_LISTED && TF_CLASS_##class != TF_CLASS_REFUSED) ||   \
	                sizeof(note) > 1,                                                          \
	        #symbol ": a row that is not hooked says why");
#include "hooks.def"
