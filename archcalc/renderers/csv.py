"""The rows as comma-separated values: names of columns, then plain integers and text."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from archcalc.analysis.analysis import Analysis
from archcalc.views.columns import COLUMNS, column, written
from archcalc.views.view import rows
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
    """All columns, or those asked for.

    Raises:
        ValueError: for an unknown column.
    """
    chosen = [column(name) for name in columns or COLUMNS]
    number = str if units == "exact" else UNITS[units]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(c.name for c in chosen)
    for row in rows(analysis, fold, sort, top):
        writer.writerow(written((c.plain or c.value)(row), number) for c in chosen)
    return out.getvalue()
