"""Every layer of every network against what PyTorch computed: outputs, parameters, MACs, fields."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import archcalc
from archcalc.analysis.analysis import LayerAnalysis
from archcalc.api import builtin_names
from archcalc.network.layers import Family

FOLDER = Path(__file__).parent
NETWORKS: dict[str, Any] = json.loads((FOLDER / "networks.json").read_text(encoding="utf-8"))
FIELDS: dict[str, Any] = json.loads((FOLDER / "receptive_fields.json").read_text(encoding="utf-8"))
UNMEASURED = {
    "lenet5", "vgg11-lrn",  # what they add to lenet5-modern and vgg11 PyTorch has not
    "vit-b16", "swin-t", "mlp-mixer-b16",  # held against an installed PyTorch, with the oracles
}  # fmt: skip


def kind(row: LayerAnalysis) -> str | None:
    if row.layer.family in (Family.CONVOLUTION, Family.POOLING):
        return "conv" if row.layer.family is Family.CONVOLUTION else "pool"
    return row.type if row.type in ("linear", "batchnorm", "layernorm", "scale") else None


def shape(sizes: list[int]) -> tuple[int, ...]:
    """C, H, W without axes of size 1 at the end: a vector is a map of 1x1."""
    while len(sizes) > 1 and sizes[-1] == 1:
        sizes = sizes[:-1]
    return tuple(sizes)


def test_every_architecture_is_measured_or_named() -> None:
    assert set(builtin_names()) - UNMEASURED <= set(NETWORKS)


@pytest.mark.parametrize("name", NETWORKS)
def test_totals(name: str) -> None:
    analysis, expected = archcalc.analyze(archcalc.load(name)), NETWORKS[name]
    assert [analysis.input.channels, *analysis.input.spatial] == expected["input"]
    assert analysis.totals.params == expected["params"]
    assert analysis.totals.macs == expected["macs"]
    assert analysis.totals.params == sum(row.params for row in analysis.layers)
    assert analysis.totals.macs == sum(row.macs for row in analysis.layers)


@pytest.mark.parametrize("name", NETWORKS)
def test_every_layer(name: str) -> None:
    """In the order in which they run."""
    ours = [
        (kind(row), shape([row.output.channels, *row.output.spatial]), row.params, row.macs)
        for row in archcalc.analyze(archcalc.load(name)).layers
        if kind(row)
    ]
    theirs = [
        (what, shape(output), params, macs)
        for what, output, params, macs in NETWORKS[name]["layers"]
    ]
    assert ours == theirs


@pytest.mark.parametrize("name", FIELDS)
def test_every_receptive_field(name: str) -> None:
    """Of the paths that keep their position; those of 7x1 kernels differ by axis."""
    ours: Counter[tuple[Any, ...]] = Counter()
    for row in archcalc.analyze(archcalc.load(name)).layers:
        if kind(row) in (None, "linear", "scale") or row.type.startswith(("adaptive", "global")):
            continue
        if row.field.axes is not None:
            height, width = row.field.axes
            assert height == width or name == "inception-v3"
            ours[kind(row), height.size, height.stride, height.start] += 1
    assert ours == Counter(map(tuple, FIELDS[name]))
