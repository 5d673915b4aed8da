"""The table on a terminal, drawn with rich: as many columns as fit, no number cut."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archcalc.analysis.analysis import Analysis
from archcalc.renderers import diagnostics
from archcalc.renderers.wrapping import wrapped
from archcalc.views import totals as summary
from archcalc.views.columns import Column, is_flagged, written
from archcalc.views.selection import selection
from archcalc.wording import UNITS, visible

GAP = 2
ESSENTIAL = 4
SHORT_NAME = 12
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
    shown, chosen = selection(analysis, columns, fold, sort, top)
    cells = [[_cell(c, written(c.value(row), number)) for row in shown] for c in chosen]
    kept = list(range(len(chosen)))
    if width is not None and columns is None:
        kept, cells = fitted(chosen, cells, width)
    table = grid([(chosen[index].heading, chosen[index].numeric) for index in kept])
    fill(
        table,
        [cells[index] for index in kept],
        ["yellow" if is_flagged(row) else "" for row in shown],
    )
    lines = [line for about in summary.heading(analysis) for line in wrapped(about, width)]
    lines += ["", draw(table, colour=colour), ""]
    if len(shown) < len(analysis.layers):
        note = f"{len(shown):,} rows of {len(analysis.layers):,} layers; the totals are of all"
        lines += wrapped(note, width)
    if len(kept) < len(chosen):
        left_out = ", ".join(c.name for i, c in enumerate(chosen) if i not in kept)
        lines += wrapped(f"no room for {left_out}; --columns chooses what is shown", width)
    for label, value in summary.totals(analysis, number):
        lines += wrapped(f"{label:<{LABEL}}{visible(value)}", width, " " * LABEL)
    findings = diagnostics.render(
        analysis.diagnostics, analysis.network.source, colour=colour, width=width
    )
    return "\n".join([*lines, "", findings] if findings else [*lines, ""])


def _cell(c: Column, value: str) -> str:
    return ("!" if value else "") if c.name == "flags" else visible(value)


def fitted(
    chosen: Sequence[Column], cells: list[list[str]], width: int
) -> tuple[list[int], list[list[str]]]:
    """The columns that fit into a width, the most useful first, and the cells of all.

    Names lose their beginning where they would leave no room for the counts.
    """
    needed = [
        max(map(cell_len, (c.heading, *below))) + GAP
        for c, below in zip(chosen, cells, strict=True)
    ]
    every = range(len(chosen))
    kept = _fitting(chosen, needed, every, width)
    essential = [i for i in every if chosen[i].rank <= ESSENTIAL]
    if set(essential) <= set(kept):
        return kept, cells
    short = [n if c.rank else min(n, SHORT_NAME + GAP) for c, n in zip(chosen, needed, strict=True)]
    kept = _fitting(chosen, short, essential, width)
    room = max(width - sum(needed[i] for i in kept if chosen[i].rank), SHORT_NAME)
    return kept, [
        below if c.rank else [shortened(name, room) for name in below]
        for c, below in zip(chosen, cells, strict=True)
    ]


def _fitting(
    chosen: Sequence[Column], needed: Sequence[int], of: Iterable[int], width: int
) -> list[int]:
    kept = list(of)
    while sum(needed[i] for i in kept) - GAP > width and len(kept) > 1:
        kept.remove(max(kept, key=lambda i: chosen[i].rank))
    return kept


def shortened(name: str, width: int) -> str:
    """The end of a path, which tells it from its neighbours."""
    return name if cell_len(name) <= width else f"…{name[1 - width :]}"


def grid(headings: Iterable[tuple[str, bool]]) -> Table:
    """An empty table with headings, each with whether its column holds numbers."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, GAP - 1, 0, 0))
    for heading, numeric in headings:
        table.add_column(Text(heading), justify="right" if numeric else "left", no_wrap=True)
    return table


def fill(table: Table, columns: Iterable[Sequence[str]], styles: Sequence[str]) -> None:
    """Adds the cells of each column, with a style for each row.

    They become one row of many lines: rich takes its time for a cell, whatever is in it, and two
    thousand layers have twenty thousand.
    """
    if styles:
        table.add_row(*(_lines(cells, styles) for cells in columns))


def _lines(cells: Sequence[str], styles: Sequence[str]) -> Text:
    return Text("\n").join(Text(cell, style) for cell, style in zip(cells, styles, strict=True))


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
