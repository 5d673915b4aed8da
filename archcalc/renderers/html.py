"""The volumes and the table as HTML, for notebooks."""

from __future__ import annotations

from html import escape

from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Diagnostic
from archcalc.renderers import volumes
from archcalc.views import totals as summary
from archcalc.views.cells import written
from archcalc.views.findings import more_like_it
from archcalc.views.selection import selection
from archcalc.wording import exact, visible


def render(analysis: Analysis) -> str:
    """Heading, volumes, table, totals and findings; nothing from the file is taken as markup."""
    shown = selection(analysis)
    head = "".join(f"<th>{escape(column.heading)}</th>" for column in shown.columns)
    body = "".join(
        "<tr>"
        + "".join(
            f"<td>{escape(written(column.value(row), exact))}</td>" for column in shown.columns
        )
        + "</tr>\n"
        for row in shown.rows
    )
    title = "<br>".join(escape(visible(line)) for line in summary.heading(analysis))
    totals = "".join(
        f"<li>{escape(label)}: {escape(visible(value))}</li>"
        for label, value in summary.totals(analysis, exact)
    )
    findings = "".join(map(_finding, analysis.diagnostics))
    return (
        f"<p>{title}</p>\n{volumes.svg(analysis)}<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n"
        f"</table>\n<ul>{totals}</ul>\n" + (f"<ul>{findings}</ul>\n" if findings else "")
    )


def _finding(finding: Diagnostic) -> str:
    where = ", ".join(finding.whereabouts())
    about = f"{where}: {finding.severity.value} {finding.rule}: "
    hints = "".join(f"<li>{escape(visible(hint))}</li>" for hint in finding.hints)
    return (
        f"<li>{escape(about)}{escape(visible(finding.message))}{more_like_it(finding)}"
        + (f"<ul>{hints}</ul>" if hints else "")
        + "</li>\n"
    )
