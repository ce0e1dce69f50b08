/*
 * libturf.so's own start: the view is looked for when the library is loaded, so that a broken one ends the process before the
 * program runs. Not part of `turf`, which links the rest of rt and gives it a view itself (tf_rt_adopt).
 */
#include "rt.h"

__attribute__((constructor)) static void start(void)
{
	tf_rt_view();
}
