"""Findings as workflow commands, which GitHub shows as annotations of the lines."""

from __future__ import annotations

from collections.abc import Sequence

from archcalc.diagnostics import Diagnostic, Severity
from archcalc.views.findings import Checked, agreements, statement, summary
from archcalc.wording import visible

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(files: Sequence[Checked], strict: bool, *, show_allow: bool = False) -> str:
    lines = [
        annotation(finding, checked.source.filename, show_allow)
        for checked in files
        for finding in checked.diagnostics
    ]
    return "".join(f"{line}\n" for line in (*lines, *agreements(files), summary(files)))


def annotation(finding: Diagnostic, filename: str, show_allow: bool = False) -> str:
    """One workflow command; it is a single line whatever the file holds."""
    text = "\n".join((statement(finding), *map(visible, finding.suggestions)))
    text += f"\nallow:\n{finding.allow}" if show_allow and finding.allow else ""
    line, column = finding.span.start if finding.span else (1, 1)
    file = _property(visible(filename))
    where = f"file={file},line={line},col={column},title={_property(finding.rule)}"
    return f"::{LEVELS[finding.severity]} {where}::{_data(text)}"


def _data(text: str) -> str:
    """The message of a command: percent signs and line ends as escapes."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A property of a command: also colons and commas."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
