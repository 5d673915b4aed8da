"""A quantity of the whole network or of what a path covers, as figures speak of it."""

from __future__ import annotations

from collections.abc import Mapping

from archcalc.analysis import Analysis
from archcalc.graph import Region
from archcalc.graph.paths import matching
from archcalc.volume import Volume

Measure = int | Volume | tuple[int, ...]


def of_network(analysis: Analysis, quantity: str) -> Measure:
    """A total; ``output`` is the last of the network's outputs."""
    if quantity == "output":
        return analysis.outputs[-1][1]
    value: int = getattr(analysis.totals, quantity)
    return value


def of_region(analysis: Analysis, region: Region, quantity: str) -> Measure:
    """A sum over the layers of a region; ``output``, ``receptive_field`` and ``depth`` at its end.

    The receptive field is the local size, one number per axis of the network's input, and () where
    no path keeps its position.
    """
    last = analysis.layers[region.output] if region.output >= 0 else None
    if quantity == "output":
        return last.output if last else analysis.input
    if quantity == "receptive_field":
        return tuple(axis.size for axis in last.field.axes or ()) if last else ()
    if quantity == "depth":
        return last.depth if last else 0
    return sum(getattr(layer, quantity) for layer in analysis.covered(region))


def measured(
    analysis: Analysis, regions: Mapping[str, Region], at: str | None, quantity: str
) -> list[tuple[str | None, Measure]]:
    """Every path that ``at`` names with its measure; of the network where ``at`` is None."""
    if at is None:
        return [(None, of_network(analysis, quantity))]
    return [
        (region.path, of_region(analysis, region, quantity)) for region in matching(at, regions)
    ]


def shown(measure: Measure) -> str:
    """A measure as a message writes it."""
    if isinstance(measure, Volume):
        return str(measure)
    if isinstance(measure, tuple):
        return "x".join(map(str, measure)) or "none"
    return f"{measure:,}"
