"""Connects to a module as the control room does and prints a JSON line for each thing that it reads.

usage: room.py PORT. It connects, waits for two seconds, asks for the commands, and then reads callbacks until it is killed.
"""

import json
import sys
import time

from dareplane_utils.module_handling.communication import SocketCommunicator


def say(**what):
    print(json.dumps(what), flush=True)


started = time.monotonic()
communicator = SocketCommunicator("127.0.0.1", int(sys.argv[1]), "module")
communicator.connect()
time.sleep(2)
communicator.send(b"GET_PCOMMS;")
time.sleep(0.1)
say(pcomms=communicator.receive(16384).decode(), up_s=time.monotonic() - started)

# From here on as the control room's CallbackBroker: what is read within a millisecond is one message.
communicator.socket_c.settimeout(0.001)
while True:
    fragments = []
    while True:
        try:
            chunk = communicator.receive(1024)
        except TimeoutError:
            break
        if not chunk:
            sys.exit()
        fragments.append(chunk)
    if fragments:
        say(callback=b"".join(fragments).decode())
    time.sleep(0.0005)
