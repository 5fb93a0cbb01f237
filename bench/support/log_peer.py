"""Python's side of the log benches.

log_peer.py call PORT PACE       reads numbers from stdin; for each makes so many log calls, with a pause of a millisecond
                                 before every PACE of them, and prints their nanoseconds as JSON
log_peer.py receive LOGFILE      Python's log server on a free port, which it prints
"""

import json
import sys
import time
from pathlib import Path


def call(port, pace):
    import dareplane_utils.logging.logger as dareplane

    dareplane.default_dareplane_config["handlers"]["socket"]["port"] = port
    log = dareplane.get_logger("bench.mod")
    log.setLevel(10)
    for line in sys.stdin:
        took = []
        for number in range(int(line)):
            if number % pace == 0:
                time.sleep(0.001)
            start = time.perf_counter_ns()
            log.info("reader lapped, %d frames lost", number)
            took.append(time.perf_counter_ns() - start)
        print(json.dumps(took), flush=True)


def receive(logfile):
    import dareplane_utils.logging.server as server

    receiver = server.LogRecordSocketReceiver(port=0, logfile=Path(logfile))
    print(receiver.socket.getsockname()[1], flush=True)
    receiver.serve_until_stopped()


if sys.argv[1] == "call":
    call(int(sys.argv[2]), int(sys.argv[3]))
else:
    receive(sys.argv[2])
