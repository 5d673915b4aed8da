"""Expectations and budgets held against what is computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.quantities import QUANTITIES, RegionCounts
from archcalc.diagnostics import Variant
from archcalc.network.figures import Computed, Expected, Figure, value_of
from archcalc.network.paths import Paths
from archcalc.network.values import Amount
from archcalc.network.volume import Volume
from archcalc.record import Record


class Held(Record):
    """A figure of the file, the path that it was held against (None: the network), the verdict.

    ``kind`` is expectation or budget. ``variants`` and ``only_with`` are as in `Diagnostic`.
    """

    kind: str
    figure: Expected
    path: str | None
    computed: Computed | None
    holds: bool
    variants: tuple[Variant, ...] = ()
    only_with: str = ""

    @property
    def stated(self) -> Figure:
        return self.figure.figure


def expectations(analysis: Analysis) -> list[Held]:
    """Every expectation; one with ``*`` once per path that matches."""
    return [
        Held("expectation", figure, path, computed, equals(figure, computed))
        for figure, paths, values in _measured(analysis, analysis.network.expect)
        for path, computed in zip(paths, values, strict=True)
    ]


def differing(analysis: Analysis) -> Iterator[Held]:
    """The expectations that do not hold: of a path with ``*``, thousands may that do."""
    for figure, paths, values in _measured(analysis, analysis.network.expect):
        if values.count(value_of(figure.figure)) < len(values):
            for path, computed in zip(paths, values, strict=True):
                if not equals(figure, computed):
                    yield Held("expectation", figure, path, computed, False)


def stated(analysis: Analysis) -> int:
    """How many figures the expectations stand for."""
    paths = Paths(analysis.network) if any(f.at for f in analysis.network.expect) else None
    return sum(
        [len(paths.matching(f.at)) if paths and f.at else 1 for f in analysis.network.expect]
    )


def budgets(analysis: Analysis) -> list[Held]:
    """Every bound."""
    return [
        Held("budget", figure, path, computed, within(figure, computed))
        for figure, paths, values in _measured(analysis, analysis.network.budget)
        for path, computed in zip(paths, values, strict=True)
    ]


Measured = tuple[Expected, Sequence[str | None], Sequence[Computed | None]]


def _measured(analysis: Analysis, figures: Iterable[Expected]) -> Iterator[Measured]:
    """Every figure with the paths that it is of (None: the network) and what they have of it."""
    counted, paths = RegionCounts(analysis), None
    for figure in figures:
        quantity = QUANTITIES[figure.quantity]
        if figure.at is None:
            yield figure, [None], [quantity.of_network(analysis) if quantity.of_network else None]
            continue
        paths = paths or Paths(analysis.network)
        regions = paths.matching(figure.at)
        yield figure, [region.path for region in regions], counted.of(quantity, regions)


def equals(figure: Expected, computed: Computed | None) -> bool:
    wanted = value_of(figure.figure)
    if isinstance(wanted, int) and isinstance(computed, tuple):
        return bool(computed) and all(size == wanted for size in computed)
    return computed == wanted


def within(figure: Expected, computed: Computed | None) -> bool:
    bound = value_of(figure.figure)
    if isinstance(computed, int) and isinstance(bound, int | Fraction):
        return computed >= bound if QUANTITIES[figure.quantity].is_floor else computed <= bound
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
