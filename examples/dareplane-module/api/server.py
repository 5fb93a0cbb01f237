# For control rooms that start every module with `python -m api.server`: becomes the Node process, same pid, same arguments.
import os
import pathlib
import subprocess
import sys

command = ["node", str(pathlib.Path(__file__).with_name("server.js")), *sys.argv[1:]]
if sys.platform != "win32":
    os.execvp("node", command)

# Windows knows no such thing: Node is a child there. It closes when its standard input does, which is when this process ends,
# were it by the control room's terminate().
node = subprocess.Popen(command, stdin=subprocess.PIPE, env={**os.environ, "DAREPLANE_CLOSE_WITH_STDIN": "1"})
while True:
    try:
        sys.exit(node.wait())
    except KeyboardInterrupt:
        pass  # The console tells Node as well; what is left to do is to wait for it.
