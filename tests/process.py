"""The command line in a process of its own, with pipes or on a terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

COMMAND = (sys.executable, "-m", "archcalc")


class Result(NamedTuple):
    status: int
    out: str
    err: str


def environment(more: Mapping[str, str]) -> dict[str, str]:
    unset = ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "PYTHONIOENCODING")
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    return {**kept, "TERM": "xterm", **more}


def run(*args: str, stdin: str | bytes = "", cwd: Path | None = None, **env: str) -> Result:
    """Runs with pipes. No run may end in a traceback."""
    done = subprocess.run(
        [*COMMAND, *args],
        input=stdin if isinstance(stdin, bytes) else stdin.encode(),
        capture_output=True,
        cwd=cwd,
        env=environment(env),
        timeout=60,
        check=False,
    )
    result = Result(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in result.err + result.out
    return result


def on_terminal(*args: str, width: int = 80, cwd: Path | None = None, **env: str) -> Result:
    """Runs with all streams on a terminal of that width; ``out`` is all that it shows."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    with subprocess.Popen(
        [*COMMAND, *args], stdin=theirs, stdout=theirs, stderr=theirs, cwd=cwd, env=environment(env)
    ) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other side is closed
                break
            if not part:
                break
            shown += part
        status = process.wait(timeout=60)
    os.close(ours)
    text = shown.decode().replace("\r\n", "\n")
    assert "Traceback" not in text
    return Result(status, text, "")
