"""A flat file of 10,000 entries, against what libyaml needs to compose it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import files
import yaml
from measure import (
    Section,
    Settings,
    archcalc,
    interleaved,
    milliseconds,
    process,
    ratio,
    seconds,
)

ENTRIES = 10_000


def timed(command: Sequence[str]) -> float:
    return process(command).seconds


def measure(settings: Settings) -> Section:
    entries = ENTRIES // 10 if settings.quick else ENTRIES
    text = files.flat(entries)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "flat.yaml"
        file.write_text(text, encoding="utf-8")
        code = f"import click, yaml; yaml.compose(open({str(file)!r}), yaml.{loader.__name__})"
        commands = {
            '`python -c "import click, yaml; yaml.compose(...)"`': [sys.executable, "-c", code],
            "`archcalc table FILE --format json`": archcalc("table", str(file), "--format", "json"),
            "`archcalc table FILE --format csv`": archcalc("table", str(file), "--format", "csv"),
            "`archcalc check FILE`": archcalc("check", str(file)),
        }
        compose = f"`yaml.compose` in process, {loader.__name__}"
        jobs: dict[str, Callable[[], float]] = {
            compose: lambda: seconds(lambda: yaml.compose(text, loader))
        }
        for name, parts in commands.items():
            jobs[name] = partial(timed, parts)
        times = interleaved(jobs, settings.repetitions(7))
    rows = [
        [name, milliseconds(time), ratio(time / times[compose])] for name, time in times.items()
    ]
    commanded = times["`archcalc table FILE --format json`"] / times[compose]
    return Section(
        "A flat file",
        f"{entries:,} distinct entries, {len(text):,} characters: whole commands against libyaml's "
        "own work on the same text.",
        ["what", "time", "against `yaml.compose`"],
        rows,
        {} if settings.quick else {"flat": commanded},
    )
