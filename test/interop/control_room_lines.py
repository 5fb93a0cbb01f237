"""What the control room's window makes of a log file: the level of each of the last 25 lines, as JSON.

It takes the first of four level names that stands in a line, and DEBUG where none does.
"""

import json
import re
import sys

with open(sys.argv[1], "r") as log:
    lines = log.readlines()[-25:]
found = [re.search(r"(DEBUG|INFO|WARNING|ERROR)", line) for line in lines]
print(json.dumps([level.group(1) if level else "DEBUG" for level in found]))
