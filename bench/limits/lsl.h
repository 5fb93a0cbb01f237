/* The functions of liblsl that the limits call, declared here: a wheel brings the library without its headers. */
#ifndef LIMITS_LSL_H
#define LIMITS_LSL_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef void *lsl_handle;

extern int32_t lsl_resolve_byprop(lsl_handle *found, uint32_t room, const char *prop, const char *value, int32_t minimum, double timeout);
extern lsl_handle lsl_create_inlet(lsl_handle info, int32_t buffer_s, int32_t chunk, int32_t recover);
extern void lsl_destroy_inlet(lsl_handle inlet);
extern lsl_handle lsl_get_fullinfo(lsl_handle inlet, double timeout, int32_t *error);
extern void lsl_open_stream(lsl_handle inlet, double timeout, int32_t *error);
extern double lsl_pull_sample_f(lsl_handle inlet, float *values, int32_t count, double timeout, int32_t *error);
extern double lsl_pull_sample_d(lsl_handle inlet, double *values, int32_t count, double timeout, int32_t *error);
extern unsigned long lsl_pull_chunk_f(lsl_handle inlet, float *values, double *stamps, unsigned long count, unsigned long stamp_count, double timeout, int32_t *error);
extern lsl_handle lsl_create_streaminfo(const char *name, const char *type, int32_t channels, double rate, int32_t format, const char *source_id);
extern lsl_handle lsl_create_outlet(lsl_handle info, int32_t chunk, int32_t buffer_s);
extern int32_t lsl_push_sample_dt(lsl_handle outlet, const double *values, double stamp);
extern int32_t lsl_push_sample_str(lsl_handle outlet, const char **values);

enum { LSL_DOUBLE64 = 2, LSL_STRING = 3 };

/* Seconds of the clock that liblsl and Node's process.hrtime read. */
static inline double now_s(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec * 1e-9;
}

static inline double cpu_s(void) {
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec * 1e-9;
}

/* An open inlet on the stream of that name, that comes back by itself if `recover`; ends the program if there is none. */
static inline lsl_handle open_inlet(const char *name, int buffer_s, int recover) {
	int32_t error = 0;
	lsl_handle info = NULL;
	if (lsl_resolve_byprop(&info, 1, "name", name, 1, 15) != 1) {
		fprintf(stderr, "no stream %s\n", name);
		exit(1);
	}
	lsl_handle inlet = lsl_create_inlet(info, buffer_s, 0, recover);
	lsl_get_fullinfo(inlet, 10, &error);
	lsl_open_stream(inlet, 10, &error);
	return inlet;
}

/* The next line of stdin without its end; 0 when there is none. */
static inline int read_line(char *line, int room) {
	if (!fgets(line, room, stdin)) return 0;
	line[strcspn(line, "\n")] = 0;
	return 1;
}

#endif
