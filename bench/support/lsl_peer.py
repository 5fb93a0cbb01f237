"""A Python program that receives one stream: lsl_peer.py KIND NAME CHANNELS BUFFER_S SLEEP_S

pylsl: blocks for a sample, drains the rest into one array. dareplane: StreamWatcher.update() in a loop with sleep_s(SLEEP_S).
For a line with a number it takes that many frames and answers JSON like bench/limits/pull.c. Stamps are of the clock that
Node reads.
"""

import json
import sys
import time

import numpy as np
import pylsl

kind, name, channels, buffer_s, sleep = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])
CHUNK = 1024
SILENCE_S = 10


def with_pylsl():
    (info,) = pylsl.resolve_byprop("name", name, timeout=15)
    inlet = pylsl.StreamInlet(info, max_buflen=buffer_s, recover=False)
    inlet.open_stream(timeout=10)
    chunk = np.zeros((CHUNK, channels), dtype=np.float32)

    def pull():
        sample, stamp = inlet.pull_sample(timeout=0.1)
        if sample is None:
            return 0, 0.0
        _, stamps = inlet.pull_chunk(timeout=0.0, max_samples=CHUNK, dest_obj=chunk)
        return 1 + len(stamps), stamps[-1] if len(stamps) else stamp

    return pull


def with_dareplane():
    from dareplane_utils.general.time import sleep_s
    from dareplane_utils.stream_watcher.lsl_stream_watcher import StreamWatcher

    watcher = StreamWatcher(name, buffer_size_s=2)
    watcher.connect_to_stream()

    def pull():
        watcher.update()
        frames = watcher.n_new
        watcher.n_new = 0
        if sleep > 0 and frames == 0:
            sleep_s(sleep)
        return frames, watcher.ring_buffer.last_t

    return pull


pull = with_pylsl() if kind == "pylsl" else with_dareplane()
print('"ready"', flush=True)
for line in sys.stdin:
    wanted, got, latencies = int(line), 0, []
    cpu, last = time.process_time(), time.monotonic()
    while got < wanted and time.monotonic() - last < SILENCE_S:
        frames, stamp = pull()
        if frames:
            last = time.monotonic()
            got += frames
            latencies.append(last - stamp)
    print(json.dumps({"got": got, "lastS": last, "cpuS": time.process_time() - cpu, "latencies": latencies}), flush=True)
