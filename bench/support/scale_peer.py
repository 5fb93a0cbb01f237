"""Watches many streams with dareplane-utils, one thread a stream: scale_peer.py PREFIX COUNT CHANNELS SECONDS WARM_UP_S

The threads update every 10 ms, as often as chunks come. The first channel counts samples: a step is a loss. Answers like
bench/limits/scale.c.
"""

import json
import os
import sys
import threading
import time

import numpy as np
from dareplane_utils.stream_watcher.lsl_stream_watcher import StreamWatcher

prefix, count, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[4])
PERIOD_S = 0.01
measuring = False
totals = np.zeros((count, 2), dtype=np.int64)


def read(watcher, total):
    last = -1
    while True:
        watcher.update()
        if watcher.n_new > 0:
            counts = watcher.samples[:, 0]
            steps = np.diff(counts, prepend=last) if last >= 0 else np.diff(counts)
            last = counts[-1]
            if measuring:
                total += (watcher.n_new, int(np.sum(steps - 1)))
            watcher.n_new = 0
        time.sleep(PERIOD_S)


def resident_mib():
    # Not ru_maxrss, which counts what the process that started this one had.
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 2**20


connecting = time.monotonic()
for i in range(count):
    each = StreamWatcher(f"{prefix}-{i}", buffer_size_s=2)
    each.connect_to_stream()
    threading.Thread(target=read, args=(each, totals[i]), daemon=True).start()
connect_s = time.monotonic() - connecting
time.sleep(float(sys.argv[5]))
measuring = True
start, cpu, delays = time.monotonic(), time.process_time(), []
while time.monotonic() < start + seconds:
    before = time.monotonic()
    time.sleep(PERIOD_S)
    delays.append((time.monotonic() - before - PERIOD_S) * 1000)
measuring = False
frames, lost = totals.sum(axis=0).tolist()
answer = {
    "frames": frames,
    "lost": lost,
    "seconds": time.monotonic() - start,
    "cpuS": time.process_time() - cpu,
    "rssMiB": resident_mib(),
    "connectS": connect_s,
    "delays": delays,
}
print(json.dumps(answer), flush=True)
sys.stdin.read()
