"""The totals of several networks side by side, with their ratios to the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.quantities import QUANTITIES, Quantity, network_counts
from archcalc.analysis.whole import alike
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
        return {quantity.name: quantity.total(self.analysis) for quantity in self.quantities}

    @property
    def quantities(self) -> list[Quantity]:
        return [quantity for quantity in COMPARED if quantity.is_known_of(self.analysis)]


def comparison(named: Named) -> list[Compared]:
    """Every network with its ratios to the first."""
    analyses = alike([analysis for _, analysis in named])
    compared = zip((name for name, _ in named), analyses, strict=True)
    return [Compared(name, one, _ratios(one, analyses[0])) for name, one in compared]


def _ratios(analysis: Analysis, first: Analysis) -> dict[str, Fraction | None]:
    return {
        quantity.name: _ratio(quantity.total(analysis), quantity.total(first))
        for quantity in COMPARED
        if quantity.is_known_of(analysis)
    }


def _ratio(own: int | None, base: int | None) -> Fraction | None:
    return Fraction(own, base) if base and own is not None else None
