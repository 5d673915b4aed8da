"""The rows of a table as asked for: folded, sorted and cut."""

from __future__ import annotations

from archcalc.analysis.analysis import Analysis
from archcalc.views.columns import column
from archcalc.views.rows import Row, folded_rows, layer_rows


def rows(
    analysis: Analysis, fold: int | None = None, sort: str | None = None, top: int | None = None
) -> list[Row]:
    """The rows of an analysis.

    ``fold`` keeps that many parts of a path: what lies deeper becomes one row with its sums.
    ``sort`` orders by a column, text by the alphabet, all else from the largest; ``top`` keeps
    that many rows.

    Raises:
        ValueError: where ``sort`` is no column.
    """
    found = folded_rows(analysis, fold) if fold else layer_rows(analysis)
    if sort is not None:
        order, value = column(sort).order, column(sort).value
        if order:
            found.sort(key=order, reverse=True)
        else:
            found.sort(key=lambda row: (not value(row), str(value(row))))
    return found if top is None else found[:top]
