"""How numbers are written: exact with separators, or shortened with SI prefixes."""

from __future__ import annotations

from fractions import Fraction

from archcalc.tree import decimal

PREFIXES = ((10**15, "P"), (10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k"))


def exact(value: int) -> str:
    """12345 as 12,345."""
    return f"{value:,}"


def si(value: int) -> str:
    """Three digits and a prefix: 105415200 as 105M, 1500 as 1.5k; below 1000 the number itself."""
    for scale, prefix in PREFIXES:
        if abs(value) >= scale:
            scaled = Fraction(value, scale)
            places = 2 if scaled < 10 else 1 if scaled < 100 else 0
            return f"{_places(scaled, places)}{prefix}"
    return str(value)


def _places(value: Fraction, places: int) -> str:
    return decimal(value, places) if places else str(int(value + Fraction(1, 2)))


def percent(part: int, whole: int) -> str:
    """A share with one decimal place: 5.9%."""
    if not whole:
        return "0%"
    tenths = (2 * 1000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"


UNITS = {"exact": exact, "si": si}
