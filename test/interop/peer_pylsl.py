"""Outlet and inlet of pylsl, as peer.py drives them."""
import pylsl
from pylsl.lib import string2fmt

from raw import array

FORMATS = {number: name for name, number in string2fmt.items()}


class Outlet:
    def __init__(self, name, type, format, rate, channels, sourceId):
        self.format, self.count = format, len(channels)
        info = pylsl.StreamInfo(name, type, self.count, rate, format, sourceId)
        chns = info.desc().append_child("channels")
        for channel in channels:
            chn = chns.append_child("channel")
            for key, value in channel.items():
                chn.append_child_value(key, value)
        self.outlet = pylsl.StreamOutlet(info)

    def push(self, values, stamps):
        rows = values if self.format == "string" else array(values, self.format).reshape(-1, self.count)
        if isinstance(stamps, str):
            stamps = list(array(stamps, "double64"))
        self.outlet.push_chunk(rows, stamps)


class Inlet:
    def __init__(self, name):
        found = pylsl.resolve_byprop("name", name, 1, 10)
        self.inlet = pylsl.StreamInlet(found[0], max_buflen=3600)
        self.inlet.open_stream(timeout=10)
        info = self.inlet.info(timeout=10)
        self.format = FORMATS[info.channel_format()]
        self.described = {
            "labels": info.get_channel_labels(),
            "units": info.get_channel_units(),
            "types": info.get_channel_types(),
            "rate": info.nominal_srate(),
            "type": info.type(),
            "sourceId": info.source_id(),
        }

    def pull(self, timeoutS):
        return self.inlet.pull_chunk(timeout=timeoutS, max_samples=1024, min_samples=1, as_numpy=self.format != "string")
