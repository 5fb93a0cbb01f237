"""A module of the closed loop as Python modules are built: chain_module.py pass|threshold IN OUT RATE SLEEP_S

A StreamWatcher of dareplane-utils is updated in a loop with sleep_s. pass forwards every sample with the time of its push,
threshold sends a marker when the signal rises above 0.5. For a line `FRAMES` it handles that many and answers JSON.
"""

import json
import sys
import time

import pylsl
from dareplane_utils.general.time import sleep_s
from dareplane_utils.stream_watcher.lsl_stream_watcher import StreamWatcher

kind, source, target, rate, sleep = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]), float(sys.argv[5])
SILENCE_S = 5

if kind == "pass":
    info = pylsl.StreamInfo(target, "Bench", 3, rate, pylsl.cf_double64, target)
else:
    info = pylsl.StreamInfo(target, "Markers", 1, 0, pylsl.cf_string, target)
outlet = pylsl.StreamOutlet(info)
watcher = StreamWatcher(source, buffer_size_s=2)
watcher.connect_to_stream()
high = False


def forward(samples):
    samples[:, 2] = time.monotonic()
    outlet.push_chunk(samples)


def threshold(samples):
    global high
    for sent, signal, decoded in samples:
        if signal > 0.5 and not high:
            outlet.push_sample([f"{sent:.9f} {decoded:.9f} {time.monotonic():.9f}"])
        high = signal > 0.5


handle = forward if kind == "pass" else threshold
print('"ready"', flush=True)
for line in sys.stdin:
    wanted, got, last = int(line), 0, time.monotonic()
    while got < wanted and time.monotonic() - last < SILENCE_S:
        watcher.update()
        if watcher.n_new > 0:
            got += watcher.n_new
            last = time.monotonic()
            handle(watcher.unfold_buffer()[-watcher.n_new :])
            watcher.n_new = 0
        sleep_s(sleep)
    print(json.dumps({"got": got}), flush=True)
