"""Quantities of many regions of a network, which may lie inside each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.quantities.quantity import Quantity
from archcalc.network.figures import Computed
from archcalc.network.network import Region

FEW = 64  # layers that are sooner added up than all layers of a network


class RegionCounts:
    """What regions have of quantities: counts are added up once for all regions of a network."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._sums: dict[str, list[int] | None] = {}

    def of(self, quantity: Quantity, regions: Sequence[Region]) -> list[Computed | None]:
        nodes, of_layer = self._analysis.nodes, quantity.of_layer
        if quantity.is_of_output and of_layer:
            return [of_layer(nodes[region.output]) for region in regions]
        if sum([region.stop - region.start for region in regions]) > FEW:
            sums = self._up_to(quantity)
            if sums:
                return [sums[region.stop] - sums[region.start] for region in regions]
        return [quantity.of_region(self._analysis, region) for region in regions]

    def _up_to(self, quantity: Quantity) -> list[int] | None:
        """The counts of all nodes before each; None where a node has none."""
        if quantity.name not in self._sums:
            of_layer = quantity.of_layer
            counts = [of_layer(node) if of_layer else None for node in self._analysis.nodes]
            known = [count for count in counts if isinstance(count, int)]
            has_all = len(known) == len(counts)
            self._sums[quantity.name] = list(accumulate(known, initial=0)) if has_all else None
        return self._sums[quantity.name]
