"""Whatever a file holds, the answer is an ordinary one, soon, and in little memory."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hostile_cases import CASES, Case

# One or two where nothing else runs, and twice that on a slow machine; CPython 3.11 may double it
# where calls cross a page of its stack again and again.
SECONDS = 6.0
SECONDS_OF_LARGE_FILES = 12.0
MEGABYTES = 200


@pytest.fixture(scope="module")
def measurer() -> Iterator[subprocess.Popen[str]]:
    script = Path(__file__).with_name("measurer.py")
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, str(script)], stdin=pipe, stdout=pipe, text=True) as run:
        yield run
        assert run.stdin is not None
        run.stdin.close()


def measured(measurer: subprocess.Popen[str], path: Path) -> dict[str, Any]:
    assert measurer.stdin is not None
    assert measurer.stdout is not None
    measurer.stdin.write(f"{path}\n")
    measurer.stdin.flush()
    answer: dict[str, Any] = json.loads(measurer.stdout.readline())
    return answer


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_an_ordinary_answer_in_time_and_memory(
    case: Case, measurer: subprocess.Popen[str], tmp_path: Path
) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_bytes(case.make())
    answer = measured(measurer, path)
    text = answer["text"]
    assert "Traceback" not in text
    assert answer["status"] == (1 if case.rules else 0), text[-500:]
    assert set(re.findall(r"error\[([a-z-]+)\]", text)) == case.rules
    limit = SECONDS_OF_LARGE_FILES if path.stat().st_size > 40_000_000 else SECONDS
    seconds: float = answer["seconds"]
    for _ in range(3):  # a busy machine gives a process slower seconds
        if seconds >= limit:
            seconds = min(seconds, measured(measurer, path)["seconds"])
    assert seconds < limit
    assert answer["megabytes"] < MEGABYTES
    assert not (Path.cwd() / "pwned").exists()
