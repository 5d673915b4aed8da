"""One quantity of a network, or of what a path covers: what figures in a file are held against."""

from __future__ import annotations

from archcalc.analysis.analysis import Analysis
from archcalc.network.network import Region
from archcalc.network.volume import Volume

Measure = int | Volume | tuple[int, ...]


def measure(analysis: Analysis, quantity: str, region: Region | None = None) -> Measure | None:
    """The value of a quantity of `QUANTITIES`, of the whole network where no region is given.

    A region's counts are sums over its layers. Its output, receptive field (the local size, one
    number per axis of the network's input) and depth are those of its last output. None where an
    output has no local receptive field.
    """
    if region is None:
        if quantity == "output":
            return analysis.outputs[-1][1]
        whole: int = getattr(analysis.totals, quantity)
        return whole
    if quantity not in ("output", "receptive_field", "depth"):
        total: int = sum(getattr(layer, quantity) for layer in analysis.covered(region))
        return total
    last = analysis.layers[region.output] if region.output >= 0 else None
    if quantity == "output":
        return last.output if last else analysis.input
    if quantity == "depth":
        return last.depth if last else 0
    if last is None:
        return (1,) * len(analysis.input.spatial)
    return None if last.field.axes is None else tuple(axis.size for axis in last.field.axes)
