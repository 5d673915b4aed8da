"""Breaks lines to fit the width of a terminal."""

from __future__ import annotations

from archcalc.wording import visible

NARROWEST = 20


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
