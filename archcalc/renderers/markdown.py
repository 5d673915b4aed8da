"""The table as GitHub-flavoured markdown."""

from __future__ import annotations

from collections.abc import Sequence

from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Diagnostic
from archcalc.renderers.markup import code, escaped, prose, table
from archcalc.views import totals as summary
from archcalc.views.cells import cells, written
from archcalc.views.columns import Column
from archcalc.views.findings import more_like_it
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
    """A heading, the table, the totals and the findings.

    Raises:
        ValueError: for an unknown column.
    """
    shown = selection(analysis, columns, fold, sort, top)
    title, *about = summary.heading(analysis)
    lines = [f"## {escaped(title)}", ""]
    lines += [f"{escaped(line)}  " for line in about] + [""]
    headings = [(column.heading or column.name, column.numeric) for column in shown.columns]

    def text(column: Column, row: Row) -> str:
        return _cell(column, written(column.value(row), UNITS[units]))

    lines += [*table(headings, cells(shown.rows, shown.columns, text)), ""]
    for label, value in summary.totals(analysis, UNITS[units]):
        lines.append(f"- **{label}**: {escaped(value)}")
    if analysis.diagnostics:
        lines += ["", "### Findings", ""]
        lines += [line for finding in analysis.diagnostics for line in _finding(finding)]
    return "\n".join(lines) + "\n"


def _cell(column: Column, value: str) -> str:
    if column.name == "name":
        return code(value)
    return value if column.numeric else escaped(value)


def _finding(finding: Diagnostic) -> list[str]:
    where = ", ".join(finding.whereabouts("`"))
    line = (
        f"- {where}: **{finding.severity.value}** {finding.rule}: "
        f"{prose(finding.message)}{more_like_it(finding)}"
    )
    return [line, *(f"  - {prose(hint)}" for hint in finding.hints)]
