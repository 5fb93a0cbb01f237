"""The StreamWatcher of dareplane_utils, as peer.py drives it."""
import time

from dareplane_utils.stream_watcher.lsl_stream_watcher import StreamWatcher

from raw import format_of, raw


class Watcher:
    def __init__(self, name, bufferSizeS):
        self.watcher = StreamWatcher(name, buffer_size_s=bufferSizeS)
        self.watcher.connect_to_stream()
        self.taken = 0
        buffer = self.watcher.ring_buffer.buffer
        self.format = "string" if buffer.dtype == object else format_of(buffer.dtype)
        self.described = {"names": self.watcher.channel_names, "frames": len(buffer), "format": self.format}

    def update(self, total):
        """Updates until `total` frames have come since connecting, and tells what there is."""
        watcher = self.watcher
        end = time.monotonic() + 10
        while self.taken + watcher.n_new < total and time.monotonic() < end:
            watcher.update()
        data = watcher.unfold_buffer()
        return {
            "data": data.tolist() if self.format == "string" else raw(data, self.format),
            "times": raw(watcher.unfold_buffer_t(), "double64"),
            "nNew": watcher.n_new,
            "lastT": float(watcher.ring_buffer.last_t),
            "publicLastT": float(watcher.last_t),
            "publicCurrI": watcher.curr_i,
        }

    def take(self):
        self.taken += self.watcher.n_new
        self.watcher.n_new = 0

    def disconnect(self):
        self.watcher.disconnect()
