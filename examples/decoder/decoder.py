"""The same decoder with Python's dareplane-utils, for comparison: python decoder.py --port=8080"""
import sys
import threading
import time
import tomllib
from pathlib import Path

import numpy as np
from dareplane_utils.default_server.server import DefaultServer
from dareplane_utils.logging.logger import get_logger
from dareplane_utils.stream_watcher.lsl_stream_watcher import StreamWatcher
from pylsl import StreamInfo, StreamOutlet
from scipy.signal import butter, lfilter, sosfilt, sosfilt_zi

config = tomllib.loads(Path(__file__).with_name("decoder.toml").read_text())
config |= dict(argument.lstrip("-").split("=", 1) for argument in sys.argv[1:])
logger = get_logger("decoder")
watcher = StreamWatcher(config["stream"], buffer_size_s=2)
watcher.connect_to_stream()
channels, rate = len(watcher.channel_names), watcher.inlet.info().nominal_srate()
outlet = StreamOutlet(StreamInfo(config["outlet"], "Power", channels, rate, "float32", "decoder.py"))


def decode(stop_event):
    sos = butter(4, config["band"], "bandpass", fs=rate, output="sos")
    n_window = round(config["window_s"] * rate)
    # The filter begins with the first sample, so that an offset gives no transient.
    state, sums, told = None, np.zeros((n_window - 1, channels)), time.monotonic()
    while not stop_event.is_set():
        watcher.update()
        n = watcher.n_new
        if n == 0:
            time.sleep(0.001)
            continue
        data, times = watcher.unfold_buffer()[-n:], watcher.unfold_buffer_t()[-n:]
        watcher.n_new = 0
        if state is None:
            state = sosfilt_zi(sos)[:, :, np.newaxis] * data[0]
        filtered, state = sosfilt(sos, data, axis=0, zi=state)
        power, sums = lfilter(np.ones(n_window) / n_window, 1, filtered**2, axis=0, zi=sums)
        outlet.push_chunk(power, times)
        if time.monotonic() - told >= 1:
            told = time.monotonic()
            logger.info(f"power {power[-1]}")


def start():
    stop_event = threading.Event()
    thread = threading.Thread(target=decode, args=(stop_event,))
    thread.start()
    return thread, stop_event


server = DefaultServer(port=int(config.get("port", 8080)), ip=config.get("ip", "127.0.0.1"), name="decoder")
server.pcommand_map = {"START": start}
server.init_server()
server.start_listening()
server.shutdown()
