"""The totals of several networks side by side, with their ratios to the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from archcalc.analysis.analysis import Analysis
from archcalc.record import Record

COMPARED = (
    "params", "param_bytes", "buffers", "macs", "flops", "connections", "depth",
    "activation_elements", "activation_bytes", "peak_bytes",
)  # fmt: skip

# Analyses under the names that they were asked for.
Named = Sequence[tuple[str, Analysis]]


class Compared(Record):
    """A network, and how many times each of its totals is the first network's.

    A ratio is None where the first network's total is 0.
    """

    name: str
    analysis: Analysis
    ratios: Mapping[str, Fraction | None]

    @property
    def totals(self) -> dict[str, int]:
        """The totals that are compared, by quantity."""
        return {quantity: getattr(self.analysis.totals, quantity) for quantity in COMPARED}


def comparison(named: Named) -> list[Compared]:
    """Every network with its ratios to the first."""
    first = named[0][1].totals
    return [Compared(name, analysis, _ratios(analysis, first)) for name, analysis in named]


def _ratios(analysis: Analysis, first: object) -> dict[str, Fraction | None]:
    pairs = {
        quantity: (getattr(analysis.totals, quantity), getattr(first, quantity))
        for quantity in COMPARED
    }
    return {name: Fraction(own, base) if base else None for name, (own, base) in pairs.items()}
