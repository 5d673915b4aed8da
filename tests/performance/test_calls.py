"""Counts of calls in place of times: no noise, no machine. Bounds stand a fifth above what is."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from math import log
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import archcalc
from archcalc import checking
from archcalc.diagnostics import Severity
from archcalc.rules.catalogue import CHECKS

PACKAGE = str(Path(archcalc.__file__).parent)

Calls = Counter[tuple[str, str]]


def calls(work: Callable[[], object]) -> Calls:
    """The calls of the package's functions, by file and name, once modules are imported."""
    counted: Calls = Counter()

    def profile(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(PACKAGE):
            file = frame.f_code.co_filename[len(PACKAGE) + 1 :]
            counted[file, frame.f_code.co_name] += 1

    work()
    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(before)
    return counted


def total(work: Callable[[], object]) -> int:
    return calls(work).total()


def chain(layers: int) -> str:
    """Convolutions without padding: each has an input and a receptive field of its own."""
    return (
        "name: chain\ninput: 9999x9999x2\nlayers:\n"
        f"  - {{name: body, repeat: {layers}, layers: [{{type: conv, filters: 2, kernel: 3}}]}}\n"
    )


def branches(layers: int) -> str:
    convolutions = "".join(
        f"          - [{{type: conv, filters: 2, kernel: {2 * p + 1}, padding: {p}}}]\n"
        for p in range(4)
    )
    return (
        f"name: branches\ninput: 64x64x2\nlayers:\n  - name: body\n    repeat: {layers // 5}\n"
        f"    layers:\n      - type: add\n        branches:\n{convolutions}"
    )


def repeated(layers: int) -> str:
    return (
        f"name: repeated\ninput: 64x64x2\nlayers:\n  - name: body\n    repeat: {layers // 2}\n"
        "    layers:\n      - {type: conv, filters: 2, kernel: 3, padding: 1}\n"
        "      - {type: batchnorm}\n"
    )


def flat(layers: int) -> str:
    entries: Iterable[str] = (
        f"  - {{type: conv, filters: {filters}, kernel: 3, padding: 1}}\n"
        for filters in range(1, layers + 1)
    )
    return f"name: flat\ninput: 64x64x2\nlayers:\n{''.join(entries)}"


def rendered(text: str) -> str:
    return archcalc.render(archcalc.analyze(archcalc.loads(text)), "json")


@pytest.mark.parametrize(
    ("name", "bound"), [("resnet152", 40), ("googlenet", 170), ("vgg16", 91), ("xception", 67)]
)
def test_calls_a_layer_to_analyse_a_shipped_architecture(name: str, bound: int) -> None:
    loaded = archcalc.load(name)
    layers = archcalc.analyze(loaded).totals.layers
    assert total(lambda: archcalc.analyze(loaded)) <= bound * layers


def test_calls_an_entry_to_load_a_flat_file() -> None:
    text = flat(1_000)
    assert total(lambda: archcalc.loads(text)) <= 48 * 1_000


def test_calls_a_layer_to_write_json() -> None:
    analysis = archcalc.analyze(archcalc.load("resnet152"))
    assert total(lambda: archcalc.render(analysis, "json")) <= 18 * analysis.totals.layers


@pytest.mark.parametrize("shape", [chain, branches, repeated, flat])
def test_calls_grow_as_the_layers_do(shape: Callable[[int], str]) -> None:
    small, large = 250, 1_000
    few, many = (total(partial(rendered, shape(n))) for n in (small, large))
    exponent = log(many / few) / log(large / small)
    assert exponent <= 1.02


def test_equal_copies_are_computed_once() -> None:
    few, many = (calls(partial(rendered, repeated(n))) for n in (20, 200))
    assert few["costs.py", "costs"] == many["costs.py", "costs"] == 2


def test_what_is_equal_in_a_residual_network_is_computed_once() -> None:
    analysis = archcalc.analyze(archcalc.load("resnet152"))
    distinct = {(each.layer, each.activation, each.input_volumes) for each in analysis.layers}
    counted = calls(lambda: archcalc.analyze(archcalc.load("resnet152")))
    assert counted["costs.py", "costs"] == len(distinct)
    assert len(distinct) < len(analysis.layers) / 6


def test_a_file_is_parsed_once() -> None:
    counted = calls(lambda: rendered(flat(10)))
    assert counted["spec/document.py", "parse"] == 1
    assert counted["graph/expansion.py", "expand"] == 1


def test_calls_to_check_a_file_without_findings(tmp_path: Path) -> None:
    """Against load and analysis of the same: the rules add little, file after file."""
    names = ["resnet50", "resnet101", "resnet152", "vgg16", "googlenet"]
    rules = [rule.id for rule in CHECKS if rule.severity is not Severity.NOTE]
    paths = []
    for name in names:
        paths.append(str(tmp_path / f"{name}.yaml"))
        Path(paths[-1]).write_text(archcalc.load(name).source.text, encoding="utf-8")

    def check() -> list[int]:
        return [len(each.diagnostics) for each in checking.checked(paths, [], rules)]

    assert check() == [0] * len(names)
    alone = total(lambda: [archcalc.analyze(archcalc.load(path)) for path in paths])
    assert total(check) <= 1.5 * alone
