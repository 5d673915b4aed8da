"""Runs the command line once per line of standard input, and says what each run cost.

A process of its own: what a child is said to have used includes the size of its parent.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile


def measured(path: str, out: str) -> dict[str, object]:
    command = [sys.executable, "-m", "archcalc", "table", "--format", "csv", path]
    with open(out, "wb") as file:
        streams = [(os.POSIX_SPAWN_DUP2, file.fileno(), 1), (os.POSIX_SPAWN_DUP2, file.fileno(), 2)]
        child = os.posix_spawn(sys.executable, command, os.environ, file_actions=streams)
        _, status, used = os.wait4(child, 0)
    with open(out, errors="replace") as shown:
        text = shown.read(1_000_000)
    return {
        "status": os.waitstatus_to_exitcode(status),
        "seconds": used.ru_utime + used.ru_stime,
        "megabytes": used.ru_maxrss / 1024,
        "text": text,
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for line in sys.stdin:
            print(json.dumps(measured(line.strip(), os.path.join(folder, "out"))), flush=True)  # noqa: T201
