"""What a table shows of an analysis: its rows, folded, sorted and cut, and its columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archcalc.analysis.analysis import Analysis
from archcalc.record import Record
from archcalc.views.columns import DEFAULT, Column, column
from archcalc.views.rows import Row, rows


class Selection(Record):
    """The rows and columns that were asked for."""

    rows: Sequence[Row]
    columns: Sequence[Column]


def selection(
    analysis: Analysis,
    columns: Iterable[str] | None = None,
    fold: int | None = None,
    sort: str | None = None,
    top: int | None = None,
) -> Selection:
    """The rows and columns of an analysis.

    Args:
        analysis: what is shown.
        columns: names of columns, in order; those of `DEFAULT` where there are none.
        fold: the parts of a path that are kept: what lies deeper becomes one row with its sums.
        sort: the column to order by: text by the alphabet, all else from the largest.
        top: how many rows to keep.

    Raises:
        ValueError: for a name that is no column.
    """
    chosen = [column(name) for name in columns or DEFAULT]
    shown = rows(analysis, fold)
    if sort is not None:
        order, value = column(sort).order, column(sort).value
        if order:
            shown.sort(key=order, reverse=True)
        else:
            shown.sort(key=lambda row: (not value(row), str(value(row))))
    return Selection(shown if top is None else shown[:top], chosen)
