"""Diagnostics as compilers show them: place, rule, message, the line with a caret, suggestions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from unicodedata import east_asian_width

from archcalc.archfile.text import lines_of
from archcalc.diagnostics import Diagnostic, Severity, Source
from archcalc.wording import visible

WIDTH = 100
NARROWEST = 20
COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}


def render(
    diagnostics: Iterable[Diagnostic],
    source: Source,
    *,
    colour: bool = False,
    width: int | None = None,
) -> str:
    """All diagnostics, one after the other, each ending with a newline.

    Without ``width`` a message is one line, however long.
    """
    found = list(diagnostics)
    lines = lines_of(source.text, {each.span.line for each in found})
    return "".join(
        f"{line}\n" for each in found for line in _one(each, source, lines, colour, width)
    )


def _one(
    each: Diagnostic, source: Source, lines: Mapping[int, str], colour: bool, width: int | None
) -> Iterator[str]:
    line, column = each.span.start
    where = f"{visible(source.filename)}:{line}:{column}:"
    rule = f"{each.severity.value}[{each.rule}]"
    layer = f"{each.layer}: " if each.layer else ""
    copies = f" (and {each.copies - 1:,} more like it)" if each.copies > 1 else ""
    message = f"{layer}{visible(each.message)}{copies}"
    painted = f"{_paint(where, '1', colour)} {_paint(rule, COLOURS[each.severity], colour)}: "
    first, *more = wrapped(message, width, "    ", taken=len(where) + len(rule) + 3)
    yield f"{painted}{first}"
    yield from more
    margin = " " * len(str(line))
    if line in lines:
        limit = WIDTH if width is None else min(WIDTH, width - len(margin) - 7)
        shown, caret = excerpt(lines[line], column, max(limit, NARROWEST))
        yield f"  {line} | {shown}".rstrip()
        yield f"  {margin} | {' ' * caret}{_paint('^', COLOURS[each.severity], colour)}"
    for hint in each.hints:
        yield from wrapped(f"  {margin} = {visible(hint)}", width, f"  {margin}   ")


def wrapped(line: str, width: int | None, indent: str = "", taken: int = 0) -> list[str]:
    """A line broken between words to fit a width, if there is one.

    ``indent`` stands before all lines but the first, of which ``taken`` columns are in use.
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


def excerpt(line: str, column: int, limit: int = WIDTH) -> tuple[str, int]:
    """The part of a line around a column, and where in it, in terminal cells, the caret stands."""
    start = max(0, column - 1 - limit * 2 // 3) if len(line) > limit else 0
    before, rest = line[start : column - 1], line[column - 1 : start + limit]
    lead = "…" if start else ""
    tail = "…" if start + limit < len(line) else ""
    before = lead + visible(before.replace("\t", " "))
    return f"{before}{visible(rest.replace(chr(9), ' '))}{tail}", sum(map(_cells, before))


def _cells(char: str) -> int:
    return 2 if east_asian_width(char) in "WF" else 1


def _paint(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text
