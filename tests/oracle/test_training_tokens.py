"""Memory of training of layers of tokens against PyTorch: attention, tables, learned tensors."""

from __future__ import annotations

from typing import Any

import pytest
from agreement import agree

import archcalc
from archcalc.network.training import Settings

torch = pytest.importorskip("torch")
pytestmark = [
    pytest.mark.torch,
    pytest.mark.skipif(torch.version.cuda is None, reason="PyTorch was built without CUDA"),
]

BATCHES = (2, 5)
LINEAR = "{type: linear, flatten: false, units: 24"
THREE = [f"{LINEAR}, name: {name}, from: first}}" for name in ("q", "k", "v")]
FEW = [THREE[0], *(one.replace("24", "12") for one in THREE[1:])]
BODIES = {
    "of one": ["{type: attention, heads: HEADS, fused: FUSED}"],
    "of three": [*THREE, "{type: attention, heads: HEADS, fused: FUSED, from: [q, k, v]}"],
    "projected": ["{type: self_attention, heads: HEADS, fused: FUSED}"],
    "projected, narrow": ["{type: self_attention, heads: HEADS, fused: FUSED, head_dim: 2}"],
}
SOURCES = {
    "positions": ["{type: parameter, name: p, shape: 19x24}", "{type: add, from: [first, p]}"],
    "factors": ["{type: parameter, name: p, shape: 19x24}", "{type: multiply, from: [first, p]}"],
    "class token": [
        "{type: parameter, name: c, shape: 1x24}",
        "{type: concat, from: [c, first], axis: positions}",
    ],
}
# What the kernels keep of random numbers, of which attention without dropout takes none.
RANDOM_STATE = {None: 16, "bfloat16": 24}


def analysed(body: list[str], size: str = "19x8") -> archcalc.Analysis:
    ends = ["{type: linear, units: 7, flatten: false}", "{type: global_avgpool}"]
    entries = [*body, *ends, "{type: linear, units: 10}"]
    layers = "".join(f"  - {entry}\n" for entry in entries)
    return archcalc.analyze(archcalc.loads(f"name: tokens\ninput: {size}\nlayers:\n{layers}"))


def tokens(analysis: archcalc.Analysis, batch: int) -> Any:
    """Channels side by side, as layers of tokens have them."""
    return torch.empty(batch, *analysis.input.spatial, analysis.input.channels).movedim(-1, 1)


def indices(analysis: archcalc.Analysis, batch: int) -> Any:
    return torch.empty(batch, analysis.input.channels, dtype=torch.int32)


@pytest.mark.parametrize("amp", [None, "bfloat16"])
@pytest.mark.parametrize("fused", [False, True], ids=["products", "fused"])
@pytest.mark.parametrize("heads", [1, 4])
@pytest.mark.parametrize("name", BODIES)
def test_attention(name: str, heads: int, fused: bool, amp: str | None) -> None:
    said = {"HEADS": str(heads), "FUSED": str(fused).lower()}
    body = [f"{LINEAR}, name: first}}", *BODIES[name]]
    for word, value in said.items():
        body = [entry.replace(word, value) for entry in body]
    more = RANDOM_STATE[amp] if fused else 0
    for batch in BATCHES:
        agree(analysed(body), Settings(amp=amp), batch, tokens, more)


@pytest.mark.parametrize("amp", [None, "bfloat16"])
def test_fewer_heads_of_keys(amp: str | None) -> None:
    attention = "{type: attention, heads: 4, kv_heads: 2, from: [q, k, v]}"
    analysis = analysed([f"{LINEAR}, name: first}}", *FEW, attention])
    for batch in BATCHES:
        agree(analysis, Settings(amp=amp), batch, tokens)


@pytest.mark.parametrize("amp", [None, "bfloat16"])
@pytest.mark.parametrize("name", SOURCES)
def test_learned_tensors(name: str, amp: str | None) -> None:
    analysis = analysed([f"{LINEAR}, name: first}}", *SOURCES[name], "{type: layernorm}"])
    for batch in BATCHES:
        agree(analysis, Settings(amp=amp), batch, tokens)


@pytest.mark.parametrize("amp", [None, "bfloat16"])
def test_a_table(amp: str | None) -> None:
    table = "{type: embedding, name: first, entries: 50, channels: 24}"
    for body in ([table], [table, *SOURCES["positions"], "{type: layernorm}"]):
        for batch in BATCHES:
            agree(analysed(body, "19"), Settings(amp=amp), batch, indices)
