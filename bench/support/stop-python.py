"""Times Python's close_threads and close_processes: reads lines `threads N` or `trees N`, answers milliseconds."""

import subprocess
import sys
import threading
import time

from dareplane_utils.default_server.server import DefaultServer

server = DefaultServer(port=int(sys.argv[1]), ip="127.0.0.1")
print("ready", flush=True)
for line in sys.stdin:
    kind, count = line.split()
    for i in range(int(count)):
        if kind == "threads":
            stop_event = threading.Event()
            thread = threading.Thread(target=stop_event.wait)
            thread.start()
            server.threads[str(i)] = (thread, stop_event)
        else:
            server.processes[str(i)] = subprocess.Popen(["sh", "-c", "sleep 1000 & sleep 1000"])
    time.sleep(0.2)
    started = time.perf_counter()
    if kind == "threads":
        server.close_threads()
    else:
        server.close_processes()
    print((time.perf_counter() - started) * 1000, flush=True)
