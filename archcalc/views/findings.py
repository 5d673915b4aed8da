"""What a check of files found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from archcalc.diagnostics import Diagnostic, Severity, Source
from archcalc.record import Record
from archcalc.rules.figures import Held


class Checked(Record):
    """One file: what was found and not allowed, and its expectations and budgets with verdicts."""

    source: Source
    diagnostics: Sequence[Diagnostic]
    figures: Sequence[Held]
    allowed: int

    def count(self, severity: Severity) -> int:
        return sum(each.severity is severity for each in self.diagnostics)


def failing(checked: Checked, strict: bool) -> list[Diagnostic]:
    """The findings that make a check fail: errors, and warnings where it is strict."""
    fatal = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return [each for each in checked.diagnostics if each.severity in fatal]


def tally(files: Sequence[Checked]) -> Counter[Severity]:
    return Counter(each.severity for checked in files for each in checked.diagnostics)


def summary(files: Sequence[Checked]) -> str:
    """One line: how many files were checked, and what was found."""
    found = tally(files)
    parts = [
        f"{found[severity]:,} {severity.value}{'' if found[severity] == 1 else 's'}"
        for severity in Severity
        if found[severity]
    ]
    allowed = sum(checked.allowed for checked in files)
    line = f"{len(files):,} {'file' if len(files) == 1 else 'files'} checked: "
    return (
        f"{line}{', '.join(parts) or 'nothing found'}{f', {allowed:,} allowed' if allowed else ''}"
    )
