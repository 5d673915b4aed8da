"""Load and analysis of every shipped architecture, in process."""

from __future__ import annotations

from measure import Section, Settings, digits, interleaved, milliseconds, seconds

import archcalc
from archcalc.api import builtin_names


def measure(settings: Settings) -> Section:
    names = builtin_names()
    loaded = {name: archcalc.load(name) for name in names}
    layers = {name: archcalc.analyze(loaded[name]).totals.layers for name in names}
    jobs = {}
    for name in names:
        jobs[f"load {name}"] = lambda name=name: seconds(lambda: archcalc.load(name))
        jobs[f"analyze {name}"] = lambda name=name: seconds(lambda: archcalc.analyze(loaded[name]))
    times = interleaved(jobs, settings.repetitions(25))
    rows = [
        [
            name,
            f"{layers[name]:,}",
            milliseconds(times[f"load {name}"]),
            milliseconds(times[f"analyze {name}"]),
            f"{digits(times[f'analyze {name}'] / layers[name] * 1e6)} µs",
        ]
        for name in names
    ]
    return Section(
        "Shipped architectures",
        "In process: `archcalc.load(name)` reads the file, `archcalc.analyze` gives every quantity "
        "of every layer.",
        ["architecture", "layers", "load", "analyse", "analyse, a layer"],
        rows,
        {"layer of resnet152": times["analyze resnet152"] / layers["resnet152"] * 1e6},
    )
