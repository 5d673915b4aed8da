"""Diagnostics as compilers show them: place, rule, message, the line with a caret, suggestions."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import east_asian_width

from archcalc.diagnostics import Diagnostic, Severity, Source, visible
from archcalc.spec.document import split_lines

WIDTH = 100
COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}


def render(diagnostics: Iterable[Diagnostic], source: Source, *, colour: bool = False) -> str:
    """All diagnostics, one after the other, each ending with a newline."""
    lines = split_lines(source.text)
    return "".join(f"{line}\n" for d in diagnostics for line in _one(d, source, lines, colour))


def _one(each: Diagnostic, source: Source, lines: list[str], colour: bool) -> Iterable[str]:
    line, column = each.place
    where = f"{visible(source.filename)}:{line}:{column}:"
    rule = _paint(f"{each.severity.value}[{each.rule}]", COLOURS[each.severity], colour)
    layer = f"{each.layer}: " if each.layer else ""
    copies = f" (and {each.copies - 1:,} more like it)" if each.copies > 1 else ""
    yield f"{_paint(where, '1', colour)} {rule}: {layer}{visible(each.message)}{copies}"
    margin = " " * len(str(line))
    if line <= len(lines):
        shown, caret = excerpt(lines[line - 1], column)
        yield f"  {line} | {shown}".rstrip()
        yield f"  {margin} | {' ' * caret}{_paint('^', COLOURS[each.severity], colour)}"
    for suggestion in each.suggestions:
        yield f"  {margin} = {visible(suggestion)}"


def excerpt(line: str, column: int) -> tuple[str, int]:
    """The part of a line around a column, and where in it, in terminal cells, the caret stands."""
    start = max(0, column - 1 - WIDTH * 2 // 3) if len(line) > WIDTH else 0
    before, rest = line[start : column - 1], line[column - 1 : start + WIDTH]
    lead = "…" if start else ""
    tail = "…" if start + WIDTH < len(line) else ""
    before = lead + visible(before.replace("\t", " "))
    return f"{before}{visible(rest.replace(chr(9), ' '))}{tail}", sum(map(_cells, before))


def _cells(char: str) -> int:
    return 2 if east_asian_width(char) in "WF" else 1


def _paint(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text
