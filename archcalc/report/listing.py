"""The built-in architectures, a line each."""

from __future__ import annotations

from collections.abc import Sequence

from archcalc.analysis import Analysis
from archcalc.report.numbers import exact
from archcalc.report.table import GAP, draw, grid

HEADINGS = (
    ("name", False), ("input", False), ("depth", True), ("params", True), ("MACs", True),
    ("year", True), ("source", False),
)  # fmt: skip
LEAST_USEFUL = (6, 5, 2, 1)


def render(found: Sequence[tuple[str, Analysis]], width: int | None = None) -> str:
    """A table of names with their input, depth, parameters, MACs, year and source."""
    cells = [_cells(name, analysis) for name, analysis in found]
    kept = list(range(len(HEADINGS)))
    for index in LEAST_USEFUL:
        if width is None or _width(cells, kept) <= width:
            break
        kept.remove(index)
    table = grid([HEADINGS[i] for i in kept])
    for row in cells:
        table.add_row(*(row[i] for i in kept))
    return f"{draw(table, colour=False)}\n"


def _cells(name: str, analysis: Analysis) -> list[str]:
    net, totals = analysis.architecture, analysis.totals
    return [
        name,
        str(analysis.input),
        str(totals.depth),
        exact(totals.params),
        exact(totals.macs),
        str(net.year or ""),
        net.reference or "",
    ]


def _width(cells: Sequence[Sequence[str]], kept: Sequence[int]) -> int:
    return sum(max(len(HEADINGS[i][0]), *(len(row[i]) for row in cells)) + GAP for i in kept) - GAP
