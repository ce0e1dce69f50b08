/*
 * Gives back what a supervisor that waits does not need: pages of its own program file that were read while starting,
 * and the part of the stack that deep calls left behind. All of it comes back by itself when it is used again.
 */
#ifndef TURF_MONITOR_SLIM_H
#define TURF_MONITOR_SLIM_H

/* Cheap (10 us), but for a run of a millisecond still too dear: call it when there is time. Cannot fail. */
void tf_slim(void);

#endif
