"""What is left of a budget."""

from __future__ import annotations

from fractions import Fraction

from archcalc.network.figures import value_of
from archcalc.record import Record
from archcalc.rules.figures import Held


class Margin(Record):
    """How much of a bound is used and left; ``left`` is negative where the bound is exceeded.

    ``used`` is a share of the bound, and None for a bound of 0.
    """

    used: Fraction | None
    left: Fraction


def margin(held: Held) -> Margin:
    bound, computed = value_of(held.stated), held.computed
    assert isinstance(bound, int | Fraction)
    assert isinstance(computed, int)
    return Margin(Fraction(computed) / bound if bound else None, Fraction(bound - computed))
