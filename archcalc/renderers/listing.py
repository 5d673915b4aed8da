"""The built-in architectures, a line each."""

from __future__ import annotations

from collections.abc import Sequence

from archcalc.analysis.analysis import Analysis
from archcalc.renderers.table import GAP, draw, fill, grid
from archcalc.wording import exact, visible

HEADINGS = (
    ("name", False), ("input", False), ("depth", True), ("params", True), ("MACs", True),
    ("year", True), ("source", False),
)  # fmt: skip
SOURCE = len(HEADINGS) - 1
SOURCE_ROOM = 20
LEAST_USEFUL = (SOURCE, 5, 2, 1, 4)


def render(found: Sequence[tuple[str, Analysis]], width: int | None = None) -> str:
    """A table of names with their input, depth, parameters, MACs, year and source.

    In a width, sources are cut and then the least useful columns left out.
    """
    cells = [_cells(name, analysis) for name, analysis in found]
    kept = list(range(len(HEADINGS)))
    if width is not None:
        room = width - _width(cells, kept[:SOURCE]) - GAP
        if room >= SOURCE_ROOM:
            for row in cells:
                row[SOURCE] = _cut(row[SOURCE], room)
        for index in LEAST_USEFUL:
            if _width(cells, kept) <= width:
                break
            kept.remove(index)
    table = grid([HEADINGS[i] for i in kept])
    fill(table, [[row[i] for row in cells] for i in kept], [""] * len(cells))
    return f"{draw(table, colour=False)}\n"


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1].rstrip()}…"


def _cells(name: str, analysis: Analysis) -> list[str]:
    net, totals = analysis.network, analysis.totals
    return [
        name,
        str(analysis.input),
        str(totals.depth),
        exact(totals.params),
        exact(totals.macs),
        str(net.year or ""),
        visible(" ".join((net.reference or "").split())),
    ]


def _width(cells: Sequence[Sequence[str]], kept: Sequence[int]) -> int:
    return sum(max(len(HEADINGS[i][0]), *(len(row[i]) for row in cells)) + GAP for i in kept) - GAP
