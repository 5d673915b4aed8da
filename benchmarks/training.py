"""The memory of training, beyond the analysis of a network, and of networks of many layers."""

from __future__ import annotations

import tempfile
from pathlib import Path

import files
from measure import (
    Section,
    Settings,
    archcalc,
    interleaved,
    megabytes,
    milliseconds,
    processes,
    seconds,
)

from archcalc import api
from archcalc.network.training import Settings as Step
from archcalc.views.memory import memory

NETWORKS = ("vgg16", "resnet50", "resnet152")
LAYERS = 100_000


def measure(settings: Settings) -> Section:
    rows, measured = [], {}
    for name in NETWORKS:
        source = api.read_source(name)
        analysis = api.run(source)
        work = {
            "analysis": lambda source=source: seconds(lambda: api.run(source)),
            "step": lambda analysis=analysis: seconds(lambda: memory(analysis, Step())),
        }
        times = interleaved(work, settings.repetitions(25))
        layers = len(analysis.layers)
        rows.append(
            [name, f"{layers:,}", milliseconds(times["analysis"]), milliseconds(times["step"]), ""]
        )
        measured[f"training {name}"] = times["step"] * 1e3
    layers = LAYERS // 10 if settings.quick else LAYERS
    with tempfile.TemporaryDirectory() as folder:
        commands = {}
        for shape in ("repeated", "chain"):
            path = Path(folder) / f"{shape}.yaml"
            path.write_text(getattr(files, shape)(layers), encoding="utf-8")
            commands[shape] = archcalc("memory", str(path))
        whole, peaks = processes(commands, settings.repetitions(3, quick=1), warm_up=False)
    for shape, what in (("repeated", "equal copies"), ("chain", "distinct convolutions")):
        rows.append(
            [
                f"{what}, `archcalc memory FILE`",
                f"{layers:,}",
                "",
                milliseconds(whole[shape]),
                megabytes(peaks[shape]),
            ]
        )
    if not settings.quick:
        measured["training repeat"] = whole["repeated"]
        measured["training megabytes"] = peaks["repeated"] / 1e6
    return Section(
        "Training",
        "Load and analysis of a file, and then the memory of a step of training and of a forward "
        "pass at inference, in one process; the whole command `archcalc memory FILE` in another.",
        ["network", "layers", "load and analyse", "memory", "peak memory"],
        rows,
        measured,
    )
