"""The recipes of the docs, layer by layer against PyTorch, and Siamese towers as one module."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import archcalc

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch

PAGE = Path(__file__).parents[2] / "docs" / "recipes.md"
FILES = dict(re.findall(r"```yaml\n# ([\w.-]+)\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL))


@pytest.mark.parametrize("name", FILES)
def test_every_layer_of_a_recipe_agrees_with_pytorch(name: str) -> None:
    from twin import found, stored

    for row, theirs in found(archcalc.analyze(archcalc.loads(FILES[name]))):
        assert (row.output, *stored(row), row.macs) == tuple(theirs), row.name


def test_siamese_towers_are_one_module_that_runs_twice() -> None:
    from torch import nn
    from torch.utils.flop_counter import FlopCounterMode

    lenet = nn.Sequential(
        nn.Conv2d(1, 20, 5), nn.MaxPool2d(2), nn.Conv2d(20, 50, 5), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(4 * 4 * 50, 500), nn.ReLU(), nn.Linear(500, 10), nn.Linear(10, 2),
    )  # fmt: skip
    left, right = torch.rand(1, 1, 28, 28), torch.rand(1, 1, 28, 28)
    with FlopCounterMode(display=False) as counter:
        difference = lenet(left) - lenet(right)
    analysis = archcalc.analyze(archcalc.loads(FILES["siamese.yaml"]))
    assert analysis.layers[-1].output.channels == difference.numel()
    assert analysis.totals.params == sum(p.numel() for p in lenet.parameters())
    assert analysis.totals.macs == counter.get_total_flops() // 2
