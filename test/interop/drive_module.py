"""Drives one module as a control room does, with the classes of dareplane_utils, and prints what it saw as JSON.

usage: drive_module.py exe|python PATH_OR_ENTRY CWD PORT
"""

import atexit
import json
import socket
import sys
import time

import psutil
from dareplane_utils.module_handling.communication import SocketCommunicator
from dareplane_utils.module_handling.launcher import ExeLauncher, PythonLauncher
from dareplane_utils.module_handling.module_connection import ModuleConnection

kind, entry, cwd, port = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
arguments = {"ip": "127.0.0.1", "port": port}
if kind == "exe":
    executable, *rest = entry.split("\n")
    launcher = ExeLauncher(executable, [*rest, *[f"--{k}={v}" for k, v in arguments.items()]], cwd)
else:
    launcher = PythonLauncher(entry, cwd, kwargs=arguments)
communicator = SocketCommunicator("127.0.0.1", port, "driver", retry_after_s=1, max_connect_retries=5)
module = ModuleConnection("driver", launcher, communicator)

seen = {}
atexit.register(module.stop)
module.launch_module()


def greeting():
    for _ in range(100):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=2) as client:
                return client.recv(1024).decode()
        except ConnectionRefusedError:
            time.sleep(0.1)


# The communicator reads the greeting and forgets it.
seen["greeting"] = greeting()
module.connect_to_module()
process = psutil.Process(launcher.process.pid)


def ask(message, wait_s=0.1):
    module.send_message(message)
    time.sleep(wait_s)
    return module.receive_message(16384).decode()


def sleepers():
    try:
        children = process.children(recursive=True)
        return [child for child in children if child.name() == "sleep" and child.status() != "zombie"]
    except psutil.NoSuchProcess:
        return sleepers()


communicator.socket_c.settimeout(1)
seen["pcomms"] = ask(b"GET_PCOMMS")
seen["up"] = [ask(b"UP") for _ in range(20)]

communicator.socket_c.settimeout(3)
time.sleep(0.3)
if "SIZE" in seen["pcomms"]:
    text = "x" * (64 * 1024)
    seen["size"] = ask(b"SIZE|" + json.dumps({"text": text}).encode(), 0.3)
    module.send_message(b"JOB;TREE;JOB")
    time.sleep(0.5)
    seen["running"] = len(process.children(recursive=True)) > 0
    started = time.monotonic()
    module.send_message(b"STOP")
    while sleepers():
        if time.monotonic() - started > 10:
            break
        time.sleep(0.005)
    seen["stop_s"] = time.monotonic() - started
    seen["up_after_stop"] = ask(b"UP", 0.3)
    module.send_message(b"TREE")
    time.sleep(0.3)

family = [process, *process.children(recursive=True)]
started = time.monotonic()
module.stop()
seen["end_s"] = time.monotonic() - started
_, alive = psutil.wait_procs(family, timeout=3)
seen["survivors"] = [p.name() for p in alive if p.is_running() and p.status() != "zombie"]
for p in alive:
    p.kill()
print(json.dumps(seen))
