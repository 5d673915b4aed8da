"""An interrupt ends every command as shells expect it."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest
from process import COMMAND, environment


@pytest.mark.parametrize("command", ["table", "check", "report"])
def test_an_interrupt_ends_with_130_and_without_a_word(tmp_path: Path, command: str) -> None:
    fifo = tmp_path / "net.yaml"
    os.mkfifo(fifo)
    with (
        subprocess.Popen(
            [*COMMAND, command, str(fifo)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment({}),
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        ) as process,
        open(fifo, "wb"),
    ):  # returns when the command has opened the other end
        out, err = interrupted(process)
    assert (process.returncode, out, err) == (130, b"", b"")


def interrupted(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    """Interrupts until the process ends.

    A signal that arrives between Python's last look for one and the call that waits for data is
    not seen before the call returns, so one press may not be enough.
    """
    for _ in range(12):
        process.send_signal(signal.SIGINT)
        try:
            return process.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            pass
    process.kill()
    return process.communicate()


def test_an_interrupt_that_the_caller_ignores_is_ignored(tmp_path: Path) -> None:
    fifo = tmp_path / "net.yaml"
    os.mkfifo(fifo)
    with subprocess.Popen(
        [*COMMAND, "check", str(fifo)],
        stdout=subprocess.PIPE,
        env=environment({}),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    ) as process:
        with open(fifo, "wb") as file:
            process.send_signal(signal.SIGINT)
            file.write(b"name: x\ninput: 3\nlayers: [{type: relu}]\n")
        out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, b"1 file checked: nothing found\n")
