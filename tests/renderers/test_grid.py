"""Tables are drawn as rich would draw them, which is slow where there are many rows."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archcalc.renderers.grid import GridColumn, draw

TEXTS = st.text(alphabet="ab1,é漢 ", max_size=7).map(str.strip)


@st.composite
def grids(draw_: st.DrawFn) -> tuple[list[GridColumn], list[str]]:
    rows = draw_(st.integers(1, 5))
    cells = st.lists(TEXTS, min_size=rows, max_size=rows)
    headings = TEXTS.filter(bool)
    column = st.builds(GridColumn, st.just("c"), headings, cells, st.booleans())
    styles = st.lists(st.sampled_from(["", "yellow"]), min_size=rows, max_size=rows)
    return draw_(st.lists(column, min_size=1, max_size=4)), draw_(styles)


@given(grids(), st.booleans())
def test_rows_are_as_rich_draws_them(
    grid: tuple[list[GridColumn], list[str]], colour: bool
) -> None:
    columns, styles = grid
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for column in columns:
        heading = Text(column.heading)
        table.add_column(heading, justify="right" if column.numeric else "left", no_wrap=True)
    table.add_row(
        *[
            Text("\n").join(map(Text, column.cells, styles))  # spaces around cells have no style
            for column in columns
        ]
    )
    out = io.StringIO()
    console = Console(
        file=out,
        width=1_000,
        color_system="standard" if colour else None,
        force_terminal=colour,
        _environ={},
    )
    console.print(table, no_wrap=True, crop=False)
    drawn = [line.rstrip() for line in out.getvalue().splitlines()]
    assert draw(columns, styles, colour=colour).split("\n") == drawn
