"""The table of an analysis for the terminal, with its totals and findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from archcalc.analysis.analysis import Analysis
from archcalc.renderers import diagnostics
from archcalc.renderers.grid import GridColumn, draw, fitting, squeezed
from archcalc.renderers.wrapping import MANY, wrapped
from archcalc.views import totals as summary
from archcalc.views.cells import written
from archcalc.views.columns import ILLEGAL, MARKS, Column, flag
from archcalc.views.rows import Row
from archcalc.views.selection import selection
from archcalc.wording import UNITS, visible

ESSENTIAL = 4
LABEL = 13


def render(
    analysis: Analysis,
    *,
    columns: Sequence[str] | None = None,
    fold: int | None = None,
    sort: str | None = None,
    top: int | None = None,
    units: str = "exact",
    width: int | None = None,
    colour: bool = False,
) -> str:
    """The table, the totals and the findings. Without ``width`` it is as wide as it needs to be.

    Raises:
        ValueError: for an unknown column.
    """
    number = UNITS[units]
    shown = selection(analysis, columns, fold, sort, top)
    chosen = [_column(column, shown.rows, number) for column in shown.columns]
    kept = chosen if width is None or columns else _fitted(chosen, width)
    styles = ["yellow" if flag(row) == ILLEGAL else "" for row in shown.rows]
    lines = [line for about in summary.heading(analysis) for line in wrapped(about, width)]
    lines += ["", draw(kept, styles, colour=colour), ""]
    for note in _notes(analysis, shown.rows, chosen, kept, width):
        lines += wrapped(note, width)
    labelled = summary.totals(analysis, number)
    start = max(LABEL, *(len(label) + 2 for label, _ in labelled))
    for label, value in labelled:
        lines += wrapped(f"{label:<{start}}{visible(value)}", width, " " * start)
    findings = diagnostics.render(
        analysis.diagnostics, analysis.network.source, colour=colour, width=width
    )
    return "\n".join([*lines, "", findings] if findings else [*lines, ""])


def _column(column: Column, rows: Sequence[Row], number: Callable[[int], str]) -> GridColumn:
    cells = [written(column.value(row), number) for row in rows]
    if column.name == "flags":
        shown = [MARKS.get(cell, "") for cell in cells]
    else:
        shown = [visible(cell) for cell in cells]
    return GridColumn(column.name, column.heading, shown, column.numeric, column.rank)


def _fitted(columns: Sequence[GridColumn], width: int) -> list[GridColumn]:
    """The columns that fit; names are shortened before counts are dropped."""
    kept = fitting(columns, width)
    essential = [column for column in columns if column.rank <= ESSENTIAL]
    names = {column.name for column in kept}
    if all(column.name in names for column in essential):
        return kept
    return squeezed(essential, width)


def _notes(
    analysis: Analysis,
    rows: Sequence[Row],
    columns: Sequence[GridColumn],
    kept: Sequence[GridColumn],
    width: int | None,
) -> Iterator[str]:
    """Says what the table leaves out, and on a terminal, which scrolls, how many rows there are."""
    if width is not None and len(rows) > MANY:
        yield f"{len(rows):,} rows; --fold 1 and --top 20 show fewer"
    if len(rows) < len(analysis.layers):
        yield f"{len(rows):,} rows of {len(analysis.layers):,} layers; the totals are of all"
    names = {column.name for column in kept}
    left_out = [column.name for column in columns if column.name not in names]
    if left_out:
        yield f"no room for {', '.join(left_out)}; --columns chooses what is shown"
