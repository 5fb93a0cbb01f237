"""What Python computes, for test/interop/signal.interop.ts. Arguments: what, and a file."""
import json
import sys

import numpy as np


def filter_bank(_):
    from dareplane_utils.signal_processing.filtering import FilterBank

    x = np.float32(1 + np.cumsum(np.random.default_rng(3).standard_normal((200, 2)), axis=0))
    x[0] = 1  # Python's initial state is that of a signal of 1
    times = np.arange(200) / 250
    out = {"input": x.ravel().tolist(), "times": times.tolist()}
    for output in ("signal", "square"):
        bank = FilterBank({"alpha": [8, 12], "beta": [12, 30]}, order=4, sfreq=250, output=output, n_in_channels=2)
        rows = []
        for first in range(0, 200, 20):
            bank.filter(x[first : first + 20].astype(float), times[first : first + 20])
            rows.append(bank.get_data().copy())
            bank.n_new = 0
        out[output] = np.concatenate(rows).ravel().tolist()
    return out


def corrected(stream):
    """Clock offsets applied: straight lines between the measurements, apart before and after a reset."""
    offsets = stream["footer"]["info"]["clock_offsets"][0]["offset"]
    at = np.array([float(o["time"][0]) for o in offsets])
    value = np.array([float(o["value"][0]) for o in offsets])
    parts = np.split(np.arange(len(at)), 1 + np.flatnonzero(np.abs(np.diff(value)) >= 1))
    stamps = stream["time_stamps"]
    apart = np.array([np.maximum.reduce([at[p[0]] - stamps, stamps - at[p[-1]], 0 * stamps]) for p in parts])
    nearest = len(parts) - 1 - np.argmin(apart[::-1], axis=0)
    moved = np.empty_like(stamps)
    for k, p in enumerate(parts):
        here = nearest == k
        moved[here] = stamps[here] + np.interp(stamps[here], at[p], value[p])
    return moved


def epochs(file):
    import pyxdf

    streams, _ = pyxdf.load_xdf(file, synchronize_clocks=False, dejitter_timestamps=False)
    eeg = next(s for s in streams if s["info"]["type"][0] == "EEG")
    markers = next(s for s in streams if s["info"]["type"][0] == "Markers")
    times, rate = corrected(eeg), float(eeg["info"]["nominal_srate"][0])
    out = []
    for time, row in zip(corrected(markers), markers["time_series"]):
        start = int(np.searchsorted(times, time, side="left")) + round(-0.2 * rate)
        cut = eeg["time_series"][max(0, start) : start + int(rate)]
        out.append({"marker": row[0], "time": time, "start": start, "frames": len(cut), "first": float(cut[0, 0]) if len(cut) else None, "sum": float(cut.astype(float).sum())})
    return out


print(json.dumps({"filter_bank": filter_bank, "epochs": epochs}[sys.argv[1]](sys.argv[2] if len(sys.argv) > 2 else None)))
