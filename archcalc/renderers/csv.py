"""The rows as comma-separated values: names of columns, then plain integers and text."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from archcalc.analysis.analysis import Analysis
from archcalc.views.cells import cells, written
from archcalc.views.columns import COLUMNS, Column
from archcalc.views.rows import Row
from archcalc.views.selection import selection
from archcalc.wording import UNITS


def render(
    analysis: Analysis,
    *,
    columns: Sequence[str] | None = None,
    fold: int | None = None,
    sort: str | None = None,
    top: int | None = None,
    units: str = "exact",
) -> str:
    """All columns, those of training and of frozen layers where there are any, or those asked for.

    Raises:
        ValueError: for an unknown column.
    """
    trained, frozen = analysis.training is not None, analysis.network.has_frozen
    known = [
        name
        for name, column in COLUMNS.items()
        if (trained or not column.is_of_training) and (frozen or not column.is_rare)
    ]
    shown = selection(analysis, columns or known, fold, sort, top)
    number = str if units == "exact" else UNITS[units]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.name for column in shown.columns)

    def text(column: Column, row: Row) -> str:
        return written((column.plain or column.value)(row), number)

    writer.writerows(cells(shown.rows, shown.columns, text))
    return out.getvalue()
