"""Breaks lines to fit the width of a terminal."""

from __future__ import annotations

import re

from archcalc.wording import visible

NARROWEST = 20
MANY = 200  # rows, more than people read
_LABELLED = re.compile(r"\s*(?:\S+ )*?\S*\s{2,}(?=\S)")


def fitted(text: str, width: int | None) -> str:
    """Lines broken to fit a width; they go on below what follows their label."""
    if width is None:
        return text
    lines = (
        part for line in text.split("\n") for part in wrapped(line, width, _below(line, width))
    )
    return "\n".join(lines)


def _below(line: str, width: int) -> str:
    label = _LABELLED.match(line)
    start = label.end() if label else 0
    return " " * start if 0 < start <= width // 2 else " " * (len(line) - len(line.lstrip()) + 2)


def how_many(rows: int, what: str, hint: str, width: int | None) -> list[str]:
    """On a terminal, which scrolls away, says after many rows how many there were."""
    if width is None or rows <= MANY:
        return []
    return wrapped(f"{rows:,} {what}; {hint}", width)


def wrapped(line: str, width: int | None, indent: str = "", taken: int = 0) -> list[str]:
    """A line, broken between words if it does not fit a width.

    Every line but the first starts with ``indent``; ``taken`` columns of the first are in use.
    """
    if width is None or taken + len(line) <= width:
        return [visible(line)]
    lines, room = [""], max(width, NARROWEST)
    used = taken
    for word in visible(line).split(" "):
        if used + len(word) > room and lines[-1].strip():
            lines[-1] = lines[-1].rstrip()
            lines.append(indent)
            used = len(indent)
        lines[-1] += f"{word} "
        used += len(word) + 1
    lines[-1] = lines[-1].rstrip()
    return lines
