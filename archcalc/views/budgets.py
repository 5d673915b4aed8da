"""What is left of a budget."""

from __future__ import annotations

from fractions import Fraction

from archcalc.analysis.quantities import QUANTITIES
from archcalc.network.figures import value_of
from archcalc.record import Record
from archcalc.rules.figures import Held


class Margin(Record):
    """How much of a bound is used and left; ``left`` is negative where the bound is exceeded.

    ``used`` is a share of an upper bound, and None for a bound of 0 and for a lower one.
    """

    used: Fraction | None
    left: Fraction


def margin(held: Held) -> Margin | None:
    """None where the network has no such quantity."""
    bound, computed = value_of(held.stated), held.computed
    assert isinstance(bound, int | Fraction)
    if not isinstance(computed, int):
        return None
    if QUANTITIES[held.figure.quantity].is_floor:
        return Margin(None, Fraction(computed - bound))
    return Margin(Fraction(computed) / bound if bound else None, Fraction(bound - computed))
