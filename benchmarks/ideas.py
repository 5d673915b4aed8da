"""What each measure for speed is worth: the same work with it and without it, in turns."""

from __future__ import annotations

import gc
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from os import cpu_count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import files
from measure import Section, Settings, interleaved, milliseconds, process, ratio, seconds

import archcalc
from archcalc import checking
from archcalc.api import read_source
from archcalc.collecting import Uncollected
from archcalc.diagnostics import Findings
from archcalc.graph.expansion import _Expansion, expand
from archcalc.report import json
from archcalc.rules.catalogue import CHECKS
from archcalc.spec.values import Values
from archcalc.walk import Walk

Without = Callable[[], AbstractContextManager[Any]]

LAZY = "from archcalc.cli import main; main()"
EAGER = (
    "import pkgutil, archcalc\n"
    "for found in pkgutil.walk_packages(archcalc.__path__, 'archcalc.'):\n"
    "    found.name.endswith('__main__') or __import__(found.name)\n"
) + LAZY


class Forgetful(dict[Any, Any]):
    """Keeps what is put in, and never finds it again."""

    def get(self, key: Any, default: Any = None) -> Any:
        return default

    def __contains__(self, key: object) -> bool:
        return False


@contextmanager
def forgetting(owner: Any, name: str) -> Iterator[None]:
    """Objects of a class whose mapping of this name is of no use."""
    start = owner.__init__

    def forgetful(self: Any, *args: Any) -> None:
        start(self, *args)
        setattr(self, name, Forgetful())

    with patch.object(owner, "__init__", forgetful):
        yield


@contextmanager
def collected() -> Iterator[None]:
    gc.enable()
    with patch.multiple(Uncollected, __enter__=lambda _: None, __exit__=lambda *_: None):
        yield


def compared(work: Callable[[], object], without: Without, count: int) -> list[float]:
    def slow() -> float:
        with without():
            return seconds(work)

    return list(interleaved({"with": lambda: seconds(work), "without": slow}, count).values())


def measure(settings: Settings) -> Section:
    count, layers = settings.repetitions(9), 2_000 if settings.quick else 36_000
    residual = archcalc.load("resnet152")
    copies = archcalc.loads(files.repeated(layers))
    analysis = archcalc.analyze(residual)
    flat = files.flat(layers // 36)
    cases: list[tuple[str, str, Callable[[], object], Without]] = [
        (
            "copies of a block are made from a copy",
            "expand resnet152",
            lambda: expand(residual, Findings()),
            lambda: patch.object(_Expansion, "_repeats", lambda *_: False),
        ),
        (
            "equal layers on equal inputs are computed once",
            "analyse resnet152",
            lambda: archcalc.analyze(residual),
            lambda: forgetting(Walk, "_known"),
        ),
        (
            "a value is read once for each text",
            f"load a flat file of {layers // 36:,} entries",
            lambda: archcalc.loads(flat),
            lambda: forgetting(Values, "_known"),
        ),
        (
            "the cyclic garbage collector is paused",
            f"analyse {layers:,} layers from `repeat`",
            lambda: archcalc.analyze(copies),
            collected,
        ),
        (
            "one call encodes the JSON of many layers",
            "JSON of resnet152",
            lambda: json.render(analysis),
            lambda: patch.object(json, "AT_ONCE", 1),
        ),
    ]
    rows = [row(what, where, *compared(work, off, count)) for what, where, work, off in cases]
    rows.append(imports(settings.repetitions(15)))
    rows.append(workers(50 if settings.quick else 1_000, settings.repetitions(3, quick=1)))
    return Section(
        "What each measure is worth",
        "The same work with a measure and without it, in turns. Worker processes are not used: "
        "each imports and holds\neverything once more, which few files are worth, and many "
        "files take seconds with one.",
        ["measure", "work", "with", "without", "without / with"],
        rows,
        {},
    )


def row(what: str, where: str, fast: float, slow: float) -> list[str]:
    return [what, where, milliseconds(fast), milliseconds(slow), ratio(slow / fast)]


def imports(count: int) -> list[str]:
    rest = ["table", "vgg16", "--format", "json"]
    commands = {code: [sys.executable, "-c", code, *rest] for code in (LAZY, EAGER)}
    jobs = {
        code: (lambda command=command: process(command).seconds)
        for code, command in commands.items()
    }
    times = interleaved(jobs, count)
    return row(
        "a command imports what it uses", "`table vgg16 --format json`", times[LAZY], times[EAGER]
    )


def workers(count: int, repetitions: int) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, text in enumerate(files.variants(read_source("resnet50").text, count)):
            paths.append(str(Path(folder) / f"{number:04}.yaml"))
            Path(paths[-1]).write_text(text, encoding="utf-8")
        jobs = {
            "one": lambda: seconds(lambda: check(paths)),
            "several": lambda: seconds(lambda: spread(paths)),
        }
        times = interleaved(jobs, repetitions, warm_up=False)
    what = f"{cpu_count()} worker processes (not used)"
    return row(what, f"check {count:,} files", times["several"], times["one"])


def check(paths: Sequence[str]) -> int:
    rules = [rule.id for rule in CHECKS]
    return sum(len(each.diagnostics) for each in checking.checked(paths, [], rules))


def spread(paths: Sequence[str]) -> int:
    number = cpu_count() or 1
    parts = [paths[start::number] for start in range(number)]
    with ProcessPoolExecutor(number) as pool:
        return sum(pool.map(check, parts))
