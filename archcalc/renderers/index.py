"""The index of a folder of reports."""

from __future__ import annotations

from collections.abc import Sequence

from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Severity
from archcalc.renderers.markup import MARKER, escaped, link, table
from archcalc.views.inputs import volumes
from archcalc.wording import exact

NAME = "README.md"


def render(named: Sequence[tuple[str, Analysis]], command: str) -> str:
    """A line for each report, given with the stem of its file, and the command that writes them.

    Findings are counted unless they are notes or the file accepts them.
    """
    headings = [("network", False), ("input", False), ("year", True), ("depth", True),
                ("params", True), ("MACs", True), ("activation bytes", True),
                ("findings", True)]  # fmt: skip
    rows = [_row(stem, analysis) for stem, analysis in named]
    lines = ["# Networks", "", *table(headings, rows)]
    return "\n".join([*lines, "", "Written by", "", "```sh", command, "```", "", MARKER]) + "\n"


def _row(stem: str, analysis: Analysis) -> list[str]:
    net, totals = analysis.network, analysis.totals
    refused = [finding for finding in analysis.diagnostics if not finding.allowed]
    counted = sum(finding.severity is not Severity.NOTE for finding in refused)
    return [
        link(escaped(net.name), f"{stem}.md"),
        volumes(analysis),
        str(net.year or ""),
        exact(totals.depth),
        exact(totals.params),
        exact(totals.macs),
        exact(totals.activation_bytes),
        exact(counted),
    ]
