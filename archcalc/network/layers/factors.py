"""The factors of which the counts of layers are products, in the letters of the literature."""

from __future__ import annotations

from archcalc.network.counts import Factor
from archcalc.network.layers.checks import per_axis
from archcalc.network.values import PerAxis
from archcalc.network.volume import Volume
from archcalc.network.window import by_axis

AXIS_LETTERS = ((), ("L",), ("H", "W"), ("D", "H", "W"))


def kernel_factors(kernel: PerAxis, volume: Volume) -> tuple[Factor, ...]:
    return by_axis(_factor, per_axis(kernel, volume, "kernel"))


def _factor(size: int) -> Factor:
    return "F", size


def of_group(symbol: str, count: int, groups: int) -> Factor:
    """What one group has of channels or filters: C, or C/groups."""
    return (symbol, count) if groups == 1 else (f"{symbol}/groups", count // groups)


def position_factors(volume: Volume) -> tuple[Factor, ...]:
    """The spatial positions of a volume as factors: L, H x W, or D x H x W."""
    return tuple(zip(AXIS_LETTERS[len(volume.spatial)], volume.spatial, strict=True))
