"""How numbers are written: exact with separators, or shortened with SI prefixes."""

from __future__ import annotations

from fractions import Fraction

from archcalc.wording import decimal

PREFIXES = ("k", "M", "G", "T", "P", "E")


def exact(value: int) -> str:
    """12345 as 12,345."""
    return f"{value:,}"


def si(value: int) -> str:
    """Three digits and a prefix: 105415200 as 105M, 1500 as 1.5k; below 1000 the number itself."""
    if value < 0:
        return f"-{si(-value)}"
    if value < 1000:
        return str(value)
    scaled = Fraction(value)
    for prefix in PREFIXES:
        scaled /= 1000
        if scaled + Fraction(1, 2) < 1000 or prefix == PREFIXES[-1]:
            break
    places = 2 if scaled < 10 else 1 if scaled < 100 else 0
    return f"{decimal(scaled, places)}{prefix}"


def percent(part: int, whole: int) -> str:
    """A share with one decimal place: 5.9%; without one where it is nothing or all."""
    if not part or part == whole:
        return "100%" if part else "0%"
    tenths = (2 * 1000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"


UNITS = {"exact": exact, "si": si}
