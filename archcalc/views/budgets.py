"""What is left of a budget."""

from __future__ import annotations

from fractions import Fraction

from archcalc.network.figures import value_of
from archcalc.record import Record
from archcalc.rules.figures import Held


class Margin(Record):
    """The share of a bound that is used, None where the bound is 0, and what is left of it.

    What is left is negative where the bound is exceeded.
    """

    used: Fraction | None
    left: Fraction


def margin(held: Held) -> Margin:
    bound, computed = value_of(held.stated), held.computed
    assert isinstance(bound, int | Fraction)
    assert isinstance(computed, int)
    return Margin(Fraction(computed) / bound if bound else None, Fraction(bound - computed))
