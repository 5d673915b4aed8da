"""Findings in words, and what a check of files found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from archcalc.diagnostics import Diagnostic, Severity, Source
from archcalc.record import Record
from archcalc.rules.figures import Held
from archcalc.views.against import Agreement
from archcalc.wording import counted, visible


def more_like_it(finding: Diagnostic) -> str:
    """`` (and 3 more like it)``, to follow the message; empty for a single finding."""
    return f" (and {finding.copies - 1:,} more like it)" if finding.copies > 1 else ""


def statement(finding: Diagnostic) -> str:
    """The layer, the message, how many more there are and in which variants, on one line."""
    layer = f"{finding.layer}: " if finding.layer else ""
    within = f" ({finding.only_with})" if finding.only_with else ""
    return f"{layer}{visible(finding.message)}{more_like_it(finding)}{within}"


def by_rule(findings: Iterable[Diagnostic]) -> Iterator[tuple[str, Iterator[Diagnostic]]]:
    """The findings of each rule, errors first; the ones that the file accepts come last."""
    severities = list(Severity)
    known = list(findings)
    worst: dict[str, int] = {}
    for finding in known:
        grade = severities.index(finding.severity)
        worst[finding.rule] = min(grade, worst.get(finding.rule, grade))
    ordered = sorted(
        known,
        key=lambda finding: (
            worst[finding.rule],
            finding.rule,
            severities.index(finding.severity),
            finding.allowed is not None,
        ),
    )
    return groupby(ordered, key=lambda finding: finding.rule)


class Checked(Record):
    """One file: the findings that it does not allow, and its expectations and budgets as judged.

    ``allowed`` is the number of findings that it allows. ``against`` is how it compares with the
    code that it describes, where that was asked for.
    """

    source: Source
    diagnostics: Sequence[Diagnostic]
    figures: Sequence[Held]
    allowed: int
    against: Agreement | None = None

    def count(self, severity: Severity) -> int:
        return sum(finding.severity is severity for finding in self.diagnostics)


def failing(checked: Checked, strict: bool) -> list[Diagnostic]:
    """The findings that make a check fail: errors, and in a strict check warnings too."""
    fatal = _fatal(strict)
    return [finding for finding in checked.diagnostics if finding.severity in fatal]


def others(checked: Checked, strict: bool) -> list[Diagnostic]:
    """The findings that make no check fail."""
    fatal = _fatal(strict)
    return [finding for finding in checked.diagnostics if finding.severity not in fatal]


def _fatal(strict: bool) -> set[Severity]:
    return {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}


def tally(files: Sequence[Checked]) -> Counter[Severity]:
    return Counter(finding.severity for checked in files for finding in checked.diagnostics)


def agreements(files: Sequence[Checked]) -> list[str]:
    """A line for every file that agrees with its code."""
    return [
        f"{visible(checked.source.filename)}: agrees with {visible(checked.against.source)} in "
        f"{counted(checked.against.rows, 'row')}"
        for checked in files
        if checked.against and not checked.against.differing
    ]


def summary(files: Sequence[Checked]) -> str:
    """One line: how many files were checked, and what was found."""
    counts = tally(files)
    parts = [counted(counts[severity], severity.value) for severity in Severity if counts[severity]]
    allowed = sum(checked.allowed for checked in files)
    accepted = [f"{allowed:,} allowed"] if allowed else []
    facts = ", ".join([*(parts or ["nothing found"]), *accepted])
    return f"{counted(len(files), 'file')} checked: {facts}"
