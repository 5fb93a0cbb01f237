"""Outlet and inlet of mne-lsl, as peer.py drives them."""
from mne_lsl.lsl import StreamInfo, StreamInlet, StreamOutlet, resolve_streams

from raw import array, format_of


class Outlet:
    def __init__(self, name, type, format, rate, channels, sourceId):
        self.format, self.count = format, len(channels)
        dtype = "float64" if format == "double64" else format
        info = StreamInfo(name, type, self.count, rate, dtype, sourceId)
        info.set_channel_names([channel["label"] for channel in channels])
        info.set_channel_units([channel["unit"] for channel in channels])
        info.set_channel_types([channel["type"] for channel in channels])
        self.outlet = StreamOutlet(info)

    def push(self, values, stamps):
        rows = values if self.format == "string" else array(values, self.format).reshape(-1, self.count)
        self.outlet.push_chunk(rows, array(stamps, "double64") if isinstance(stamps, str) else stamps)


class Inlet:
    def __init__(self, name):
        found = resolve_streams(timeout=10, name=name)
        self.inlet = StreamInlet(found[0], max_buffered=3600)
        self.inlet.open_stream(timeout=10)
        info = self.inlet.get_sinfo(timeout=10)
        self.format = "string" if info.dtype == "string" else format_of(info.dtype)
        self.described = {
            "labels": info.get_channel_names(),
            "units": info.get_channel_units(),
            "types": info.get_channel_types(),
            "rate": info.sfreq,
            "type": info.stype,
            "sourceId": info.source_id,
        }

    def pull(self, timeoutS):
        sample, stamp = self.inlet.pull_sample(timeout=timeoutS)
        if stamp is None:
            return [], []
        return [sample if self.format == "string" else sample.copy()], [stamp]
