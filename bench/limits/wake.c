/* The limit of waking a thread: one thread signals a condition variable, the other says when it ran. Lines `COUNT` in, JSON out. */
#include "lsl.h"
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long asked, answered;
static double woken_s;

static void *wakes(void *unused) {
	pthread_mutex_lock(&mutex);
	for (;;) {
		while (asked == answered) pthread_cond_wait(&changed, &mutex);
		woken_s = now_s();
		answered = asked;
		pthread_cond_signal(&changed);
	}
	return unused;
}

int main(void) {
	pthread_t thread;
	pthread_create(&thread, NULL, wakes, NULL);
	printf("\"ready\"\n");
	fflush(stdout);
	char line[64];
	while (read_line(line, sizeof line)) {
		long count = atol(line);
		printf("[");
		for (long i = 0; i < count; i++) {
			usleep(300); /* the other thread has gone to sleep */
			pthread_mutex_lock(&mutex);
			double start = now_s();
			asked++;
			pthread_cond_signal(&changed);
			while (asked != answered) pthread_cond_wait(&changed, &mutex);
			printf(i ? ",%.3f" : "%.3f", (woken_s - start) * 1e6);
			pthread_mutex_unlock(&mutex);
		}
		printf("]\n");
		fflush(stdout);
	}
	_Exit(0);
}
