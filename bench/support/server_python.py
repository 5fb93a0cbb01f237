"""Python's DefaultServer with the commands of server-ours.js, its logger at WARNING. Further arguments are streams, each
watched by a thread that updates every 5 ms, as the threads of its modules do."""

import logging
import sys
import threading
import time

from dareplane_utils.default_server.server import DefaultServer

logging.getLogger("dareplane_utils").setLevel(logging.WARNING)
server = DefaultServer(port=int(sys.argv[1]), ip="127.0.0.1")
server.logger.setLevel(logging.WARNING)
for name in list(logging.root.manager.loggerDict):
    logging.getLogger(name).setLevel(logging.WARNING)
count = 0


def counted(**kwargs):
    global count
    count += 1
    return count


def tell():
    print("told", flush=True)
    return 0



def watch(name):
    from dareplane_utils.stream_watcher.lsl_stream_watcher import StreamWatcher

    watcher = StreamWatcher(name)
    watcher.connect_to_stream()

    def update():
        while True:
            watcher.update()
            watcher.n_new = 0
            time.sleep(0.005)

    threading.Thread(target=update, daemon=True).start()


for name in sys.argv[2:]:
    watch(name)
server.pcommand_map = {"COUNT": counted, "TELL": tell}
server.init_server()
print("ready", flush=True)
server.start_listening()
