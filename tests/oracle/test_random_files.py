"""Random files, layer by layer against PyTorch: every type of layer and every merge."""

from __future__ import annotations

from collections import Counter

import pytest
from drafts import MERGES, files
from hypothesis import HealthCheck, given, settings

import archcalc
from archcalc.network.layers import LAYERS

pytest.importorskip("torch")
pytestmark = pytest.mark.torch

EACH = 20
TRIED = 30


def test_random_files_agree_with_pytorch() -> None:
    from twin import found

    seen: Counter[str] = Counter()
    for kind in LAYERS:

        @settings(
            max_examples=TRIED,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(files(kind, tuple(LAYERS)))
        def agree(text: str) -> None:
            architecture = archcalc.loads(text)
            for row, theirs in found(archcalc.analyze(architecture)):
                ours = (row.output, row.weights, row.biases, row.buffers, row.macs)
                assert ours == tuple(theirs), f"{row.name} in\n{text}"
            seen.update({"files", *(name for name in LAYERS if f"type: {name}" in text)})

        agree()
    assert seen["files"] >= 500
    assert {name for name in (*LAYERS, *MERGES) if seen[name] < EACH} == set()
