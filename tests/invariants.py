"""What holds for any file: the same bytes twice, one reading by both parsers, sums as totals."""

from __future__ import annotations

import io
import json
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import Any

import yaml

from archcalc import api
from archcalc.analysis.published import verdicts
from archcalc.api import exported, written
from archcalc.archfile import parse
from archcalc.cli import report_
from archcalc.diagnostics import Source, SpecError
from archcalc.exporters import EXPORTERS
from archcalc.network.training import Settings
from archcalc.renderers import (
    COMPARISON_FORMATS,
    COUNTER_FORMATS,
    DIFFERENCE_FORMATS,
    EXPLANATION_FORMATS,
    FINDING_FORMATS,
    FORMATS,
    MEMORY_FORMATS,
    PUBLISHED_FORMATS,
    SIZES_FORMATS,
    index,
    page,
    report,
)
from archcalc.renderers.page import index as gallery
from archcalc.renderers.table import render as table
from archcalc.rules.catalogue import CHECKS
from archcalc.rules.describing import refused
from archcalc.rules.figures import budgets, expectations
from archcalc.variants.sizes import sizes
from archcalc.views.comparison import comparison
from archcalc.views.counters import conventions
from archcalc.views.difference import difference
from archcalc.views.explanation import explanations
from archcalc.views.findings import Checked
from archcalc.views.memory import memory

SECONDS = 20
EXPLAINED = 20  # layers
SIZES = (7, 9)
NAME = "input.yaml"
SUMMED = ("weights", "biases", "params", "buffers", "macs", "flops", "connections")


def hold(data: bytes) -> bool:
    """Reads a file, analyses it, holds it against the rules and renders it in every format.

    Whether it is a network.

    Raises:
        AssertionError: where an invariant does not hold; another exception is a mistake as well.
    """
    with at_most(SECONDS):
        first, again = answer(data), answer(data)
        assert first == again, "other bytes the second time"
        with parser(yaml.BaseLoader):
            assert first["read"] == read(data), "the parsers differ"
        if "json" in first:
            document = json.loads(first["json"])
            sums_are_totals(document)
            report_is_fresh(data)
        return "json" in first


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Seconds of the processor, which a busy machine does not change."""

    def too_long(*_: object) -> None:
        raise TimeoutError(f"no answer in {seconds} seconds")

    previous = signal.signal(signal.SIGPROF, too_long)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)


@contextmanager
def parser(loader: Any) -> Iterator[None]:
    usual, parse.LOADER = parse.LOADER, loader
    try:
        yield
    finally:
        parse.LOADER = usual


def analysed(data: bytes) -> tuple[Source, api.Analysis]:
    source = api.source_of(data, NAME)
    return source, api.run(source, chosen=CHECKS)


def read(data: bytes) -> str:
    """What both parsers have to agree on: the analysis, or the mistakes and their places."""
    try:
        return api.render(analysed(data)[1], "json")
    except SpecError as error:
        return written(
            FINDING_FORMATS["json"], [Checked(error.source, error.diagnostics, (), 0)], True
        )


def answer(data: bytes) -> dict[str, str]:
    """Everything that is said of a file, by what is asked."""
    said = {"read": read(data)}
    try:
        source, analysis = analysed(data)
    except SpecError as error:
        checked = Checked(error.source, error.diagnostics, (), 0)
    else:
        said |= rendered(analysis) | surveyed(data)
        found, allowed = refused(analysis, CHECKS, CHECKS)
        figures = [*expectations(analysis), *budgets(analysis)]
        checked = Checked(source, found, figures, allowed)
    for name, form in FINDING_FORMATS.items():
        said[f"findings as {name}"] = written(form, [checked], True)
    for name in ("json", "sarif"):
        json.loads(said[f"findings as {name}"])
    return said


def rendered(analysis: api.Analysis) -> dict[str, str]:
    said = {name: api.render(analysis, name) for name in FORMATS}
    said["narrow"] = table(analysis, width=40, colour=True, fold=1, units="si")
    equal = difference(analysis, analysis)
    assert equal.is_empty, "a network differs from itself"
    named = [("a", analysis), ("b", analysis)]
    explained = list(explanations(analysis, analysis.layers[:EXPLAINED]))
    for kind, formats, view in (
        ("difference", DIFFERENCE_FORMATS, equal),
        ("comparison", COMPARISON_FORMATS, comparison(named)),
        ("counters", COUNTER_FORMATS, conventions(named)),
        ("explanation", EXPLANATION_FORMATS, explained),
        ("published", PUBLISHED_FORMATS, [("a", verdicts(analysis))]),
    ):
        said |= {f"{kind} as {name}": written(form, view) for name, form in formats.items()}
    for inference in (False, True):
        try:
            kept = memory(analysis, analysis.network.train or Settings(), inference)
        except ValueError as error:
            said[f"memory {inference}"] = str(error)
        else:
            said |= {
                f"memory {inference} {name}": written(f, kept) for name, f in MEMORY_FORMATS.items()
            }
    for inline in (False, True):
        files = report.render(analysis, "input", "archcalc report input.yaml", inline=inline)
        said |= {f"report {inline} {name}": text for name, text in files.items()}
    said["index"] = index.render(named, "archcalc report input.yaml")
    said |= {"page": page.render(analysis, NAME), "gallery": gallery.render(named)}
    for name, exporter in EXPORTERS.items():
        for file in exported(exporter, analysis.network, "input"):
            said[f"{name} {file.suffix}"] = f"{file.data!r} {file.zeros}"
    return said


def surveyed(data: bytes) -> dict[str, str]:
    """At which small inputs a network fits."""
    source = api.source_of(data, NAME)
    try:
        survey = sizes(api.loads(source.text, NAME), *SIZES)
    except (SpecError, ValueError) as error:
        return {"sizes": str(error)}
    return {f"sizes as {name}": written(form, survey) for name, form in SIZES_FORMATS.items()}


def sums_are_totals(document: dict[str, Any]) -> None:
    layers, totals = document["layers"], document["totals"]
    assert len(layers) == totals["layers"]
    for name in SUMMED:
        assert sum(layer[name] for layer in layers) == totals[name], name
    elements = document["input"]["channels"] * document["batch"]
    for size in document["input"]["spatial"]:
        elements *= size
    elements += sum(layer["activation_elements"] for layer in layers)
    assert elements == totals["activation_elements"]


def report_is_fresh(data: bytes) -> None:
    """Writes a report with the command, and holds it against itself with ``--check``."""
    with tempfile.TemporaryDirectory() as folder, redirect_stderr(io.StringIO()):
        file = Path(folder) / NAME
        file.write_bytes(data)
        arguments = [str(file), "-o", f"{folder}/input.md"]
        report_.command.main(arguments, standalone_mode=False)
        report_.command.main([*arguments, "--check"], standalone_mode=False)
