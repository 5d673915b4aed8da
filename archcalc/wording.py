"""Words for people: quoted, listed, shortened, and the nearest known word."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

CANDIDATES_LIMIT = 2000
NEAREST_LIMIT = 100


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
    scale = 10**places
    scaled = (2 * abs(value) * scale + 1) // 2
    whole, rest = divmod(int(scaled), scale)
    digits = f"{rest:0{places}d}".rstrip("0")
    return f"{'-' if value < 0 else ''}{whole}{'.' if digits else ''}{digits}"
