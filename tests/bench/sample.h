/*
 * Starting programs with a clock in the hand, and the statistics. Nothing here knows turf.
 */
#ifndef TURF_BENCH_SAMPLE_H
#define TURF_BENCH_SAMPLE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define TF_MAX_SAMPLES 1000

/* A series of measured values. */
struct tf_series {
	double value[TF_MAX_SAMPLES];
	int count;
};

/* Nanoseconds of CLOCK_MONOTONIC. */
uint64_t tf_sample_now_ns(void);

/* Dropped when the series is full. */
void tf_sample_add(struct tf_series *series, double value);

/* Sorts. NAN for an empty series. */
double tf_sample_median(struct tf_series *series);

/* The value that a tenth of the samples stay below: what it costs when other work does not come between. Sorts. NAN as above. */
double tf_sample_tenth(struct tf_series *series);

/* Spawn to end, in µs, output thrown away. Blocks. Negative when it cannot be started or fails. */
double tf_sample_start_us(const char *const argv[]);

/* From right before its exec to what the program (raw stamp) says its main was reached at, in µs. Blocks. Negative on failure. */
double tf_sample_stamp_us(const char *const argv[]);

/* Runs argv to its end and keeps what it writes to stdout as a string in buf. Blocks. 0 or -1. */
int tf_sample_output(const char *const argv[], char *buf, size_t size);

/* The number behind "name " at a line's beginning; NAN when there is none. */
double tf_sample_field(const char *text, const char *name);

/* Starts argv without waiting; its pid or -1. */
pid_t tf_sample_spawn(const char *const argv[]);

#endif
