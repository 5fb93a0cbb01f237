"""Python's signal work: a line of JSON says what, the answer is a list of numbers.

{"do": "sosfilt", "frames", "channels", "sections", "calls", "batches"}  nanoseconds per call of scipy.signal.sosfilt with its state
{"do": "loop", "periodS", "workS", "turns"}                              lateness of dareplane-utils' EventLoop, us
"""

import json
import sys
import time

import numpy as np


def sosfilt(frames, channels, sections, calls, batches):
    from scipy import signal

    sos = np.tile([0.1, 0, -0.1, 1, -1.9, 0.95], (sections, 1))
    x = np.ones((channels, frames), dtype=np.float32)
    zi = np.zeros((sections, channels, 2))
    took = []
    for _ in range(batches):
        start = time.perf_counter_ns()
        for _ in range(calls):
            _, zi = signal.sosfilt(sos, x, zi=zi)
        took.append((time.perf_counter_ns() - start) / calls)
    return took


def loop(periodS, workS, turns):
    from dareplane_utils.general.event_loop import EventLoop

    starts = []
    events = EventLoop(dt_s=periodS)

    def turn():
        now = time.perf_counter()
        starts.append(now)
        if len(starts) == turns:
            events.stop_event.set()
        while time.perf_counter() < now + workS:
            pass

    events.add_callback(turn)
    events.run()
    return [(start - starts[0] - turn * periodS) * 1e6 for turn, start in enumerate(starts)]


WORK = {"sosfilt": sosfilt, "loop": loop}
print('"ready"', flush=True)
for line in sys.stdin:
    order = json.loads(line)
    print(json.dumps(WORK[order.pop("do")](**order)), flush=True)
