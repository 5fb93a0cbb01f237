"""Python's own LogRecordSocketReceiver, on any free port, which it prints.

Arguments: logfile, a file for the records' attributes as JSON lines. A length that came in two parts, which Python takes for the
end of the connection, is noted in that file as {"short_read": bytes}.
"""

import json
import sys
from pathlib import Path

import dareplane_utils.logging.server as server


def note(fact):
    with open(sys.argv[2], "a", encoding="utf-8") as attributes:
        attributes.write(json.dumps(fact) + "\n")


class Noticing:
    def __init__(self, connection):
        self.connection = connection

    def recv(self, size):
        chunk = self.connection.recv(size)
        if size == 4 and 0 < len(chunk) < 4:
            note({"short_read": len(chunk)})
        return chunk

    def __getattr__(self, name):
        return getattr(self.connection, name)


class Handler(server.LogRecordStreamHandler):
    def setup(self):
        super().setup()
        self.connection = Noticing(self.connection)

    def handle_log_record(self, record):
        note(vars(record))
        super().handle_log_record(record)


receiver = server.LogRecordSocketReceiver(port=0, handler=Handler, logfile=Path(sys.argv[1]))
print(receiver.socket.getsockname()[1], flush=True)
receiver.serve_until_stopped()
