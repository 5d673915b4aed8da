"""Times and peaks: medians over repetitions that take turns, so that drift hits all alike."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

HERE = Path(__file__).parent
KEPT = 2**20


class Settings(NamedTuple):
    """How to measure: ``torch`` is a Python with PyTorch and the counters, perhaps this one."""

    quick: bool
    torch: str

    def repetitions(self, thorough: int, quick: int = 3) -> int:
        return quick if self.quick else thorough


class Run(NamedTuple):
    """One process: seconds from start to end, peak memory in bytes, and how its output starts.

    ``busy`` are the seconds of a processor, which other work on the machine lengthens little.
    """

    seconds: float
    busy: float
    peak: int
    out: str
    err: str


class Section(NamedTuple):
    """A part of the page. ``measured`` are the figures that targets are held against."""

    title: str
    text: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    measured: Mapping[str, float]


def process(command: Sequence[str]) -> Run:
    """Runs a command in an empty folder, so that it finds archcalc where it is installed.

    Raises:
        RuntimeError: with what it said, where it fails.
    """
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as apart:
        result, out, err = (Path(apart) / name for name in ("result", "out", "err"))
        with out.open("wb") as printed, err.open("wb") as said:
            launcher = [sys.executable, "-I", "-S", str(HERE / "launch.py"), str(result)]
            subprocess.run(
                [*launcher, *command], stdout=printed, stderr=said, cwd=folder, check=True
            )
        status, seconds, busy, peak = result.read_text().split()
        if status != "0":
            text = err.read_text("utf-8", "replace")[-2000:]
            raise RuntimeError(f"{' '.join(command)} ended with {status}:\n{text}")
        with out.open(encoding="utf-8") as printed_text, err.open(encoding="utf-8") as said_text:
            return Run(
                float(seconds),
                float(busy),
                int(peak),
                printed_text.read(KEPT),
                said_text.read(KEPT),
            )


def archcalc(*arguments: str, python: str = sys.executable) -> list[str]:
    """The command line as a user starts it: the installed script, else the module."""
    script = Path(python).parent / "archcalc"
    start = [str(script)] if script.exists() else [python, "-m", "archcalc"]
    return [*start, *arguments]


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def interleaved(
    jobs: Mapping[str, Callable[[], float]], repetitions: int, warm_up: bool = True
) -> dict[str, float]:
    """The median of each job's figure; the jobs take turns, after one round that does not count."""
    figures: dict[str, list[float]] = {name: [] for name in jobs}
    for repetition in range(repetitions + warm_up):
        for name, job in jobs.items():
            figure = job()
            if repetition >= warm_up:
                figures[name].append(figure)
    return {name: median(values) for name, values in figures.items()}


def processes(
    commands: Mapping[str, Sequence[str]], repetitions: int, warm_up: bool = True
) -> tuple[dict[str, float], dict[str, int]]:
    """The median seconds of commands that take turns, and their largest peaks in bytes."""
    peaks = dict.fromkeys(commands, 0)

    def job(name: str) -> float:
        run = process(commands[name])
        peaks[name] = max(peaks[name], run.peak)
        return run.seconds

    jobs = {name: (lambda name=name: job(name)) for name in commands}
    return interleaved(jobs, repetitions, warm_up), peaks


def milliseconds(value: float) -> str:
    return f"{digits(value * 1e3)} ms"


def megabytes(value: float) -> str:
    return f"{value / 1e6:.0f} MB"


def ratio(value: float) -> str:
    return f"{digits(value)} x"


def digits(value: float) -> str:
    """Three digits, or all before the point."""
    places = 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:,.{places}f}"
