/*
 * The limit of many streams: scale PREFIX COUNT CHANNELS SECONDS WARM_UP_S. One thread a stream, as pull.c. The first channel counts
 * samples: a step is a loss. This thread only sleeps 10 ms at a time and notes how late it wakes. Answers one line of JSON.
 */
#include "lsl.h"
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

enum { CHUNK = 1024, MOST_STREAMS = 64, MOST_DELAYS = 10000 };
static const double PERIOD_S = 0.01;
static int channels;
static volatile int measuring;

struct stream {
	lsl_handle inlet;
	long frames, lost;
};
static struct stream streams[MOST_STREAMS];

static void count(struct stream *stream, const float *values, long frames, float *last) {
	for (long i = 0; i < frames; i++, values += channels) {
		if (measuring && *last >= 0) stream->lost += (long)(values[0] - *last) - 1;
		*last = values[0];
	}
	if (measuring) stream->frames += frames;
}

/* Not ru_maxrss, which counts what the process that started this one had. */
static double resident_mib(void) {
	long all = 0, resident = 0;
	FILE *file = fopen("/proc/self/statm", "r");
	if (file == NULL) return 0;
	if (fscanf(file, "%ld %ld", &all, &resident) != 2) resident = 0;
	fclose(file);
	return resident * (double)sysconf(_SC_PAGESIZE) / 1048576;
}

static void *pull(void *argument) {
	struct stream *stream = argument;
	int32_t error;
	float *values = malloc(sizeof(float) * channels * (CHUNK + 1)), last = -1;
	double stamps[CHUNK];
	for (;;) {
		if (lsl_pull_sample_f(stream->inlet, values, channels, 0.1, &error) == 0) continue;
		long more = lsl_pull_chunk_f(stream->inlet, values + channels, stamps, (unsigned long)CHUNK * channels, CHUNK, 0, &error) / channels;
		count(stream, values, 1 + more, &last);
	}
	return NULL;
}

int main(int count, char **args) {
	if (count < 6) return 2;
	int n = atoi(args[2]);
	channels = atoi(args[3]);
	double connecting = now_s();
	for (int i = 0; i < n; i++) {
		char name[256];
		snprintf(name, sizeof name, "%s-%d", args[1], i);
		streams[i].inlet = open_inlet(name, 60, 0);
		pthread_t thread;
		pthread_create(&thread, NULL, pull, &streams[i]);
	}
	double connected = now_s() - connecting;
	static double delays[MOST_DELAYS];
	int seen = 0;
	struct timespec warm_up = {atoi(args[5]), 0}, period = {0, (long)(PERIOD_S * 1e9)};
	nanosleep(&warm_up, NULL);
	measuring = 1;
	double start = now_s(), cpu = cpu_s();
	while (now_s() < start + atof(args[4]) && seen < MOST_DELAYS) {
		double before = now_s();
		nanosleep(&period, NULL);
		delays[seen++] = (now_s() - before - PERIOD_S) * 1000;
	}
	measuring = 0;
	double seconds = now_s() - start;
	cpu = cpu_s() - cpu;
	long frames = 0, lost = 0;
	for (int i = 0; i < n; i++) frames += streams[i].frames, lost += streams[i].lost;
	printf("{\"frames\":%ld,\"lost\":%ld,\"seconds\":%.3f,\"cpuS\":%.4f,\"rssMiB\":%.0f,\"connectS\":%.4f,\"delays\":[", frames, lost, seconds, cpu, resident_mib(), connected);
	for (int i = 0; i < seen; i++) printf(i ? ",%.4f" : "%.4f", delays[i]);
	printf("]}\n");
	fflush(stdout);
	_Exit(0);
}
