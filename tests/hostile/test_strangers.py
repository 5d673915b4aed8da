"""Files that ask for much within the limits are answered soon, and in little memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))

from strangers import STRANGERS, Stranger

SECONDS = 10.0  # at most 5 where nothing else runs
MEGABYTES = 350
TRIES = 3  # a machine that is busy meanwhile counts its waits as ours


def answer(command: list[str], out: Path) -> resource.struct_rusage:
    """The answer as a file, and what the process used for it."""
    with out.open("wb") as file:
        child = subprocess.Popen(command, stdout=file, stderr=file)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode in (0, 1), out.read_text(encoding="utf-8")[-500:]
    return used


@pytest.mark.parametrize("stranger", STRANGERS.values(), ids=list(STRANGERS))
def test_an_answer_in_time_and_memory(stranger: Stranger, tmp_path: Path) -> None:
    path, out = tmp_path / "stranger.yaml", tmp_path / "out"
    path.write_text(stranger.make(stranger.size), encoding="utf-8")
    command = [sys.executable, "-m", "archcalc", *stranger.words(path)]
    for _ in range(TRIES):
        used = answer(command, out)
        if (seconds := used.ru_utime + used.ru_stime) < SECONDS:
            break
    text = out.read_text(encoding="utf-8")
    assert "Traceback" not in text
    assert "mistake in archcalc itself" not in text
    assert seconds < SECONDS
    assert used.ru_maxrss / 1024 < MEGABYTES
