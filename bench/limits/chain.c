/*
 * The limit of the closed loop: chain pass IN OUT RATE forwards every sample of IN with the time of its own push; chain
 * threshold IN OUT RATE sends a marker when the signal rises above 0.5. Samples are double64: source time, signal, decoder
 * time. For a line `FRAMES` it handles that many and answers a line of JSON.
 */
#include "lsl.h"

enum { FIELDS = 3, SILENT_TURNS = 50 };

int main(int count, char **args) {
	if (count < 5) return 2;
	int passing = strcmp(args[1], "pass") == 0;
	lsl_handle info = passing ? lsl_create_streaminfo(args[3], "Bench", FIELDS, atof(args[4]), LSL_DOUBLE64, args[3])
							  : lsl_create_streaminfo(args[3], "Markers", 1, 0, LSL_STRING, args[3]);
	lsl_handle outlet = lsl_create_outlet(info, 0, 60);
	lsl_handle inlet = open_inlet(args[2], 60, 0);
	printf("\"ready\"\n");
	fflush(stdout);
	char line[64], text[128];
	const char *marker = text;
	double sample[FIELDS];
	int high = 0;
	while (read_line(line, sizeof line)) {
		long wanted = atol(line), got = 0;
		int32_t error;
		for (int silent = 0; got < wanted && silent < SILENT_TURNS;) {
			double stamp = lsl_pull_sample_d(inlet, sample, FIELDS, 0.1, &error);
			silent = stamp == 0 ? silent + 1 : 0;
			if (stamp == 0) continue;
			got++;
			if (passing) {
				sample[2] = now_s();
				lsl_push_sample_dt(outlet, sample, sample[2]);
			} else if (sample[1] > 0.5 && !high) {
				snprintf(text, sizeof text, "%.9f %.9f %.9f", sample[0], sample[2], now_s());
				lsl_push_sample_str(outlet, &marker);
			}
			high = sample[1] > 0.5;
		}
		printf("{\"got\":%ld}\n", got);
		fflush(stdout);
	}
	_Exit(0);
}
