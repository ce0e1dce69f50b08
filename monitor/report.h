/* The report of a run as one JSON document (--report). */
#ifndef TURF_MONITOR_REPORT_H
#define TURF_MONITOR_REPORT_H

#include <stddef.h>
#include "monitor.h"

#define TF_REPORT_MAX 1024u /* always enough */

/*
 * Writes the document, a final newline included, as a string into buf. Numbers that are not known are null. Returns
 * its length without the NUL, or -ENOSPC.
 */
int tf_report_json(const struct tf_outcome *outcome, char *buf, size_t size);

#endif
