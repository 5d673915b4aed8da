"""Paths cut to a width, so that two that differ are never shown alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence


def distinct(paths: Sequence[str], width: int) -> list[str]:
    """Each path in at most ``width`` characters.

    The end of a path sets it apart from its neighbours; where it does not, the beginning is kept as
    well, and where that is not enough, a number is put in its place.
    """
    short = {path: shortened(path, width) for path in dict.fromkeys(paths)}
    for head in range(1, width - 1):
        alike = _alike(short)
        if not alike:
            break
        for path in alike:
            short[path] = f"{path[:head]}…{path[head + 1 - width :]}"
    for number, path in enumerate(_alike(short), 1):
        short[path] = f"{number}…{path[len(str(number)) + 1 - width :]}"
    return [short[path] for path in paths]


def _alike(short: Mapping[str, str]) -> list[str]:
    """The paths that share what is shown for them with another."""
    shown = Counter(short.values())
    return [path for path, cut in short.items() if shown[cut] > 1]


def shortened(path: str, width: int) -> str:
    """The end of a path."""
    return path if len(path) <= width else f"…{path[1 - width :]}"
