"""A peer for the interop tests: one JSON request a line on stdin, one JSON answer a line on stdout.

Numbers cross as base64 of their raw bytes, so that NaN, subnormals and 64-bit integers stay what they are. Streams and
watchers are kept by the key that the request gives them.
"""
import json
import sys
import traceback
from importlib import import_module

import numpy as np

from raw import DTYPES, raw

things = {}


def outlet(key, peer, **stream):
    things[key] = import_module(f"peer_{peer}").Outlet(**stream)


def wait(key, timeoutS):
    return things[key].outlet.wait_for_consumers(timeoutS)


def push(key, values, stamps):
    things[key].push(values, stamps)


def inlet(key, peer, name):
    things[key] = import_module(f"peer_{peer}").Inlet(name)
    return things[key].described


def pull(key, frames, timeoutS):
    """Pulls until there are `frames`, or nothing comes for `timeoutS`."""
    thing = things[key]
    rows, stamps = [], []
    while len(stamps) < frames:
        more, times = thing.pull(timeoutS)
        if len(times) == 0:
            break
        rows.extend(more)
        stamps.extend(times)
    values = rows if thing.format == "string" else raw(np.array(rows, dtype=DTYPES[thing.format]), thing.format)
    return {"values": values, "stamps": raw(stamps, "double64")}


def watcher(key, name, bufferSizeS):
    things[key] = import_module("peer_watcher").Watcher(name, bufferSizeS)
    return things[key].described


def update(key, total):
    return things[key].update(total)


def take(key):
    things[key].take()


def close(key):
    thing = things.pop(key)
    if hasattr(thing, "disconnect"):
        thing.disconnect()


def libraries():
    """Where the two wheels keep their C library."""
    from mne_lsl.lsl.load_liblsl import lib as mne
    from pylsl.lib import lib as pylsl

    return {"mne": mne._name, "pylsl": pylsl._name}


OPS = {f.__name__: f for f in (outlet, wait, push, inlet, pull, watcher, update, take, close, libraries)}

# What a library prints must not get between the answers.
answers = sys.stdout
sys.stdout = sys.stderr
for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"value": OPS[request["op"]](**request["args"])}
    except Exception:
        answer = {"error": traceback.format_exc()}
    print(json.dumps(answer), file=answers, flush=True)
