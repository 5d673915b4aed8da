"""What a quantity is: functions of a layer and of a network, and how tables show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.network.figures import Computed
from archcalc.network.network import Region
from archcalc.network.values import BYTES, COUNT, ValueType
from archcalc.record import Record

OfLayer = Callable[[LayerAnalysis], Computed | None]
OfNetwork = Callable[[Analysis], Computed | None]


class Quantity(Record):
    """A quantity under the one name that columns, JSON, expectations and budgets have for it.

    ``of_layer`` and ``of_network`` compute it; either is None where there is no such thing, and
    may answer None where a layer or network has none. Over several layers it is the sum, unless
    it is of the output: then it is that of the last one.

    ``takes`` is how its figures are written. A table drops the columns with the largest ``rank``
    where space is short, and sorts by ``order`` or else by the value. A budget that is exceeded
    names the layers with the largest ``share``, by default their own value, and where a maximum is
    ``reached_at``; of one that ``is_floor`` there must be as much. What ``is_rare`` is of networks
    with frozen layers alone, and 0 elsewhere. What ``is_of_training`` is known where training was
    simulated, and ``missing`` says why a network has none.
    """

    name: str
    heading: str
    doc: str
    of_layer: OfLayer | None
    of_network: OfNetwork | None
    takes: ValueType[Any] = COUNT
    is_of_output: bool = False
    rank: int = 16
    is_default: bool = False
    order: Callable[[LayerAnalysis], Any] | None = None
    share: Callable[[LayerAnalysis], int] | None = None
    reached_at: Callable[[Analysis], str] | None = None
    is_rare: bool = False
    is_of_training: bool = False
    is_floor: bool = False
    missing: Callable[[Analysis], str] | None = None

    @property
    def unit(self) -> str:
        return "bytes" if self.takes is BYTES else ""

    def is_known_of(self, analysis: Analysis) -> bool:
        if self.is_rare:
            return analysis.network.has_frozen
        return not self.is_of_training or analysis.training is not None

    @property
    def is_count(self) -> bool:
        return self.takes is COUNT or self.takes is BYTES

    @property
    def share_of_layer(self) -> Callable[[LayerAnalysis], Any] | None:
        """What a layer has of a network's total; None where layers share none."""
        return self.share or (None if self.is_of_output else self.of_layer)

    def why_missing(self, analysis: Analysis) -> str:
        """Why a network has none of it."""
        return self.missing(analysis) if self.missing else "it has none"

    def total(self, analysis: Analysis) -> int | None:
        """How much of a count a network has."""
        total = self.of_network(analysis) if self.of_network else None
        return total if isinstance(total, int) else None

    def sum(self, layers: Iterable[LayerAnalysis]) -> int | None:
        """The sum over layers; None where one has no such count."""
        assert self.of_layer is not None
        return _sum(map(self.of_layer, layers))

    def of_layers(self, layers: Iterable[LayerAnalysis], last: LayerAnalysis) -> Computed | None:
        """The quantity of layers together, whose output is that of ``last``."""
        assert self.of_layer is not None
        return self.of_layer(last) if self.is_of_output else self.sum(layers)

    def of_region(self, analysis: Analysis, region: Region) -> Computed | None:
        """The quantity of what a path covers."""
        return self.of_layers(analysis.covered(region), analysis.nodes[region.output])


def summed(of_layer: OfLayer) -> OfNetwork:
    """The function of a network that adds up one of its layers."""

    def of_network(analysis: Analysis) -> int | None:
        return _sum(map(of_layer, analysis.layers))

    return of_network


def _sum(counts: Iterable[Computed | None]) -> int | None:
    """None where a layer has no such count."""
    total = 0
    for count in counts:
        if not isinstance(count, int):
            return None
        total += count
    return total
