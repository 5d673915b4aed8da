"""What is left of a text that is no YAML: without the parts in which it is broken.

Nothing of what is left has another meaning than it would have beside the rest: a part that is left
out is a whole entry of a section, and all that follows it where the section is ``layers``, in which
every layer stands on those before it.
"""

from __future__ import annotations

import re

from archcalc.archfile.parse import broken_line

TRIES = 12
# Longer texts are read again only a few times: each takes a tenth of a second.
LONG_TEXT, LONG_TRIES = 500_000, 3

_SECTION = r"[A-Za-z_][\w-]*[ \t]*:"


def recovered(text: str) -> str | None:
    """The text with its broken parts blanked, every line in its place; None where none is found."""
    lines = re.split(r"\r\n|[\n\r\x85\u2028\u2029]", text)
    for _ in range(TRIES if len(text) <= LONG_TEXT else LONG_TRIES):
        line = broken_line("\n".join(lines))
        if line is None:
            return "\n".join(lines)
        part = _part(lines, line)
        if part is None:
            return None
        start, stop = part
        lines[start:stop] = [""] * (stop - start)
    return None


def _part(lines: list[str], at: int) -> tuple[int, int] | None:
    """The part that holds a line or, where that is blank, the nearest above: first and last + 1."""
    line = min(at, len(lines) - 1)
    while line >= 0 and not _says_something(lines[line]):
        line -= 1
    if line < 0:
        return None
    top = line
    while top >= 0 and not re.match(_SECTION, lines[top]):
        top -= 1
    end = line + 1
    while end < len(lines) and not re.match(_SECTION, lines[end]):
        end += 1
    if top < 0:
        return 0, end
    inside = [n for n in range(top + 1, end) if _says_something(lines[n])]
    indent = _indent(lines[inside[0]]) if inside else 0
    starts = [n for n in inside if n <= line and _indent(lines[n]) <= indent]
    is_layers = lines[top].startswith("layers")
    if not starts or (starts[0] == inside[0] == starts[-1] and not is_layers):
        return top, end
    following = (n for n in inside if n > starts[-1] and _indent(lines[n]) <= indent)
    start = top if is_layers and starts[-1] == inside[0] else starts[-1]
    return start, end if is_layers else next(following, end)


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
