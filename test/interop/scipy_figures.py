"""Writes test/signal/scipy-figures.json: what scipy computes, for the tests of src/signal that run without Python."""
import json
import pathlib
import sys

import numpy as np
from scipy import signal

RNG = np.random.default_rng(20261122)
BANDS = [
    # sampling rate, what passes
    (250, "band", [8, 12]),
    (250, "band", [1, 100]),
    (1000, "band", [13.5, 13.9]),
    (250, "lowpass", 40),
    (250, "lowpass", 124),
    (250, "highpass", 1),
    (30000, "highpass", 0.1),
    (30000, "lowpass", 0.1),
    (30000, "band", [0.1, 10000]),
    (30000, "band", [0.1, 0.2]),
    (30000, "band", [300, 6000]),
]


def response(sos, hz, rate):
    """The transfer function of sections, in long double and in powers of 1/z - 1: near z = 1 nothing cancels."""
    half = np.pi * np.longdouble(hz) / rate
    d = -2j * np.sin(half) * (np.cos(half) - 1j * np.sin(half))
    total = np.ones(len(hz), np.clongdouble)
    for b0, b1, b2, a0, a1, a2 in np.asarray(sos, np.longdouble):
        total *= ((b0 + b1 + b2) + (b1 + 2 * b2) * d + b2 * d * d) / ((a0 + a1 + a2) + (a1 + 2 * a2) * d + a2 * d * d)
    return [[float(h.real), float(h.imag)] for h in total]


def designs():
    for rate, kind, edges in BANDS:
        low, high = np.atleast_1d(edges)[[0, -1]]
        hz = [0.0, low / 2, low, np.sqrt(low * high), high, min((high + rate / 2) / 2, high * 2), rate / 2]
        for order in range(1, 13):
            btype = {"band": "bandpass"}.get(kind, kind)
            sos = signal.butter(order, edges, btype, output="sos", fs=rate)
            yield {"order": order, "rate": rate, "kind": kind, "edges": edges, "hz": hz, "response": response(sos, hz, rate)}


def notches():
    for rate, hz, q in [(250, 50, 30), (30000, 50, 10), (1000, 60, 2)]:
        b, a = signal.iirnotch(hz, q, fs=rate)
        yield {"rate": rate, "hz": hz, "q": q, "section": [*b, *a]}


def signal_of(frames, channels, offset=0.0):
    return np.float32(offset + 20 * RNG.standard_normal((frames, channels)).cumsum(axis=0) * 0.1)


def filtered():
    for order, rate, kind, edges in [(4, 250, "bandpass", [8, 12]), (8, 250, "bandpass", [12, 30]), (5, 1000, "highpass", 1)]:
        sos = signal.butter(order, edges, kind, output="sos", fs=rate)
        x = signal_of(120, 2, 1e5)
        zi = signal.sosfilt_zi(sos)[:, :, None] * x[0].astype(float)
        steady, _ = signal.sosfilt(sos, x.astype(float), axis=0, zi=zi)
        yield {
            "sections": sos.tolist(),
            "input": x.ravel().tolist(),
            "channels": 2,
            "zero": signal.sosfilt(sos, x.astype(float), axis=0).ravel().tolist(),
            "steady": steady.ravel().tolist(),
        }


def long_run():
    """A million samples, summed up: every 100,000th output of a signal that the test makes itself (x of an LCG)."""
    state, x = 1, np.empty(1_000_000)
    for i in range(len(x)):
        state = (1664525 * state + 1013904223) % 2**32
        x[i] = state / 2**32 - 0.5
    sos = signal.butter(4, [8, 12], "bandpass", output="sos", fs=250)
    y = signal.sosfilt(sos, x)
    return {"sections": sos.tolist(), "every": 99_999, "output": y[99_998::99_999].tolist(), "rms": float(np.sqrt((y * y).mean()))}


def spectra():
    x = signal_of(300, 2)
    out = {"input": x.ravel().tolist(), "channels": 2, "rate": 250, "cases": []}
    for segment, overlap, window, detrend in [
        (256, 128, "hann", "constant"),
        (100, 50, "hann", "constant"),
        (75, 0, "boxcar", "linear"),
        (300, 0, "boxcar", False),
        (101, 33, "hann", "constant"),
    ]:
        f, p = signal.welch(x.astype(float), 250, window, segment, overlap, detrend=detrend, axis=0)
        out["cases"].append(
            {"segment": segment, "overlap": overlap, "window": window, "detrend": detrend or "none", "frequencies": f.tolist(), "power": p.ravel().tolist()}
        )
    return out


def decimated():
    x = signal_of(230, 2)
    for factor in (2, 5, 7):
        y = signal.decimate(x.astype(float), factor, ftype="fir", axis=0, zero_phase=False)
        yield {"factor": factor, "input": x.ravel().tolist(), "channels": 2, "output": y.ravel().tolist()}


def rolled():
    x = signal_of(60, 2, 1e5)
    n = 9
    windows = [x[max(0, i - n + 1) : i + 1].astype(float) for i in range(len(x))]
    return {
        "n": n,
        "input": x.ravel().tolist(),
        "channels": 2,
        "mean": [float(v) for w in windows for v in w.mean(axis=0)],
        "sd": [float(v) for w in windows for v in w.std(axis=0)],
    }


def detrended():
    x = signal_of(50, 2, 1000)
    return {
        "input": x.ravel().tolist(),
        "channels": 2,
        "constant": signal.detrend(x.astype(float), axis=0, type="constant").ravel().tolist(),
        "linear": signal.detrend(x.astype(float), axis=0, type="linear").ravel().tolist(),
    }


figures = {
    "designs": list(designs()),
    "notches": list(notches()),
    "filtered": list(filtered()),
    "longRun": long_run(),
    "spectra": spectra(),
    "decimated": list(decimated()),
    "rolled": rolled(),
    "detrended": detrended(),
}
here = pathlib.Path(__file__).parent.parent / "signal" / "scipy-figures.json"
target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here
target.write_text(json.dumps(figures, separators=(",", ":"), default=float) + "\n")
