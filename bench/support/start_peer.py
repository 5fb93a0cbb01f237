"""Connects Python StreamWatchers: for a line of names answers how many seconds all of them took, one after the other."""

import sys
import time

from dareplane_utils.stream_watcher.lsl_stream_watcher import StreamWatcher

print('"ready"', flush=True)
for line in sys.stdin:
    start = time.monotonic()
    watchers = [StreamWatcher(name, buffer_size_s=2) for name in line.split()]
    for watcher in watchers:
        watcher.connect_to_stream()
    print(time.monotonic() - start, flush=True)
    for watcher in watchers:
        watcher.disconnect()
