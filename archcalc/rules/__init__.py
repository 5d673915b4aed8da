"""Holds an analysis against rules: `IN_TABLE` those of a table, the catalogue has all.

What they find is put into words apart from it, since most tables show nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator

from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Severity
from archcalc.record import Record
from archcalc.rules import illegal_stride, misaligned, unused_layer
from archcalc.rules.base import Allowances, Finding, Rule

IN_TABLE = (illegal_stride.RULE, unused_layer.RULE, misaligned.RULE)


class Alike(Record):
    """Findings of a rule at one place that are as severe: the first, the layers of all.

    ``allowed`` is the reason for which the file accepts them.
    """

    rule: Rule
    first: Finding
    layers: list[str | None]
    allowed: str | None

    @property
    def fails(self) -> bool:
        return self.allowed is None and self.first.grade(self.rule) is not Severity.NOTE


def grouped(analysis: Analysis, rules: Collection[Rule]) -> list[Alike]:
    """What rules find, in the order of lines; the findings of one rule at one place are one.

    Notes are apart from what is worse there. Those that ``allow`` accepts are apart from those that
    it does not, and carry its reason.
    """
    groups: dict[tuple[Hashable, str, Severity, str], Alike] = {}
    allowances = Allowances(analysis.network.allow)
    for rule, finding in findings(analysis, rules):
        accepted = allowances.of(rule.id, finding.layer)
        allowed = accepted.because if accepted else None
        at = (finding.place, rule.id, finding.grade(rule), allowed or "")
        group = groups.get(at)
        if group:
            group.layers.append(finding.layer)
        else:
            groups[at] = Alike(rule, finding, [finding.layer], allowed)
    return sorted(groups.values(), key=_order)


def _order(group: Alike) -> tuple[tuple[int, int], str, str]:
    """By line and column; what is written nowhere stays in the order in which it was found."""
    span = group.first.span
    return (span.start, group.rule.id, group.allowed or "") if span else ((0, 0), "", "")


def findings(analysis: Analysis, rules: Collection[Rule]) -> Iterator[tuple[Rule, Finding]]:
    """Every finding of the rules, layer by layer."""
    for rule in rules:
        for finding in rule.check(analysis) if rule.check else ():
            yield rule, finding


__all__ = ["IN_TABLE", "Alike", "Rule", "findings", "grouped"]
