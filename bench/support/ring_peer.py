"""Python's ring work, timed in batches: a line of JSON says what, the answer is nanoseconds per call of each batch.

{"do": "append", "frames", "channels", "window"}  RingBuffer.add_samples of dareplane-utils
{"do": "window", "frames", "channels"}            its unfold_buffer
{"do": "copy", "frames", "channels"}              numpy copying the same bytes
{"do": "wake"}                                    threading.Event.set until the other thread runs
"""

import json
import sys
import threading
import time

import numpy as np
from dareplane_utils.general.ringbuffer import RingBuffer


def timed(work, calls, batches):
    took = []
    for _ in range(batches):
        start = time.perf_counter_ns()
        for _ in range(calls):
            work()
        took.append((time.perf_counter_ns() - start) / calls)
    return took


def append(frames, channels, window, calls, batches):
    ring = RingBuffer((window, channels), dtype=np.float32)
    samples = np.ones((frames, channels), dtype=np.float32)
    times = np.arange(frames, dtype=np.float64)
    return timed(lambda: ring.add_samples(samples, times), calls, batches)


def window(frames, channels, calls, batches):
    ring = RingBuffer((frames, channels), dtype=np.float32)
    ring.curr_i = frames // 3
    return timed(ring.unfold_buffer, calls, batches)


def copy(frames, channels, calls, batches):
    source = np.ones((frames, channels), dtype=np.float32)
    target = np.empty_like(source)
    return timed(lambda: np.copyto(target, source), calls, batches)


def wake(calls, batches):
    go, done = threading.Event(), threading.Event()
    woken = [0]

    def wait():
        for _ in range(calls * batches):
            go.wait()
            woken[0] = time.perf_counter_ns()
            go.clear()
            done.set()

    threading.Thread(target=wait, daemon=True).start()
    took = []
    for _ in range(calls * batches):
        time.sleep(0.0003)
        start = time.perf_counter_ns()
        go.set()
        done.wait()
        done.clear()
        took.append(woken[0] - start)
    return took


WORK = {"append": append, "window": window, "copy": copy, "wake": wake}
print('"ready"', flush=True)
for line in sys.stdin:
    order = json.loads(line)
    print(json.dumps(WORK[order.pop("do")](**order)), flush=True)
