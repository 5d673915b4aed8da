"""Tables for the terminal, drawn with rich: as many columns as fit, and no number cut off."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archcalc.record import Record
from archcalc.renderers.shortening import distinct

GAP = 2
SHORT_PATH = 12
COLOURS = {"yellow": "33"}


class GridColumn(Record):
    """A column and its cells. The largest ``rank`` is dropped first, and 0 never."""

    name: str
    heading: str
    cells: Sequence[str]
    numeric: bool = False
    rank: int = 0

    @property
    def width(self) -> int:
        return max(map(_cell_len, {self.heading, *self.cells})) + GAP


def _cell_len(text: str) -> int:
    return len(text) if text.isascii() else cell_len(text)


def columns_of(
    headings: Iterable[tuple[str, bool]], rows: Iterable[Sequence[str]], ranks: Sequence[int] = ()
) -> list[GridColumn]:
    """Turns rows into columns; each heading comes with whether its column holds numbers."""
    headings, rows = list(headings), list(rows)
    return [
        GridColumn(heading, heading, [row[i] for row in rows], numeric, ranks[i] if ranks else 0)
        for i, (heading, numeric) in enumerate(headings)
    ]


def fitting(columns: Sequence[GridColumn], width: int) -> list[GridColumn]:
    """The columns that fit into a width; the least useful are dropped."""
    widths = [column.width for column in columns]
    kept = list(range(len(columns)))
    while sum(widths[index] for index in kept) - GAP > width:
        least = max(kept, key=lambda index: columns[index].rank)
        if not columns[least].rank:
            break
        kept.remove(least)
    return [columns[index] for index in kept]


def squeezed(columns: Sequence[GridColumn], width: int) -> list[GridColumn]:
    """As `fitting`, but paths (the first column of rank 0) may be cut at the beginning."""
    paths = next(column for column in columns if not column.rank)
    short = _cut(paths, SHORT_PATH)
    kept = fitting([short if column is paths else column for column in columns], width)
    room = width - sum(column.width for column in kept if column is not short)
    return [_cut(paths, max(room, SHORT_PATH)) if column is short else column for column in kept]


def stacked(columns: Sequence[GridColumn], width: int | None) -> list[list[GridColumn]]:
    """The columns as tables below each other that fit a width, each with the first column."""
    first, *others = columns
    tables = [[first]]
    for column in others:
        taken = sum(one.width for one in tables[-1]) + column.width - GAP
        if width is not None and taken > width and len(tables[-1]) > 1:
            tables.append([first])
        tables[-1].append(column)
    return tables


def _cut(paths: GridColumn, room: int) -> GridColumn:
    cut: GridColumn = paths._replace(cells=distinct(paths.cells, room))
    return cut


def draw(columns: Sequence[GridColumn], styles: Sequence[str] = (), *, colour: bool = False) -> str:
    """A table as text, as wide as it needs to be, with a style for each row if any are given.

    Headings and the line below them are drawn by rich. It is slow per cell whatever is in it, and
    a hundred thousand layers have a million cells: the rows are put together here.
    """
    lines = _head(columns, colour)
    padded = [_padded(column) for column in columns]
    lines += [(" " * GAP).join(row).rstrip() for row in zip(*padded, strict=True)]
    if colour:
        for number, style in enumerate(styles):
            if style:
                row = [
                    (column, column.cells[number], cells[number])
                    for column, cells in zip(columns, padded, strict=True)
                ]
                painted = [_painted(*cell, style) for cell in row]
                lines[HEAD + number] = (" " * GAP).join(painted).rstrip()
    return "\n".join(lines)


HEAD = 2  # lines


def _head(columns: Sequence[GridColumn], colour: bool) -> list[str]:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, GAP - 1, 0, 0))
    for column in columns:
        heading = Text(column.heading)
        table.add_column(heading, justify="right" if column.numeric else "left", no_wrap=True)
    table.add_row(*[Text("x" * (column.width - GAP)) for column in columns])
    out = io.StringIO()
    _console(out, colour).print(table, no_wrap=True, crop=False)
    return [line.rstrip() for line in out.getvalue().splitlines()[:HEAD]]


def _console(out: io.StringIO, colour: bool) -> Console:
    return Console(
        file=out,
        width=100_000,
        color_system="standard" if colour else None,
        force_terminal=colour,
        legacy_windows=False,
        _environ={},
    )


def _padded(column: GridColumn) -> list[str]:
    """Cells as wide as their column; equal ones are padded once."""
    room = column.width - GAP
    padded = {}
    for cell in set(column.cells):
        space = " " * (room - _cell_len(cell))
        padded[cell] = space + cell if column.numeric else cell + space
    return [padded[cell] for cell in column.cells]


def _painted(column: GridColumn, cell: str, padded: str, style: str) -> str:
    if not cell:
        return padded
    space = " " * (len(padded) - len(cell))
    code = COLOURS[style]
    painted = f"\x1b[{code}m{cell}\x1b[0m"
    return space + painted if column.numeric else painted + space
