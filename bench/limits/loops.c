/* The limit of a loop with a period: clock_nanosleep to absolute times. Lines `PERIOD_US WORK_US TURNS` in, lateness in us as JSON out. */
#include "lsl.h"
#include <time.h>

int main(void) {
	printf("\"ready\"\n");
	fflush(stdout);
	char line[256];
	while (read_line(line, sizeof line)) {
		double period, work;
		int turns;
		if (sscanf(line, "%lf %lf %d", &period, &work, &turns) != 3) return 1;
		struct timespec start;
		clock_gettime(CLOCK_MONOTONIC, &start);
		double start_s = start.tv_sec + start.tv_nsec * 1e-9;
		printf("[");
		for (int turn = 0; turn < turns; turn++) {
			double due = start_s + turn * period * 1e-6;
			struct timespec at = {(time_t)due, (long)((due - (time_t)due) * 1e9)};
			clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
			struct timespec now;
			clock_gettime(CLOCK_MONOTONIC, &now);
			double now_at = now.tv_sec + now.tv_nsec * 1e-9;
			printf(turn ? ",%.2f" : "%.2f", (now_at - due) * 1e6);
			while (now_at < due + work * 1e-6) {
				clock_gettime(CLOCK_MONOTONIC, &now);
				now_at = now.tv_sec + now.tv_nsec * 1e-9;
			}
		}
		printf("]\n");
		fflush(stdout);
	}
	return 0;
}
