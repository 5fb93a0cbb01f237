"""Prints the corrected stamps of a recording, computed by the steps of pyxdf with numbers of 40 digits, and those of pyxdf: for xdf.interop.ts."""
import base64
import json
import sys
from decimal import Decimal, getcontext

import numpy
import pyxdf

getcontext().prec = 40
WINSOR = Decimal("0.0001")


def line(x, y):
    """The least squares line."""
    mx, my = sum(x) / len(x), sum(y) / len(y)
    slope = sum((a - mx) * (b - my) for a, b in zip(x, y)) / sum((a - mx) ** 2 for a in x)
    return my - slope * mx, slope


def robust_line(x, y):
    """_robust_fit of pyxdf: 1000 steps of ADMM."""
    z = u = [Decimal(0)] * len(x)
    for _ in range(1000):
        height, slope = line(x, [b + c - e for b, c, e in zip(y, z, u)])
        d = [height + slope * a - b + e for a, b, e in zip(x, y, u)]
        z = [e / 2 + max(Decimal(0), 1 - 2 * abs(1 / e if e else e)) * e / 2 for e in d]
        u = [e - c for e, c in zip(d, z)]
    return height, slope


def synchronised(stamps, offsets, segments, resets):
    """Each of `segments` by the offsets between two of `resets`, first and last index of each."""
    corrected = []
    for (first, last), (start, stop) in zip(segments, resets):
        x = [Decimal(time) / WINSOR for time, _ in offsets[start : stop + 1]]
        height, slope = robust_line(x, [Decimal(offset) / WINSOR for _, offset in offsets[start : stop + 1]])
        corrected += [t + (height * WINSOR + slope * t) for t in stamps[first : last + 1]]
    return corrected


def dejittered(stamps, segments):
    """Each of `segments` on a line of its own."""
    corrected = []
    for first, last in segments:
        index = [Decimal(i) for i in range(first, last + 1)]
        start, step = line(index, stamps[first : last + 1])
        corrected += [start + step * i for i in index]
    return corrected


def raw(stamps):
    return base64.b64encode(numpy.array([float(t) for t in stamps]).tobytes()).decode()


recorded, _ = pyxdf.load_xdf(sys.argv[1], synchronize_clocks=False, dejitter_timestamps=False)
read, _ = pyxdf.load_xdf(sys.argv[1])
result = []
for before, after in zip(recorded, read):
    offsets = list(zip(before["clock_times"], before["clock_values"]))
    # Where the clock was reset: as pyxdf found it. What is computed here are the numbers.
    resets = [i + 1 for i, (a, b) in enumerate(zip(offsets, offsets[1:])) if b[0] < a[0] or abs(b[1] - a[1]) > 1]
    starts = [0, *resets]
    ranges = list(zip(starts, [s - 1 for s in starts[1:]] + [len(offsets) - 1]))
    segments = after["info"]["clock_segments"]
    stamps = [Decimal(t) for t in before["time_stamps"].tolist()]
    if offsets and stamps:
        if len(ranges) != len(segments):
            raise ValueError(f"{len(ranges)} ranges of offsets, {len(segments)} of stamps")
        stamps = synchronised(stamps, offsets, segments, ranges)
    if float(before["info"]["nominal_srate"][0]) > 0:
        stamps = dejittered(stamps, after["info"]["segments"])
    result.append({"id": before["info"]["stream_id"], "exact": raw(stamps), "pyxdf": raw(after["time_stamps"])})
print(json.dumps(result))
