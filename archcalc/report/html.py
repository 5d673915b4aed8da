"""The table as HTML, for notebooks."""

from __future__ import annotations

from html import escape

from archcalc.analysis import Analysis
from archcalc.diagnostics import visible
from archcalc.report import summary
from archcalc.report.columns import DEFAULT, column, written
from archcalc.report.numbers import exact
from archcalc.report.rows import rows


def render(analysis: Analysis) -> str:
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
    return (
        f"<p>{title}</p>\n<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n"
        f"</table>\n<ul>{totals}</ul>\n"
    )
