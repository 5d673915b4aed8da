"""Words and numbers for people: quoted text, lists, the nearest known word, digits and shares."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

CANDIDATES_LIMIT = 2000
NEAREST_LIMIT = 100
HUGE = 10**30

PREFIXES = ("k", "M", "G", "T", "P", "E")
RATIO_DIGITS = 3


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is closest to the one that was written, if any is close."""
    from difflib import get_close_matches  # only a mistake needs it

    names = list(known)
    word = word[:80].lower()
    same = [name for name in names if name.lower() == word]
    if same:
        return same[0]
    begun = [name for name in names if len(word) > 3 and name.lower().startswith(word)]
    if begun:
        return min(begun, key=len)
    letters, size = set(word), len(word)
    alike = [  # a cheap test first, since the close one compares every pair of letters
        other
        for other in names[-CANDIDATES_LIMIT:]
        if min(size, len(other)) * 10 >= (size + len(other)) * 3
        and len(letters & set(other)) * 3 >= len(letters)
    ]
    close = get_close_matches(word, alike[-NEAREST_LIMIT:], n=1, cutoff=0.6)
    return close[0] if close else None


def nearest(word: str, known: Iterable[str], within: str = "") -> tuple[str, ...]:
    """The suggestion that names the known word closest to the one that was written, if any is."""
    return did_you_mean(closest(word, known), within)


def did_you_mean(name: str | None, within: str = "") -> tuple[str, ...]:
    """The suggestion of a name, if there is one."""
    return (f"did you mean `{within}{name}`?",) if name else ()


def listed(words: list[str]) -> str:
    """``depth, height and width``."""
    *before, last = words
    return f"{', '.join(before)} and {last}" if before else last


def counted(number: int, noun: str) -> str:
    """``1 file``, ``1,234 files``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def quoted(text: str, limit: int = 40) -> str:
    """Text of the file inside a message: bounded, with what a terminal could obey made visible."""
    shown = visible(text[: limit + 1])
    return f'"{shown[:limit]}…"' if len(shown) > limit else f'"{shown}"'


def visible(text: str) -> str:
    """Control and direction characters as escapes, everything else as it is."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in text
    )


def decimal(value: Fraction, places: int = 2) -> str:
    """A fraction to a number of decimal places, halves up, without trailing zeros: 7/3 is 2.33."""
    return quotient(value.numerator, value.denominator, places)


def quotient(part: int, whole: int, places: int = 2) -> str:
    """`decimal` of part / whole, which is above 0; a table of many rows makes no fractions."""
    scale = 10**places
    scaled = (2 * abs(part) * scale + whole) // (2 * whole)
    number, rest = divmod(scaled, scale)
    digits = f"{rest:0{places}d}".rstrip("0")
    return f"{'-' if part < 0 else ''}{number}{'.' if digits else ''}{digits}"


def fraction(value: Fraction) -> str:
    """A fraction and, where it is not whole, its decimal value: ``225/2 = 112.5``."""
    if value.denominator == 1:
        return str(value.numerator)
    shown = decimal(value)
    return f"{value} {'=' if Fraction(shown) == value else '≈'} {shown}"


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


def sized(count: int) -> str:
    """Bytes in the unit that a graphics card is sold by: 2.88 GiB, 1.5 MiB."""
    power, name = (2**30, "GiB") if count >= 2**30 else (2**20, "MiB")
    return f"{decimal(Fraction(count, power))} {name}"


def percent(part: int, whole: int) -> str:
    """A share with one decimal place: 5.9%; without one where it is nothing or all."""
    if not part or part == whole:
        return "100%" if part else "0%"
    tenths = (2 * 1000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"


def three_digits(value: Fraction) -> str:
    """A ratio in three digits: ``0.115``, ``7.1``, ``8,050``; one that is too small is ``≈ 0``."""
    places = RATIO_DIGITS - 1
    while value and places < 12 and abs(value) * 10**places < 10 ** (RATIO_DIGITS - 1):
        places += 1
    while places and abs(value) * 10**places >= 10**RATIO_DIGITS:
        places -= 1
    shown = decimal(value, places) if places else f"{int(value + Fraction(1, 2)):,}"
    return "≈ 0" if value and shown == "0" else shown


def share(part: int, whole: int) -> str:
    """A share in percent; what is too small for one decimal place is ``<0.1%``, and not nothing."""
    shown = percent(part, whole)
    return "<0.1%" if part and shown == "0.0%" else shown


UNITS = {"exact": exact, "si": si}


def shown(value: Any) -> str:
    """A number, truth value, word or list as its author would write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if -HUGE <= value <= HUGE else "a number of more than 30 digits"
    if isinstance(value, Fraction) and value.denominator > 1:
        return decimal(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(shown, value))}]"
    return str(value)
