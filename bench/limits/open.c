/* The limit of connecting: finds the stream that each line names and opens an inlet on it; answers seconds. */
#include "lsl.h"

int main(void) {
	char name[256];
	printf("\"ready\"\n");
	fflush(stdout);
	while (read_line(name, sizeof name)) {
		double start = now_s();
		lsl_handle inlet = open_inlet(name, 60, 0);
		printf("%.6f\n", now_s() - start);
		fflush(stdout);
		lsl_destroy_inlet(inlet);
	}
	_Exit(0);
}
