"""Logs through dareplane_utils' get_logger to a log server, and by Python's own formatter to a file beside it.

Arguments: port, reference file, seed. The two files must be equal.
"""

import logging
import logging.handlers
import random
import sys

import dareplane_utils.logging.logger as dareplane

port, reference, seed = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
dareplane.default_dareplane_config["handlers"]["socket"]["port"] = port
logging.addLevelName(5, "TRACE")
log = dareplane.get_logger("py.mod")
log.setLevel(1)
handler = logging.FileHandler(reference, encoding="utf-8")
handler.setFormatter(logging.Formatter("%(asctime)s - %(name)s - %(levelname)s - %(message)s"))
# First, so that the traceback is rendered before the socket handler's fallback would lose it.
log.handlers.insert(0, handler)

for level in (5, 10, 20, 25, 30, 40, 50):
    log.log(level, "at level %d", level)
for text in ("100%", "%% and 50%", "lit %s", "%d alone", "a\nb\n\nc", "tab\there", "emoji 😀 é 脑", "", " blanks ", "/slash\\"):
    log.info(text)
log.info("A %s", "x")
log.info("%s %s", "two", 2)
log.info("%(a)s and %(b)d", {"a": 1, "b": 2})
log.info("%s", {"a": [1, 2.5, None, True, "q'q"]})
log.info("%s %r %s", 2**70, -(2**64), 10**400)
log.info("%s %f %.1e %g", float("nan"), float("inf"), float("-inf"), float("nan"))
log.info("%5.2f|%-8s|%08.3f|%+d|%x|%#o|%c|%5s|%.2s|%%", 3.14159, "ab", -2.5, 7, 255, 8, "z", "é", "abcdef")
log.info("%s", 1.0)
log.info("%s %s", 1e16, 1e-7)
log.info("%s", [1.0, 2])
log.info({"a": 1, "b": [1.5, None]})
log.info(12345)
log.info(None)
log.info("extra", extra={"foo": 1, "bar": {"x": [1, 2]}, "taskName2": "t"})
log.info("%s and %s", object, 3)
log.info("x" * (1024 * 1024))
log.info("😀" * (256 * 1024))
try:
    {}["lost"]
except KeyError:
    log.exception("with %s", "traceback")
log.warning("where", stack_info=True)

random.seed(seed)
KINDS = {
    "s": lambda: random.choice(["text", "it's", 'a"b', "\\", 3, 2.5, None, True, [1, "x"], -7]),
    "r": lambda: random.choice(["text", "it's", "é\n", 3, 1e300, 0.1, None, [True, {"k": "v"}]]),
    "a": lambda: random.choice(["é", "😀", "plain", 5]),
    "d": lambda: random.choice([0, -5, 123456789012345678901234567890, 3.99, True]),
    "i": lambda: random.randint(-(10**6), 10**6),
    "x": lambda: random.randint(-(2**70), 2**70),
    "X": lambda: random.randint(0, 255),
    "o": lambda: random.randint(0, 999),
    "e": lambda: random.choice([random.uniform(-1e6, 1e6), 0.0, 1e-300, 123456.0]),
    "E": lambda: random.uniform(-1, 1),
    "f": lambda: random.choice([random.uniform(-1e6, 1e6), 0.0, 1e25, 12, 0.125, 2.675, -0.0]),
    "F": lambda: random.uniform(-1e3, 1e3),
    "g": lambda: random.choice([random.uniform(-1e6, 1e6), 0.0001, 1e-5, 1e20, 100000.0, 1000000.0, 5]),
    "G": lambda: random.uniform(-1e-6, 1e-6),
    "c": lambda: random.choice(["k", 65, "é"]),
}
for _ in range(3000):
    parts, args = [], []
    for _ in range(random.randint(1, 4)):
        kind = random.choice(list(KINDS))
        flags = "".join(random.sample("#0- +", random.randint(0, 2)))
        width = random.choice(["", "", "1", "6", "12", "*"])
        precision = random.choice(["", "", "", ".0", ".3", ".12"]) if kind != "c" else ""
        parts.append(f"%{flags}{width}{precision}{kind}")
        if width == "*":
            args.append(random.randint(-8, 8))
        args.append(KINDS[kind]())
    log.debug("|".join(parts) + random.choice(["", " %%", " end"]), *args)
