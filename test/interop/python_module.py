"""Python's own server, as the comparison of the interop test: the same commands as test/fixtures/server/size.module.js."""

import subprocess
import sys
import threading

from dareplane_utils.default_server.server import DefaultCallbackServer

arguments = dict(argument.lstrip("-").split("=", 1) for argument in sys.argv[1:])
server = DefaultCallbackServer(port=int(arguments["port"]), ip=arguments["ip"], name="size")


def size(text=""):
    server.callback_stack.append(f'driver|SIZE|{{"size":{len(text)}}}')
    return 0


def job():
    stop_event = threading.Event()
    thread = threading.Thread(target=stop_event.wait)
    thread.start()
    return thread, stop_event


def tree():
    return subprocess.Popen(["sh", "-c", "sleep 1000 & sleep 1000"])


server.pcommand_map = {"SIZE": size, "JOB": job, "TREE": tree}
server.init_server()
server.start_listening()
server.shutdown()
