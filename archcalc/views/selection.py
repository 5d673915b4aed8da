"""Which rows and columns of an analysis a table shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.whole import trained
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
        analysis: what to show.
        columns: names of columns, in order; by default those of `DEFAULT`.
        fold: the number of path parts to keep; layers below become one row with their sums.
        sort: the column to sort by: text alphabetically, everything else largest first.
        top: the number of rows to keep.

    Raises:
        ValueError: for an unknown column.
    """
    chosen = [column(name) for name in columns or DEFAULT]
    asked = [*chosen, column(sort)] if sort else chosen
    if analysis.training is None and any(column.is_of_training for column in asked):
        analysis = trained(analysis)
    shown = rows(analysis, fold)
    if sort is not None:
        order, value = column(sort).order, column(sort).value
        if order:
            shown.sort(key=order, reverse=True)
        else:
            shown.sort(key=lambda row: (not value(row), str(value(row))))
    return Selection(shown if top is None else shown[:top], chosen)
