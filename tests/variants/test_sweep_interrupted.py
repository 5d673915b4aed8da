"""Sweeps that are interrupted, or lose a worker: the same file in the end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from process import COMMAND, environment, run
from variants.small import FILE, OPTIONS


def wait_for(path: Path, size: int) -> None:
    for _ in range(600):
        if path.exists() and path.stat().st_size > size:
            return
        time.sleep(0.05)
    raise AssertionError(f"{path.name} did not grow")


MANY = ["--vary", "width=1..60", *OPTIONS[2:]]
TO_FILE = ["--vary", "width=1..60", "-o", "out.csv"]


@contextmanager
def started(folder: Path, *args: str) -> Iterator[subprocess.Popen[bytes]]:
    """A sweep that runs, and does not run on where a test fails."""
    process = subprocess.Popen(
        [*COMMAND, "sweep", "net.yaml", *args, *OPTIONS[2:]], cwd=folder, env=environment({}),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def expected(folder: Path) -> bytes:
    args = ("-o", "all.csv", "--workers", "1")
    assert run("sweep", "net.yaml", *MANY, *args, cwd=folder).status == 0
    return (folder / "all.csv").read_bytes()


def test_an_interrupted_sweep_goes_on(folder: Path, expected: bytes) -> None:
    with started(folder, *TO_FILE, "--workers", "1") as process:
        wait_for(folder / "out.csv.partial", 200)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 130
    assert not (folder / "out.csv").exists()
    with (folder / "out.csv.partial").open("ab") as file:
        file.write(b"1,half a row")  # as a crash may leave it
    result = run("sweep", "net.yaml", *MANY, "-o", "out.csv", "--resume", cwd=folder)
    assert result.status == 0, result.err
    assert (folder / "out.csv").read_bytes() == expected


def test_another_file_is_not_gone_on_with(folder: Path) -> None:
    with started(folder, *TO_FILE, "--workers", "1") as process:
        wait_for(folder / "out.csv.partial", 200)
        process.kill()
        process.communicate(timeout=60)
    (folder / "net.yaml").write_text(FILE.replace("filters: $(8", "filters: $(4"))
    result = run("sweep", "net.yaml", *MANY, "-o", "out.csv", "--resume", cwd=folder)
    assert (result.status, "begun with another file" in result.err) == (2, True)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="children are found in /proc")
def workers_of(parent: int) -> list[int]:
    """The worker processes that run now."""
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(p) for p in listed if b"spawn_main" in Path(f"/proc/{p}/cmdline").read_bytes()]


def test_a_killed_worker_costs_nothing_but_time(folder: Path, expected: bytes) -> None:
    with started(folder, *TO_FILE, "--workers", "2") as process:
        wait_for(folder / "out.csv.partial", 200)
        while not (workers := workers_of(process.pid)):  # the first shard is done before they are
            assert process.poll() is None
        os.kill(workers[0], signal.SIGKILL)
        _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert (folder / "out.csv").read_bytes() == expected


def test_rows_are_printed_as_they_come(folder: Path) -> None:
    with started(folder, "--vary", "width=1..4000", "--workers", "1") as process:
        assert process.stdout
        names, first = process.stdout.readline(), process.stdout.readline()
        assert process.poll() is None
    assert names == b"width,blocks,input,kernel,params,macs\n"
    assert first.startswith(b"1,1,16,1,")
