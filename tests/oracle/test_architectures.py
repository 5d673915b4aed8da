"""Every layer of every shipped architecture against the same layer in PyTorch."""

from __future__ import annotations

import pytest

import archcalc
from archcalc.api import builtin_names

pytest.importorskip("torch")
pytestmark = pytest.mark.torch


@pytest.mark.parametrize("name", builtin_names())
def test_every_layer_agrees_with_pytorch(name: str) -> None:
    from twin import found, stored

    analysis = archcalc.analyze(archcalc.load(name))
    rows = list(found(analysis))
    assert len(rows) == analysis.totals.layers
    for row, theirs in rows:
        assert (row.output, *stored(row), row.macs) == tuple(theirs), row.name


@pytest.mark.parametrize(
    "name", ["lenet5-modern", "mnist-conv6-conv16", "alexnet", "zfnet", "vgg11"]
)
def test_receptive_fields_agree_with_back_propagation(name: str) -> None:
    from gradients import reads

    analysis = archcalc.analyze(archcalc.load(name))
    compared = 0
    for row, measured in reads(analysis, axis=0):
        assert row.field.axes is not None
        assert {output: row.field.axes[0].at(output) for output in measured} == measured
        compared += bool(measured)
    assert compared >= 4
