/* The limit of filtering: the loop of scipy's sosfilt in C, float32 in, float64 out. Lines `FRAMES CHANNELS SECTIONS CALLS BATCHES` in, JSON out. */
#include "lsl.h"

static void filter(const double *coefficients, int sections, double *state, const float *in, double *out, int frames, int channels) {
	for (int channel = 0; channel < channels; channel++) {
		double *own = state + channel * 2 * sections;
		for (int frame = 0; frame < frames; frame++) {
			double value = in[frame * channels + channel];
			for (int s = 0; s < sections; s++) {
				const double *c = coefficients + 5 * s;
				double *z = own + 2 * s;
				double filtered = c[0] * value + z[0];
				z[0] = c[1] * value - c[3] * filtered + z[1];
				z[1] = c[2] * value - c[4] * filtered;
				value = filtered;
			}
			out[frame * channels + channel] = value;
		}
	}
}

int main(void) {
	printf("\"ready\"\n");
	fflush(stdout);
	char line[256];
	while (read_line(line, sizeof line)) {
		int frames, channels, sections, calls, batches;
		if (sscanf(line, "%d %d %d %d %d", &frames, &channels, &sections, &calls, &batches) != 5) return 1;
		double *coefficients = malloc(sizeof(double) * 5 * sections);
		for (int s = 0; s < sections; s++) {
			const double c[5] = {0.1, 0, -0.1, -1.9, 0.95};
			memcpy(coefficients + 5 * s, c, sizeof c);
		}
		double *state = calloc(2 * sections * channels, sizeof(double));
		float *in = malloc(sizeof(float) * frames * channels);
		for (int i = 0; i < frames * channels; i++) in[i] = (i * 37 % 100) / 100.0f;
		double *out = malloc(sizeof(double) * frames * channels);
		printf("[");
		for (int batch = 0; batch < batches; batch++) {
			double start = now_s();
			for (int call = 0; call < calls; call++) filter(coefficients, sections, state, in, out, frames, channels);
			printf(batch ? ",%.1f" : "%.1f", (now_s() - start) * 1e9 / calls);
		}
		printf("]\n");
		fflush(stdout);
		free(coefficients);
		free(state);
		free(in);
		free(out);
	}
	return 0;
}
