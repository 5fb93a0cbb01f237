"""Prints a recording as pyxdf reads it, stamps and values as raw bytes, for xdf.interop.ts."""
import base64
import json
import sys

import pyxdf

streams, _ = pyxdf.load_xdf(sys.argv[1], synchronize_clocks=False, dejitter_timestamps=False)


def raw(array):
    return base64.b64encode(array.tobytes()).decode()


print(json.dumps([
    {
        "id": s["info"]["stream_id"],
        "name": s["info"]["name"][0],
        "times": raw(s["time_stamps"]),
        "values": s["time_series"] if isinstance(s["time_series"], list) else raw(s["time_series"]),
        "clockOffsets": list(zip(s["clock_times"], s["clock_values"])),
    }
    for s in streams
]))
