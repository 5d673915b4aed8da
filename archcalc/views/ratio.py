"""How many times one quantity is another, in three digits, and what share of it."""

from __future__ import annotations

from fractions import Fraction

from archcalc.views.numbers import percent
from archcalc.wording import decimal

DIGITS = 3


def ratio(part: int, whole: int) -> str | None:
    """``0.115``, ``7.1``, ``8,050``: part / whole, exact to three digits; None where whole is 0."""
    if whole == 0:
        return None
    exact = Fraction(part, whole)
    places = DIGITS - 1
    while exact and places < 12 and abs(exact) * 10**places < 10 ** (DIGITS - 1):
        places += 1
    while places and abs(exact) * 10**places >= 10**DIGITS:
        places -= 1
    shown = decimal(exact, places) if places else f"{int(exact + Fraction(1, 2)):,}"
    return "≈ 0" if exact and shown == "0" else shown


def share(part: int, whole: int) -> str:
    """A share in percent; what is too small for one decimal place is ``<0.1%``, and not nothing."""
    shown = percent(part, whole)
    return "<0.1%" if part and shown == "0.0%" else shown
