"""Growth from 1,000 to 100,000 layers, in time and peak memory."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

import files
from measure import (
    HERE,
    Run,
    Section,
    Settings,
    archcalc,
    digits,
    megabytes,
    milliseconds,
    process,
)

SHAPES: Mapping[str, tuple[str, Callable[[int], str]]] = {
    "chain": ("distinct convolutions in a row", files.chain),
    "branches": ("sums of four branches", files.branches),
    "repeat": ("equal copies of a convolution and a normalisation", files.repeated),
    "flat": ("one distinct entry a layer", files.flat),
}
SIZES = (1_000, 10_000, 100_000)


def measure(settings: Settings) -> Section:
    sizes = SIZES[:2] if settings.quick else SIZES
    cases = [(shape, n) for shape in SHAPES for n in sizes]
    inside: dict[tuple[str, int], list[dict[str, Any]]] = {case: [] for case in cases}
    outside: dict[tuple[str, int], list[Run]] = {case: [] for case in cases}
    with tempfile.TemporaryDirectory() as folder:
        for shape, layers in cases:
            text = SHAPES[shape][1](layers)
            path(folder, shape, layers).write_text(text, encoding="utf-8")
        for _ in range(settings.repetitions(3, quick=1)):
            for case in cases:
                file = str(path(folder, *case))
                once = [sys.executable, str(HERE / "once.py"), file]
                inside[case].append(json.loads(process(once).out))
                outside[case].append(process(archcalc("table", file, "--format", "json")))
    rows, measured = [], {}
    for case in cases:
        figures = {key: median(run[key] for run in inside[case]) for key in inside[case][0]}
        whole = median(run.seconds for run in outside[case])
        peak = max(run.peak for run in outside[case])
        rows.append(
            [
                SHAPES[case[0]][0],
                f"{int(figures['layers']):,}",
                milliseconds(figures["load"]),
                milliseconds(figures["analyze"]),
                f"{digits(figures['analyze'] / figures['layers'] * 1e6)} µs",
                milliseconds(figures["json"]),
                milliseconds(whole),
                megabytes(peak),
            ]
        )
        measured[f"{case[0]} {case[1]} analyze"] = figures["analyze"]
        measured[f"{case[0]} {case[1]} whole"] = whole
        measured[f"{case[0]} {case[1]} megabytes"] = peak / 1e6
    if not settings.quick:
        steps = (measured[f"chain {n} analyze"] for n in SIZES[1:])
        measured["growth of chain"] = 1 / next(steps) * next(steps)
    return Section(
        "Growth",
        "Load, analysis and JSON in one process; the whole command `archcalc table FILE --format "
        "json`, with its peak memory, in another.",
        ["network", "layers", "load", "analyse", "a layer", "JSON", "command", "peak memory"],
        rows,
        measured,
    )


def path(folder: str, shape: str, layers: int) -> Path:
    return Path(folder) / f"{shape}-{layers}.yaml"
