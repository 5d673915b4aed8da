"""The table as GitHub-flavoured markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Diagnostic
from archcalc.views import totals as summary
from archcalc.views.columns import DEFAULT, Column, column, written
from archcalc.views.findings import more_like_it
from archcalc.views.view import rows
from archcalc.wording import UNITS, visible

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&$])")
_LEADING = re.compile(r"^(\d{0,9})([-+=.)])")


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
    chosen = [column(name) for name in columns or DEFAULT]
    title, *about = summary.heading(analysis)
    shown = rows(analysis, fold, sort, top)
    lines = [f"## {escaped(title)}", ""]
    lines += [f"{escaped(line)}  " for line in about] + [""]
    lines.append(_row(c.heading or "flags" for c in chosen))
    lines.append(_row("---:" if c.numeric else "---" for c in chosen))
    for row in shown:
        lines.append(_row(_cell(c, written(c.value(row), UNITS[units])) for c in chosen))
    lines.append("")
    for label, value in summary.totals(analysis, UNITS[units]):
        lines.append(f"- **{label}**: {escaped(value)}")
    if analysis.diagnostics:
        lines += ["", "### Findings", ""]
        lines += [line for finding in analysis.diagnostics for line in _finding(finding)]
    return "\n".join(lines) + "\n"


def _cell(c: Column, value: str) -> str:
    if c.name == "name":
        return f"`{value}`"
    return escaped(value) if not c.numeric else value


def _row(cells: object) -> str:
    return f"| {' | '.join(cells)} |"  # type: ignore[arg-type]


def _finding(finding: Diagnostic) -> list[str]:
    where = ", ".join(finding.whereabouts("`"))
    line = (
        f"- {where}: **{finding.severity.value}** {finding.rule}: "
        f"{prose(finding.message)}{more_like_it(finding)}"
    )
    return [line, *(f"  - {prose(hint)}" for hint in finding.hints)]


def prose(text: str) -> str:
    """Text of ours, with backticks around code, and whatever it quotes shown as it is."""
    parts = text.split("`")
    if len(parts) % 2 == 0 or "" in parts[1::2]:
        return escaped(text)
    return "".join(
        f"`{visible(part)}`" if index % 2 else _spaced(part) for index, part in enumerate(parts)
    )


def _spaced(part: str) -> str:
    """A piece between two codes keeps the spaces at its ends."""
    before, after = " " * part.startswith(" "), " " * part.endswith(" ")
    return f"{before}{escaped(part)}{after}" if part.strip() else part[:1]


def escaped(text: str) -> str:
    """Text that markdown shows as it is, on one line, also where it begins the line."""
    return _LEADING.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", visible(" ".join(text.split()))))
