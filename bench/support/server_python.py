"""Python's DefaultServer with the commands of server-ours.js, its logger at WARNING."""

import logging
import sys

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


server.pcommand_map = {"COUNT": counted, "TELL": tell}
server.init_server()
print("ready", flush=True)
server.start_listening()
