# For control rooms that start every module with `python -m api.server`: becomes the Node process, same pid, same arguments.
import os
import pathlib
import sys

os.execvp("node", ["node", str(pathlib.Path(__file__).with_name("server.js")), *sys.argv[1:]])
