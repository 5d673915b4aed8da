"""The table on a terminal, drawn with rich: as many columns as fit, no number cut."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archcalc.analysis import Analysis
from archcalc.diagnostics import visible
from archcalc.report import summary, text
from archcalc.report.columns import DEFAULT, Column, column, written
from archcalc.report.numbers import UNITS
from archcalc.report.rows import rows

GAP = 2


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
    chosen = [column(name) for name in columns or DEFAULT]
    shown = rows(analysis, fold, sort, top)
    cells = [[_cell(c, written(c.value(row), number)) for row in shown] for c in chosen]
    kept = range(len(chosen)) if width is None or columns else fitting(chosen, cells, width)
    table = grid([(chosen[index].heading, chosen[index].numeric) for index in kept])
    for place, row in enumerate(shown):
        style = "yellow" if any(not w.divides for x in row.layers for w in x.costs.windows) else ""
        table.add_row(*(Text(cells[index][place]) for index in kept), style=style)
    drawn = draw(table, colour=colour)
    return "\n".join(
        [
            *map(visible, summary.heading(analysis)),
            "",
            drawn,
            *_totals(analysis, len(shown), units),
            *_findings(analysis, colour),
        ]
    )


def _cell(c: Column, value: str) -> str:
    return ("!" if value else "") if c.name == "flags" else visible(value)


def fitting(chosen: Sequence[Column], cells: Sequence[Sequence[str]], width: int) -> list[int]:
    """The columns that fit into a width, the most useful first; the name always stays."""
    needed = [
        max(cell_len(c.heading), *map(cell_len, below), 0) + GAP
        if below
        else cell_len(c.heading) + GAP
        for c, below in zip(chosen, cells, strict=True)
    ]
    kept = list(range(len(chosen)))
    while sum(needed[i] for i in kept) - GAP > width and len(kept) > 1:
        kept.remove(max(kept, key=lambda i: chosen[i].rank))
    return kept


def grid(headings: Iterable[tuple[str, bool]]) -> Table:
    """An empty table with headings, each with whether its column holds numbers."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, GAP - 1, 0, 0))
    for heading, numeric in headings:
        table.add_column(Text(heading), justify="right" if numeric else "left", no_wrap=True)
    return table


def draw(table: Table, *, colour: bool) -> str:
    """A table as text, as wide as it needs to be."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=100_000,
        color_system="standard" if colour else None,
        force_terminal=colour,
        legacy_windows=False,
        _environ={},
    )
    console.print(table, no_wrap=True, crop=False)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def _totals(analysis: Analysis, shown: int, units: str) -> list[str]:
    lines = [""]
    if shown < len(analysis.layers):
        lines = ["", f"{shown:,} rows of {len(analysis.layers):,} layers; the totals are of all"]
    for label, value in summary.totals(analysis, UNITS[units]):
        lines.append(f"{label:<12} {visible(value)}")
    return lines


def _findings(analysis: Analysis, colour: bool) -> list[str]:
    found = text.render(analysis.diagnostics, analysis.architecture.source, colour=colour)
    return ["", found] if found else [""]
