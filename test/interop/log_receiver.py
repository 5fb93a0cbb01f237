"""Python's own LogRecordSocketReceiver, on any free port, which it prints.

Arguments: logfile, a file for the records' attributes as JSON lines.
"""

import json
import sys
from pathlib import Path

import dareplane_utils.logging.server as server


class Handler(server.LogRecordStreamHandler):
    def handle_log_record(self, record):
        with open(sys.argv[2], "a", encoding="utf-8") as attributes:
            attributes.write(json.dumps(vars(record)) + "\n")
        super().handle_log_record(record)


receiver = server.LogRecordSocketReceiver(port=0, handler=Handler, logfile=Path(sys.argv[1]))
print(receiver.socket.getsockname()[1], flush=True)
receiver.serve_until_stopped()
