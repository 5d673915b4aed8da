"""The built-in architectures, one per line."""

from __future__ import annotations

from collections.abc import Sequence

from archcalc.analysis.analysis import Analysis
from archcalc.renderers.grid import GridColumn, columns_of, draw, fitting
from archcalc.views.inputs import volumes
from archcalc.wording import exact, visible

HEADINGS = (
    ("name", False), ("input", False), ("depth", True), ("params", True), ("MACs", True),
    ("year", True), ("source", False),
)  # fmt: skip
RANKS = (0, 2, 3, 0, 1, 4, 5)
SOURCE_ROOM = 20


def render(named: Sequence[tuple[str, Analysis]], width: int | None = None) -> str:
    """A table of names with their input, depth, parameters, MACs, year and source.

    To fit a width, sources are cut first, then the least useful columns are dropped.
    """
    columns = columns_of(HEADINGS, [_cells(name, analysis) for name, analysis in named], RANKS)
    return f"{draw(columns if width is None else _fitted(columns, width))}\n"


def _fitted(columns: Sequence[GridColumn], width: int) -> list[GridColumn]:
    *others, source = columns
    room = width - sum(column.width for column in others)
    if room >= SOURCE_ROOM:
        source = source._replace(cells=[_cut(text, room) for text in source.cells])
    return fitting([*others, source], width)


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1].rstrip()}…"


def _cells(name: str, analysis: Analysis) -> list[str]:
    net, totals = analysis.network, analysis.totals
    return [
        name,
        volumes(analysis),
        str(totals.depth),
        exact(totals.params),
        exact(totals.macs),
        str(net.year or ""),
        visible(" ".join((net.reference or "").split())),
    ]
