"""Runs a command and writes its status, seconds, processor seconds and peak memory: FILE COMMAND.

A process of its own, without site packages: Linux counts the memory of the process that starts a
command as the command's, up to the moment of starting, so that one has to be small.
"""

import os
import sys
from time import perf_counter


def main(result: str, command: list[str]) -> None:
    start = perf_counter()
    child = os.posix_spawn(command[0], command, os.environ)
    _, status, usage = os.wait4(child, 0)
    seconds = perf_counter() - start
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    with open(result, "w") as file:
        busy = usage.ru_utime + usage.ru_stime
        file.write(f"{os.waitstatus_to_exitcode(status)} {seconds!r} {busy!r} {peak}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
