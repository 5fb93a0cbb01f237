/*
 * The limit of the watcher: pull NAME CHANNELS BUFFER_S RECOVER. One thread pulls into one array, blocking for a first
 * sample and draining the rest, and wakes this thread by a condition variable for each pull. Nothing is kept. For a line
 * `FRAMES` it takes that many and answers a line of JSON: how many came, when the last was seen, CPU seconds, and the
 * latency of the newest sample of each wake-up, seen from the woken thread. `next` answers when the next sample came.
 */
#include "lsl.h"
#include <pthread.h>

enum { CHUNK = 1024, MOST_LATENCIES = 100000, SILENCE_S = 10 };

static lsl_handle inlet;
static int channels;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;
static long got;
static double newest_stamp;

static void *pull(void *unused) {
	int32_t error;
	float *values = malloc(sizeof(float) * channels * (CHUNK + 1));
	double stamps[CHUNK];
	for (;;) {
		double stamp = lsl_pull_sample_f(inlet, values, channels, 0.1, &error);
		if (stamp == 0) continue;
		long more = lsl_pull_chunk_f(inlet, values + channels, stamps, (unsigned long)CHUNK * channels, CHUNK, 0, &error) / channels;
		pthread_mutex_lock(&mutex);
		got += 1 + more;
		newest_stamp = more > 0 ? stamps[more - 1] : stamp;
		pthread_mutex_unlock(&mutex);
		pthread_cond_signal(&arrived);
	}
	return unused;
}

/* Waits until more than `seen` have come; 0 after so many seconds without. */
static int wait_beyond(long seen, double seconds) {
	struct timespec end;
	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += (time_t)seconds;
	int timed_out = 0;
	while (got <= seen && !timed_out) timed_out = pthread_cond_timedwait(&arrived, &mutex, &end) != 0;
	return got > seen;
}

static double latencies[MOST_LATENCIES];

int main(int count, char **args) {
	if (count < 5) return 2;
	channels = atoi(args[2]);
	inlet = open_inlet(args[1], atoi(args[3]), atoi(args[4]));
	pthread_t thread;
	pthread_create(&thread, NULL, pull, NULL);
	printf("\"ready\"\n");
	fflush(stdout);
	char line[64];
	long taken = 0;
	pthread_mutex_lock(&mutex);
	for (;;) {
		pthread_mutex_unlock(&mutex);
		int more = read_line(line, sizeof line);
		pthread_mutex_lock(&mutex);
		if (!more) break;
		if (strcmp(line, "next") == 0) {
			long before = got;
			wait_beyond(before, 60);
			taken = got;
			printf("{\"got\":%ld,\"lastS\":%.9f}\n", got - before, now_s());
			fflush(stdout);
			continue;
		}
		long wanted = taken + atol(line), first = taken;
		int n = 0;
		double cpu = cpu_s(), last = 0;
		while (taken < wanted && wait_beyond(taken, SILENCE_S)) {
			last = now_s();
			taken = got;
			if (n < MOST_LATENCIES) latencies[n++] = last - newest_stamp;
		}
		printf("{\"got\":%ld,\"lastS\":%.9f,\"cpuS\":%.6f,\"latencies\":[", taken - first, last, cpu_s() - cpu);
		for (int i = 0; i < n; i++) printf(i ? ",%.9f" : "%.9f", latencies[i]);
		printf("]}\n");
		fflush(stdout);
	}
	/* The thread is in the library: leaving without its destructors is the quick way out. */
	_Exit(0);
}
