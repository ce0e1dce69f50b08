/*
 * Takes every capability away when turf is run as root, so that the program inside is no more than a user who
 * happens to own root's files. Silent and async-signal-safe: called in the child between clone and exec.
 */
#ifndef TURF_KERNEL_CAPS_H
#define TURF_KERNEL_CAPS_H

/*
 * Empties the effective, permitted, inheritable, ambient and bounding sets and locks the securebits that would
 * give a uid of 0 something back. Does nothing for a process without capabilities and without uid 0. 0 or -errno.
 *
 * Call it before the seccomp filter, together with no_new_privs: where CAP_SETPCAP is missing the bounding set
 * cannot be emptied, and no_new_privs alone keeps exec from giving anything back.
 */
int tf_caps_drop(void);

/* Whether the calling thread has any permitted capability: 1, 0, or -errno. */
int tf_caps_any(void);

#endif
