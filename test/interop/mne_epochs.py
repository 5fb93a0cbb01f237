"""mne-lsl's EpochsStream on live streams, for test/interop/epochs.interop.ts: mne_epochs.py SIGNAL MARKERS COUNT TMIN TMAX.

Says 'ready' once it listens, and then, when it has COUNT epochs of the events 1 and 2, what they are.
"""
import base64
import json
import sys
import time

import numpy as np
from mne_lsl.stream import EpochsStream, StreamLSL

signal_name, marker_name, count, tmin, tmax = sys.argv[1], sys.argv[2], int(sys.argv[3]), *map(float, sys.argv[4:6])
signal = StreamLSL(60, name=signal_name).connect(acquisition_delay=None, timeout=20)
markers = StreamLSL(100, name=marker_name).connect(acquisition_delay=None, timeout=20)
epochs = EpochsStream(
    signal,
    bufsize=count,
    event_id={"left": 1, "right": 2},
    event_channels=markers.ch_names[0],
    event_stream=markers,
    tmin=tmin,
    tmax=tmax,
    baseline=None,
    picks="all",
).connect(acquisition_delay=None)
print('"ready"', flush=True)
end = time.monotonic() + 40
while epochs.n_new_epochs < count and time.monotonic() < end:
    markers.acquire()
    signal.acquire()
    epochs.acquire()
    time.sleep(0.005)
events = epochs.events.tolist()
# Epochs x channels x samples there.
data = np.ascontiguousarray(epochs.get_data().transpose(0, 2, 1))
print(json.dumps({"events": events, "shape": data.shape, "data": base64.b64encode(data.tobytes()).decode(), "type": str(data.dtype)}))
