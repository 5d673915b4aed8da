"""Expectations and budgets held against what is computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.measures import Measure, measure
from archcalc.archfile.declaration import Count, Expected, Figure
from archcalc.archfile.paths import matching
from archcalc.network.volume import Volume
from archcalc.record import Record


class Held(Record):
    """A figure of the file, the path that it was held against (None: the network), the verdict.

    ``kind`` is expectation or budget.
    """

    kind: str
    figure: Expected
    path: str | None
    computed: Measure | None
    holds: bool

    @property
    def stated(self) -> Figure:
        return self.figure.figure


def expectations(analysis: Analysis) -> list[Held]:
    """Every expectation; one with ``*`` once per path that matches."""
    return [
        Held("expectation", figure, path, computed, equals(figure, computed))
        for figure, path, computed in _measured(analysis, analysis.architecture.expect)
    ]


def budgets(analysis: Analysis) -> list[Held]:
    """Every upper bound."""
    return [
        Held("budget", figure, path, computed, within(figure, computed))
        for figure, path, computed in _measured(analysis, analysis.architecture.budget)
    ]


def _measured(
    analysis: Analysis, figures: Iterable[Expected]
) -> Iterator[tuple[Expected, str | None, Measure | None]]:
    layered = any(figure.at for figure in figures)
    regions = analysis.graph.regions() if layered else {}
    for figure in figures:
        if figure.at is None:
            yield figure, None, measure(analysis, figure.quantity)
            continue
        for region in matching(figure.at, regions):
            yield figure, region.path, measure(analysis, figure.quantity, region)


def equals(figure: Expected, computed: Measure | None) -> bool:
    wanted = figure.figure
    if isinstance(wanted, Count):
        return computed == wanted.value
    if isinstance(wanted, int) and isinstance(computed, tuple):
        return bool(computed) and all(size == wanted for size in computed)
    return computed == wanted


def within(figure: Expected, computed: Measure | None) -> bool:
    wanted = figure.figure
    return isinstance(computed, int) and isinstance(wanted, Count) and computed <= wanted.value


def written(value: Measure | Count | None) -> str:
    """A figure as a message has it."""
    if isinstance(value, Count):
        return f"{int(value.value):,}" if value.value.denominator == 1 else value.text
    if isinstance(value, Volume):
        return str(value)
    if isinstance(value, tuple):
        return "x".join(map(str, value)) or "none"
    return "none" if value is None else f"{value:,}"
