"""Diagnostics as compilers show them: place, rule, message, the line with a caret, suggestions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from unicodedata import east_asian_width

from archcalc.archfile.text import lines_of
from archcalc.diagnostics import Diagnostic, Severity, Source
from archcalc.renderers.wrapping import NARROWEST, wrapped
from archcalc.views.findings import statement
from archcalc.wording import visible

WIDTH = 100
BOLD = "1"
COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}


def render(
    diagnostics: Iterable[Diagnostic],
    source: Source,
    *,
    colour: bool = False,
    width: int | None = None,
    show_allow: bool = False,
) -> str:
    """All diagnostics, one after the other, each ending with a newline.

    Without ``width`` a message is one line, however long. ``show_allow``: below each that a file
    may accept stands the entry with which it does, never wrapped.
    """
    findings = list(diagnostics)
    lines = lines_of(source.text, {finding.span.line for finding in findings if finding.span})
    return "".join(
        f"{line}\n"
        for finding in findings
        for line in (
            *_finding(finding, source, lines, colour, width),
            *(_allowing(finding) if show_allow else ()),
        )
    )


def _allowing(finding: Diagnostic) -> Iterator[str]:
    if finding.allow:
        margin = " " * len(str(finding.span.line if finding.span else 0))
        yield f"  {margin} = allow:"
        for entry in finding.allow.splitlines():
            yield f"  {margin}     {entry}"


def _finding(
    finding: Diagnostic, source: Source, lines: Mapping[int, str], colour: bool, width: int | None
) -> Iterator[str]:
    line, column = finding.span.start if finding.span else (0, 0)
    tint = COLOURS[finding.severity]
    where = f"{visible(source.filename)}:" + (f"{line}:{column}:" if finding.span else "")
    taken = len(f"{where} {finding.label}: ")
    first, *more = wrapped(statement(finding), width, "    ", taken)
    yield f"{_paint(where, BOLD, colour)} {_paint(finding.label, tint, colour)}: {first}"
    yield from more
    margin = " " * len(str(line))
    if line in lines:
        limit = WIDTH if width is None else min(WIDTH, width - len(margin) - 7)
        shown, caret = excerpt(lines[line], column, max(limit, NARROWEST))
        yield f"  {line} | {shown}".rstrip()
        yield f"  {margin} | {' ' * caret}{_paint('^', tint, colour)}"
    for hint in finding.hints:
        yield from wrapped(f"  {margin} = {visible(hint)}", width, f"  {margin}   ")


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
