"""The totals of several networks side by side, with their ratios to the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.quantities import QUANTITIES, network_counts
from archcalc.record import Record

FIRST = ("params", "param_bytes", "buffers")
COMPARED = (
    *(QUANTITIES[name] for name in FIRST),
    *network_counts(*FIRST, "weights", "biases"),
)

# Analyses with the names by which the user asked for them.
Named = Sequence[tuple[str, Analysis]]


class Compared(Record):
    """A network, and the ratio of each of its totals to the first network's.

    A ratio is None if the first network's total is 0, or if either total is not known.
    """

    name: str
    analysis: Analysis
    ratios: Mapping[str, Fraction | None]

    @property
    def totals(self) -> dict[str, int | None]:
        """The totals to compare, by quantity."""
        return {quantity.name: quantity.total(self.analysis) for quantity in COMPARED}


def comparison(named: Named) -> list[Compared]:
    """Every network with its ratios to the first."""
    first = named[0][1]
    return [Compared(name, analysis, _ratios(analysis, first)) for name, analysis in named]


def _ratios(analysis: Analysis, first: Analysis) -> dict[str, Fraction | None]:
    return {
        quantity.name: _ratio(quantity.total(analysis), quantity.total(first))
        for quantity in COMPARED
    }


def _ratio(own: int | None, base: int | None) -> Fraction | None:
    return Fraction(own, base) if base and own is not None else None
