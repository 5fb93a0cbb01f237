"""Prints a recording as pyxdf reads it, with metadata and footers, and what mne makes of its float32 stream: for recorder.interop.ts."""
import base64
import json
import sys

import mne
import numpy
import pyxdf

mne.set_log_level("ERROR")
streams, _ = pyxdf.load_xdf(sys.argv[1], synchronize_clocks=False, dejitter_timestamps=False)


def raw(array):
    return base64.b64encode(array.tobytes()).decode()


def labels(stream):
    channels = stream["info"]["desc"][0]["channels"][0]["channel"]
    return [channel["label"][0] for channel in channels]


def described(stream):
    footer = stream["footer"]["info"]
    return {
        "name": stream["info"]["name"][0],
        "times": raw(stream["time_stamps"]),
        "values": stream["time_series"] if isinstance(stream["time_series"], list) else raw(stream["time_series"]),
        "clockOffsets": list(zip(stream["clock_times"], stream["clock_values"])),
        "labels": labels(stream),
        "footer": {
            "first": footer["first_timestamp"][0],
            "last": footer["last_timestamp"][0],
            "count": footer["sample_count"][0],
        },
    }


# As mne's own tutorial on XDF does it: pyxdf reads, mne makes a recording of it.
eeg = next(s for s in streams if s["info"]["channel_format"][0] == "float32")
data = numpy.nan_to_num(eeg["time_series"].T) * 1e-6
info = mne.create_info(labels(eeg), float(eeg["info"]["nominal_srate"][0]), "eeg")
recording = mne.io.RawArray(data, info)
made = f"{type(recording).__name__} {recording.info['nchan']} x {recording.n_times}"
print(json.dumps({"streams": [described(s) for s in streams], "mne": made}))
