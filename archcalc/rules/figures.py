"""Expectations and budgets held against what is computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.quantities import QUANTITIES
from archcalc.network.figures import Computed, Expected, Figure, value_of
from archcalc.network.paths import matching
from archcalc.network.values import Amount
from archcalc.network.volume import Volume
from archcalc.record import Record


class Held(Record):
    """A figure of the file, the path that it was held against (None: the network), the verdict.

    ``kind`` is expectation or budget.
    """

    kind: str
    figure: Expected
    path: str | None
    computed: Computed | None
    holds: bool

    @property
    def stated(self) -> Figure:
        return self.figure.figure


def expectations(analysis: Analysis) -> list[Held]:
    """Every expectation; one with ``*`` once per path that matches."""
    return [
        Held("expectation", figure, path, computed, equals(figure, computed))
        for figure, path, computed in _measured(analysis, analysis.network.expect)
    ]


def budgets(analysis: Analysis) -> list[Held]:
    """Every upper bound."""
    return [
        Held("budget", figure, path, computed, within(figure, computed))
        for figure, path, computed in _measured(analysis, analysis.network.budget)
    ]


def _measured(
    analysis: Analysis, figures: Iterable[Expected]
) -> Iterator[tuple[Expected, str | None, Computed | None]]:
    layered = any(figure.at for figure in figures)
    regions = analysis.network.named() if layered else {}
    for figure in figures:
        if figure.at is None:
            of_network = QUANTITIES[figure.quantity].of_network
            yield figure, None, of_network(analysis) if of_network else None
            continue
        for region in matching(figure.at, regions):
            yield figure, region.path, QUANTITIES[figure.quantity].of_region(analysis, region)


def equals(figure: Expected, computed: Computed | None) -> bool:
    wanted = value_of(figure.figure)
    if isinstance(wanted, int) and isinstance(computed, tuple):
        return bool(computed) and all(size == wanted for size in computed)
    return computed == wanted


def within(figure: Expected, computed: Computed | None) -> bool:
    bound = value_of(figure.figure)
    if isinstance(computed, int) and isinstance(bound, int | Fraction):
        return computed <= bound
    return False


def written(value: Computed | Amount | None) -> str:
    """A figure as a message has it."""
    if isinstance(value, Amount):
        return f"{int(value.value):,}" if value.value.denominator == 1 else value.text
    if isinstance(value, Volume):
        return str(value)
    if isinstance(value, tuple):
        return "x".join(map(str, value)) or "none"
    return "none" if value is None else f"{value:,}"
