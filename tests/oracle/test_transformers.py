"""Networks of tokens against the modules of PyTorch: all parameters one by one, and all MACs."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

import pytest

import archcalc

torch = pytest.importorskip("torch")
torchvision = pytest.importorskip("torchvision")
pytestmark = pytest.mark.torch

Module = Any
nn = torch.nn


class Mixing(nn.Module):  # type: ignore[misc, name-defined]
    """Fully connected layers over the positions of each channel, then over the channels of each."""

    def __init__(self, positions: int, width: int, tokens: int, channels: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.tokens = nn.Sequential(
            nn.Linear(positions, tokens), nn.GELU(), nn.Linear(tokens, positions)
        )
        self.channels = nn.Sequential(
            nn.Linear(width, channels), nn.GELU(), nn.Linear(channels, width)
        )

    def forward(self, x: Any) -> Any:
        x = x + self.tokens(self.norm1(x).transpose(1, 2)).transpose(1, 2)
        return x + self.channels(self.norm2(x))


class Mixer(nn.Module):  # type: ignore[misc, name-defined]
    """Tolstikhin et al. 2021, table 1: B/16."""

    def __init__(self, size: int = 224) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, 768, 16, 16)
        positions = (size // 16) ** 2
        self.blocks = nn.Sequential(*(Mixing(positions, 768, 384, 3072) for _ in range(12)))
        self.norm, self.head = nn.LayerNorm(768), nn.Linear(768, 1000)

    def forward(self, x: Any) -> Any:
        x = self.patches(x).flatten(2).transpose(1, 2)
        return self.head(self.norm(self.blocks(x)).mean(1))


NETWORKS: dict[str, Any] = {
    "vit-b16": lambda: torchvision.models.vit_b_16(weights=None),
    "swin-t": lambda: torchvision.models.swin_t(weights=None),
    "mlp-mixer-b16": Mixer,
}


def parameters(network: Module) -> Counter[tuple[int, int]]:
    """How many modules have so many weights and biases; a bias goes with the weight beside it."""
    found: dict[str, tuple[int, int]] = {}
    for name, parameter in network.named_parameters():
        owner = name.removesuffix("weight").removesuffix("bias")
        weights, biases = found.get(owner, (0, 0))
        count, is_bias = parameter.numel(), name.endswith("bias")
        found[owner] = (weights, biases + count) if is_bias else (weights + count, biases)
    return Counter(found.values())


def macs(network: Module, size: int = 224) -> int:
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter:
        network(torch.empty(1, 3, size, size, device="meta"))
    return int(counter.get_total_flops()) // 2


def built(name: str, make: Any = None) -> Module:
    with torch.device("meta"):
        return (make or NETWORKS[name])().eval()


@pytest.mark.parametrize("name", NETWORKS)
def test_parameters_and_macs(name: str) -> None:
    network, analysis = built(name), archcalc.analyze(archcalc.load(name))
    ours = Counter((row.weights, row.biases) for row in analysis.layers if row.params)
    assert ours == parameters(network)
    assert analysis.totals.macs == macs(network)


def test_the_mixer_at_another_input() -> None:
    network = built("mlp-mixer-b16", partial(Mixer, 384))
    analysis = archcalc.analyze(archcalc.load("mlp-mixer-b16"), input="384")
    assert analysis.totals.params == sum(p.numel() for p in network.parameters())
    assert analysis.totals.macs == macs(network, 384)


def test_a_narrow_vision_transformer() -> None:
    whole = torchvision.models.vision_transformer.VisionTransformer
    network = built("", lambda: whole(224, 16, 12, 6, 384, 1536))
    analysis = archcalc.analyze(archcalc.load("vit-b16"), variables={"width": 384})
    assert analysis.totals.params == sum(p.numel() for p in network.parameters())
    assert analysis.totals.macs == macs(network)
