"""Which rows no other row beats in every quantity."""

from __future__ import annotations

from collections.abc import Sequence

from archcalc.analysis.quantities import check_total
from archcalc.record import Record
from archcalc.variants.sweeping import VariantRow


class Goal(Record):
    """A quantity of which less is better, or more."""

    quantity: str
    is_more_better: bool


def goal(text: str) -> Goal:
    """``macs``, or ``params:max`` where more is better.

    Raises:
        ValueError: for another word, or a quantity that is none.
    """
    name, _, direction = text.strip().partition(":")
    if direction not in ("", "min", "max"):
        raise ValueError(f"{name}:{direction}: a quantity is best at its min or its max")
    check_total(name)
    return Goal(name, direction == "max")


class Front:
    """The rows that no other row beats; of equal rows the first."""

    def __init__(self, goals: Sequence[Goal], columns: Sequence[str]) -> None:
        self.goals = goals
        self._signs = [(columns.index(g.quantity), -1 if g.is_more_better else 1) for g in goals]
        self.rows: list[VariantRow] = []
        self._costs: list[tuple[int, ...]] = []

    def add(self, row: VariantRow) -> None:
        cost = []
        for column, sign in self._signs:
            value = row.values[column]
            if value is None:
                return
            cost.append(sign * value)
        mine = tuple(cost)
        for known in self._costs:
            if all(a <= b for a, b in zip(known, mine, strict=True)):
                return
        kept = [
            index
            for index, known in enumerate(self._costs)
            if not all(a <= b for a, b in zip(mine, known, strict=True))
        ]
        self._costs = [*(self._costs[index] for index in kept), mine]
        self.rows = [*(self.rows[index] for index in kept), row]
