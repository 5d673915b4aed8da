"""Models of timm, with PyTorch and timm installed: a sample of those that are imported exactly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archcalc import analyze
from archcalc.importers import pytorch
from archcalc.importers.graph import flat_network

torch = pytest.importorskip("torch")
timm: Any = pytest.importorskip("timm")
pytestmark = pytest.mark.torch

EXACT = (Path(__file__).parent / "timm_models.txt").read_text(encoding="utf-8").split()


@pytest.mark.parametrize("name", EXACT[::40])
def test_models_are_exact(name: str) -> None:
    from torch.utils.flop_counter import FlopCounterMode

    graph = pytorch.read("timm", "create_model", None, {"model_name": name})
    totals = analyze(flat_network(graph)).totals
    with torch.device("meta"):
        model = timm.create_model(name).eval()
    assert totals.params == sum(p.numel() for p in model.parameters())
    shape = (1, graph.input.channels, *graph.input.spatial)
    with FlopCounterMode(display=False) as counted, torch.no_grad():
        model(torch.empty(shape, device="meta"))
    assert 2 * totals.macs == counted.get_total_flops()
