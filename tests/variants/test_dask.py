"""A sweep on a Dask cluster: a scheduler and two workers on this machine."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from process import COMMAND, environment, run

pytest.importorskip("distributed")

VARY = ["--vary", "width=0.35..1.3:0.02", "--vary", "input=96..384:8", "--vary", "stage5.t=4..6"]
QUIET = ["--no-dashboard"]


@contextmanager
def cluster(folder: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The workers of a cluster whose scheduler is in the file ``cluster.json``."""
    module = [sys.executable, "-m", "distributed.cli"]
    file = ["--scheduler-file", "cluster.json"]
    scheduler = [*module[:2], f"{module[2]}.dask_scheduler", *file, *QUIET, "--port", "0"]
    worker = [*module[:2], f"{module[2]}.dask_worker", *file, *QUIET, "--no-nanny"]
    started = []
    for command in (scheduler, [*worker, "--nthreads", "1"], [*worker, "--nthreads", "1"]):
        started.append(
            subprocess.Popen(
                command, cwd=folder, env=environment({}),
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
        )  # fmt: skip
        for _ in range(600):
            if (folder / "cluster.json").exists():
                break
            time.sleep(0.05)
    try:
        yield started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_a_worker_that_is_killed_changes_no_row(tmp_path: Path) -> None:
    import json

    args = ["sweep", "mobilenet-v2", *VARY]
    result = run(*args, "-o", "here.csv", "--workers", "1", cwd=tmp_path)
    assert result.status == 0, result.err
    with cluster(tmp_path) as workers:
        address = json.loads((tmp_path / "cluster.json").read_text())["address"]
        process = subprocess.Popen(
            [*COMMAND, *args, "-o", "there.csv", "--dask", address],
            cwd=tmp_path, env=environment({}), stderr=subprocess.PIPE,
        )  # fmt: skip
        partial = tmp_path / "there.csv.partial"
        for _ in range(1200):
            if partial.exists() and partial.stat().st_size > 20_000:
                break
            time.sleep(0.05)
        assert process.poll() is None
        workers[0].kill()
        _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert (tmp_path / "there.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()
    lines = (tmp_path / "here.csv").read_text().splitlines()
    assert len(lines) == 1 + 48 * 37 * 3


def test_a_cluster_that_does_not_answer_is_said(tmp_path: Path) -> None:
    result = run("sweep", "lenet5", "--vary", "input=32,33", "--dask", "nowhere", cwd=tmp_path)
    assert result.status == 2
    assert "Traceback" not in result.err
