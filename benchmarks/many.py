"""`archcalc check` over many files, against load and analysis of the same in process."""

from __future__ import annotations

import tempfile
from pathlib import Path

import files
from measure import Section, Settings, digits, interleaved, milliseconds, process, ratio, seconds
from measure import archcalc as command

import archcalc
from archcalc.api import read_source

NETWORK = "resnet50"
FILES = 1_000


def measure(settings: Settings) -> Section:
    count = FILES // 10 if settings.quick else FILES
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, text in enumerate(files.variants(read_source(NETWORK).text, count)):
            paths.append(Path(folder) / f"{number:04}.yaml")
            paths[-1].write_text(text, encoding="utf-8")
        said = process(command("check", folder)).out
        assert f"{count:,} files checked" in said
        assert "[" not in said, said

        def inside() -> None:
            for path in paths:
                archcalc.analyze(archcalc.load(path))

        jobs = {
            "load and analyse in process": lambda: seconds(inside),
            "archcalc check FOLDER": lambda: process(command("check", folder)).seconds,
            "archcalc check FOLDER --format json": lambda: (
                process(command("check", folder, "--format", "json")).seconds
            ),
            "archcalc --version": lambda: process(command("--version")).seconds,
        }
        times = interleaved(jobs, settings.repetitions(3, quick=1), warm_up=False)
    base, start = times["load and analyse in process"], times["archcalc --version"]
    excess = {name: (time - start) / base for name, time in times.items() if "FOLDER" in name}
    rows = [
        [
            f"`{name}`" if name.startswith("archcalc") else name,
            f"{digits(time)} s",
            milliseconds(time / count) if "version" not in name else "",
            ratio(excess[name]) if name in excess else "",
        ]
        for name, time in times.items()
    ]
    return Section(
        "Many files",
        f"{count:,} distinct files of the size of {NETWORK}, made from it by other filters, "
        "classes and inputs, without\nfindings.",
        ["what", "time", "a file", "(time - one start) / load and analyse"],
        rows,
        {} if settings.quick else {"check": excess["archcalc check FOLDER"]},
    )
