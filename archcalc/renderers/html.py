"""The table as HTML, for notebooks."""

from __future__ import annotations

from html import escape

from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Diagnostic
from archcalc.views import totals as summary
from archcalc.views.columns import DEFAULT, column, written
from archcalc.views.view import rows
from archcalc.wording import exact, visible


def render(analysis: Analysis) -> str:
    """Heading, table, totals and findings, with nothing of the file left to be obeyed."""
    chosen = [column(name) for name in DEFAULT]
    head = "".join(f"<th>{escape(c.heading)}</th>" for c in chosen)
    body = "".join(
        "<tr>"
        + "".join(f"<td>{escape(written(c.value(row), exact))}</td>" for c in chosen)
        + "</tr>\n"
        for row in rows(analysis)
    )
    title = "<br>".join(escape(visible(line)) for line in summary.heading(analysis))
    totals = "".join(
        f"<li>{escape(label)}: {escape(visible(value))}</li>"
        for label, value in summary.totals(analysis, exact)
    )
    findings = "".join(_finding(each) for each in analysis.diagnostics)
    return (
        f"<p>{title}</p>\n<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n"
        f"</table>\n<ul>{totals}</ul>\n" + (f"<ul>{findings}</ul>\n" if findings else "")
    )


def _finding(each: Diagnostic) -> str:
    copies = f" (and {each.copies - 1:,} more like it)" if each.copies > 1 else ""
    about = f"line {each.span.line}, {each.layer}: {each.severity.value} {each.rule}: "
    hints = "".join(f"<li>{escape(visible(hint))}</li>" for hint in each.hints)
    return (
        f"<li>{escape(about)}{escape(visible(each.message))}{copies}"
        + (f"<ul>{hints}</ul>" if hints else "")
        + "</li>\n"
    )
